"""Where joints have to be: a hand is here at frame 40, the root goes along that path.

As with re-projection, every step is the smallest turn of the joints that explains the target (damped least
squares; Levenberg 1944). Turns are eased away over the neighbouring frames, and known parts never move.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ...motion.features import unpack_features
from ...motion.kinematics import joint_transforms
from ...motion.mask import Frames, Mask, frame_numbers
from ...motion.rotations import axis_angle_to_matrix
from ...motion.skeleton import JOINT_NAMES, NUM_JOINTS, PARENTS, joint_index
from .keeping import Known, spread

REACH = 20.0  # frames over which a joint comes and goes
ROUNDS = 6  # of least squares: within a few millimetres where a limb is long enough
_DAMPING = 0.003  # square metres
# How freely joints turn, and how freely the body is moved where no limb is long enough.
_FREEDOM = {
    "pelvis": 0.0,
    "spine1": 0.3,
    "spine2": 0.3,
    "spine3": 0.3,
    "left_collar": 0.5,
    "right_collar": 0.5,
}
_ROOT_FREEDOM = 0.15
_ABOVE = [max(parent, 0) for parent in PARENTS]


@dataclass(frozen=True)
class Reach:
    """A joint has to be at places in the world in some frames; a coordinate that is NaN is left open.

    The pelvis is the root, so its path is a `Reach` as well:

        Reach("left_hand", frames=40, places=[0.3, 1.6, 0.5])
        Reach("pelvis", frames=[0, 60, 120], places=[[0, nan, 0], [1, nan, 1], [2, nan, 0]])
    """

    joint: str
    frames: Frames
    places: Tensor | Sequence  # [F, 3] or [3] metres


def check_reaches(constraints: Sequence[Reach], frames: int) -> None:
    """Refuse joints, frames and places that are not there."""
    for each in constraints:
        joint_index(each.joint)
        _places(each, frames)


def root_known(known: Known, constraints: Sequence[Reach]) -> Known:
    """The same with the pelvis known where a `Reach` puts it: the body then walks there."""
    root, kept = known.motion.root.clone(), known.mask.kept.clone()
    frames = len(root)
    for each in constraints:
        if each.joint != "pelvis":
            continue
        numbers, places = _places(each, frames)
        asked = ~places.isnan()
        root[numbers] = torch.where(asked, places, known.motion.root[numbers].cpu()).to(root)
        for channel, there in {"path": asked[:, 0] & asked[:, 2], "height": asked[:, 1]}.items():
            put = Mask.nothing(frames).keep(channel, frames=torch.tensor(numbers)[there].tolist())
            kept |= put.kept.to(kept.device)
    return replace(known, motion=known.motion._replace(root=root), mask=Mask(kept))


def reach(features: Tensor, constraints: Sequence[Reach], known: Known, *, rounds: int = ROUNDS) -> Tensor:
    """Motions whose joints are where they have to be, as near as limbs allow. [N, T, 151], not normalised."""
    constraints = [each for each in constraints if each.joint != "pelvis"]
    if not constraints:
        return features
    target, asked = _targets(constraints, features)
    for _ in range(rounds):
        features = _nearer(features, target, asked, known)
    return features


def _nearer(features: Tensor, target: Tensor, asked: Tensor, known: Known) -> Tensor:
    """One round. target: [T, 24, 3], asked: [T, 24, 3] bool."""
    motion = unpack_features(features)
    frames = asked.flatten(1).any(1)
    orientations, positions = joint_transforms(motion.rotations, motion.root)
    error = torch.where(asked, target - positions, 0.0)[:, frames]
    slopes = _slopes(positions[:, frames]) * asked[frames].flatten(1)[None, :, :, None]
    freedom = _freedom(known.mask, frames).to(features)
    step = _smallest(error.flatten(2), slopes, freedom)  # [N, F, 75]
    turns, shift = step[..., :-3].unflatten(-1, (NUM_JOINTS, 3)), step[..., -3:]
    turns = _eased(turns, frames, known.mask.joints)
    above = orientations[..., _ABOVE, :, :].clone()
    above[..., 0, :, :] = torch.eye(3).to(above)
    rotations = above.mT @ axis_angle_to_matrix(turns) @ above @ motion.rotations
    held = torch.stack([known.mask.channel(name) for name in ("path", "height", "path")], 1)
    root = motion.root + _eased(shift[..., None], frames, held)[..., 0]
    return motion._replace(rotations=rotations, root=root).pack()


def _eased(step: Tensor, frames: Tensor, held: Tensor) -> Tensor:
    """A step in some frames, for all of them; 0 where held. [N, F, C, D], [T], [T, C] -> [N, T, C, D]."""
    whole = step.new_zeros(len(step), len(frames), *step.shape[2:])
    whole[:, frames] = step
    return spread(whole, held | frames[:, None], reach=REACH, with_speed=False)


def _slopes(positions: Tensor) -> Tensor:
    """Metres that each joint moves per radian of all joints and per metre of the root, [N, F, 72, 75]."""
    arms = positions[..., :, None, :] - positions[..., None, :, :]  # [N, F, 24, 24, 3]
    axes = torch.eye(3).to(arms)[:, None, None]
    # Coordinate i of w x arm is w . (arm x e_i).
    turned = torch.linalg.cross(
        *torch.broadcast_tensors(arms[..., None, :, :, :], axes)
    )  # [N, F, 3, 24, 24, 3]
    turned = turned.movedim(-4, -3) * _carried().to(arms)[:, None, :, None]
    moved = torch.eye(3).to(arms).expand(*arms.shape[:3], 3, 3).flatten(2, 3)
    return torch.cat([turned.flatten(-2).flatten(-3, -2), moved], -1)


def _smallest(error: Tensor, slopes: Tensor, freedom: Tensor) -> Tensor:
    """Damped least squares in its dual form. [N, F, 72], [N, F, 72, 75], [F, 75] -> [N, F, 75]."""
    matrix = slopes * freedom[:, None]
    damped = matrix @ matrix.mT + _DAMPING * torch.eye(matrix.shape[-2]).to(matrix)
    return freedom * (matrix.mT @ torch.linalg.solve(damped, error[..., None]))[..., 0]


def _freedom(mask: Mask, frames: Tensor) -> Tensor:
    """How freely the joints turn and the root moves, [F, 75]; known ones do not."""
    turning = torch.tensor([_FREEDOM.get(name, 1.0) for name in JOINT_NAMES]).to(mask.kept.device)
    turning = (turning * ~mask.joints[frames]).repeat_interleave(3, -1)
    held = torch.stack([mask.channel(name) for name in ("path", "height", "path")], 1)[frames]
    return torch.cat([turning, _ROOT_FREEDOM * ~held], -1)


def _carried() -> Tensor:
    """1 where a joint is carried along by the turn of another, [24, 24]."""
    carried = torch.zeros(NUM_JOINTS, NUM_JOINTS)
    for joint in range(NUM_JOINTS):
        above = PARENTS[joint]
        while above >= 0:
            carried[joint, above] = 1
            above = PARENTS[above]
    return carried


def _targets(constraints: Sequence[Reach], features: Tensor) -> tuple[Tensor, Tensor]:
    """Places and where there are any, [T, 24, 3] each."""
    target = torch.full((features.shape[1], NUM_JOINTS, 3), torch.nan)
    for each in constraints:
        numbers, places = _places(each, len(target))
        target[numbers, joint_index(each.joint)] = places
    return target.nan_to_num().to(features), ~target.isnan().to(features.device)


def _places(each: Reach, frames: int) -> tuple[list[int], Tensor]:
    """Frames and their places, [F, 3]."""
    numbers = frame_numbers(each.frames, frames)
    places = torch.as_tensor(each.places, dtype=torch.float32)
    if places.shape not in ((3,), (len(numbers), 3)) or places.isinf().any():
        raise ValueError(
            f"places of {each.joint} must be [3] or [{len(numbers)}, 3] metres, one a frame, "
            f"got {list(places.shape)}"
        )
    return numbers, places.expand(len(numbers), 3)

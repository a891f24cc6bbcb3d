"""The dance of the example video, written by hand: steps, a turn, a squat, a reach and two high knees.

The upper body follows key poses in degrees. The legs follow the feet: pelvis and feet are given, hips and
knees are solved, so a foot that stands stays where it is. Curves ease in and out of every key, and hands come
after elbows after shoulders, as they do in people.
"""

from typing import NamedTuple

import numpy as np
import torch
from numpy import ndarray
from scipy.interpolate import PchipInterpolator
from scipy.spatial.transform import Rotation
from torch import Tensor

from vimo_pipeline.motion import Motion
from vimo_pipeline.motion.skeleton import JOINT_NAMES, joint_index, rest_offsets

FPS = 30.0
FRAMES_A_BEAT = 16  # 112.5 beats a minute
BEATS = 14
SOLE = 0.0175  # height of SMPL's foot joint over the floor when the sole is flat, metres
LAGS = {"shoulder": 0.06, "elbow": 0.14, "wrist": 0.26}  # beats by which a joint comes after the pelvis
SIDES = ("left", "right")

# beat: pelvis to the left, up, forward, metres; turned left, bent forward, sunk to the right, degrees
PELVIS = {
    0.0: (0.00, 0.945, 0.00, 0, 2, 0), 0.5: (-0.03, 0.930, 0.00, -2, 3, 2),
    1.0: (-0.045, 0.940, 0.00, -5, 2, 3), 1.5: (0.08, 0.915, 0.00, 3, 4, 1),
    2.0: (0.245, 0.938, 0.00, 10, 2, -4), 2.5: (0.30, 0.925, 0.00, 6, 4, -3),
    3.0: (0.285, 0.938, 0.00, 0, 2, -2), 3.5: (0.16, 0.912, 0.01, -4, 4, -1),
    4.0: (0.02, 0.928, 0.01, -12, 2, 4), 4.5: (-0.06, 0.925, 0.01, -8, 4, 3),
    5.0: (-0.05, 0.935, 0.01, 0, 3, 2), 5.5: (0.00, 0.910, 0.03, 34, 4, 0),
    6.0: (0.085, 0.935, 0.04, 68, 2, -3), 6.5: (0.10, 0.925, 0.03, 76, 3, -3),
    7.0: (0.065, 0.930, 0.03, 64, 4, -1), 7.5: (0.01, 0.915, 0.01, 24, 5, 1),
    8.0: (-0.01, 0.920, 0.00, 2, 4, 0), 8.5: (0.00, 0.760, -0.09, 0, 20, 0),
    9.0: (0.00, 0.645, -0.15, 0, 28, 0), 9.4: (0.00, 0.665, -0.14, 0, 27, 0),
    10.0: (0.02, 0.905, -0.01, -6, 4, -1), 10.5: (0.06, 0.962, 0.01, -14, -3, -3),
    11.0: (0.085, 0.940, 0.01, -6, 2, -3), 11.5: (0.105, 0.938, 0.00, 4, 3, -4),
    12.0: (0.060, 0.915, 0.00, 2, 4, -1), 12.5: (-0.085, 0.932, 0.00, -6, 3, 4),
    13.0: (-0.02, 0.918, 0.00, -2, 4, 1), 13.5: (0.03, 0.938, 0.00, 3, 2, -2),
    14.0: (0.035, 0.943, 0.00, 4, 2, -3),
}  # fmt: skip

# beat: trunk bent forward, leaning left, twisted left; head turned left, nodding
TRUNK = {
    0.0: (2, 0, 0, 0, 0), 1.0: (4, -4, 5, 4, 4), 2.0: (2, 7, -8, -4, -2), 3.0: (4, -2, 0, 0, 4),
    4.0: (2, -8, 10, 4, -3), 5.0: (4, 4, -4, 18, 3), 6.0: (-4, -5, -4, -30, -4), 7.0: (3, 2, -8, -32, 4),
    8.0: (4, 0, 0, 0, 3), 9.0: (16, 0, 0, 0, -20), 9.5: (15, 0, 2, 0, -18), 10.5: (-9, 9, 12, 4, -20),
    11.0: (2, 2, 4, 2, 2), 11.5: (6, -2, -14, -3, 5), 12.0: (3, 0, 0, 0, 0), 12.5: (6, 2, 14, 3, 5),
    13.0: (3, -1, 2, 0, 3), 14.0: (1, 3, -2, -2, 0),
}  # fmt: skip

# beat: left arm raised from hanging (90 level, 180 up), swung forward from the side, turned about itself;
# elbow and wrist bent; and the same five for the right arm
ARMS = {
    0.0: (12, 40, 0, 18, 4, 12, 40, 0, 18, 4), 1.0: (26, 30, 0, 45, 10, 22, 60, 0, 50, 10),
    1.5: (62, 15, 0, 60, 25, 30, 70, 0, 70, 10), 2.0: (98, 8, 0, 22, -20, 32, 62, 0, 85, 15),
    2.5: (86, 12, 0, 40, 20, 26, 55, 0, 70, 10), 3.0: (36, 30, 0, 60, 10, 32, 40, 0, 55, 10),
    3.5: (28, 60, 0, 70, 10, 64, 15, 0, 62, 25), 4.0: (34, 64, 0, 88, 15, 100, 8, 0, 20, -22),
    4.5: (28, 55, 0, 72, 10, 88, 12, 0, 42, 20), 5.0: (34, 50, 0, 62, 10, 44, 40, 0, 60, 5),
    5.5: (62, 55, 0, 60, 5, 62, 40, 0, 55, 5), 6.0: (112, 28, 0, 20, -18, 84, -8, 0, 18, -16),
    6.5: (104, 30, 0, 28, 14, 76, -4, 0, 24, 12), 7.0: (70, 45, 0, 48, 8, 52, 25, 0, 45, 8),
    7.5: (32, 55, 0, 45, 5, 28, 50, 0, 42, 5), 8.0: (26, 60, 0, 40, 4, 26, 60, 0, 40, 4),
    8.5: (88, 78, 0, 30, 6, 86, 78, 0, 30, 6), 9.0: (128, 84, 0, 14, -6, 126, 84, 0, 16, -6),
    9.4: (122, 82, 0, 22, 6, 126, 82, 0, 18, 2), 10.0: (60, 60, 0, 55, 8, 118, 70, 0, 50, 8),
    10.5: (34, 20, 0, 40, 0, 166, 40, 0, 12, -10), 11.0: (36, 40, 0, 62, 6, 104, 55, 0, 62, 15),
    11.5: (32, -35, 0, 82, 4, 48, 80, 0, 96, 4), 12.0: (30, 40, 0, 78, 4, 30, 40, 0, 78, 4),
    12.5: (48, 80, 0, 96, 4, 32, -35, 0, 82, 4), 13.0: (32, 45, 0, 70, 4, 28, 20, 0, 55, 4),
    13.5: (22, 40, 0, 35, 4, 22, 40, 0, 35, 4), 14.0: (14, 42, 0, 22, 4, 15, 44, 0, 26, 4),
}  # fmt: skip


class Step(NamedTuple):
    """A foot leaves the floor at one beat and stands elsewhere at another."""

    start: float
    stop: float
    x: float  # where the ball of the foot lands, metres
    z: float
    turn: float  # degrees to the left
    lift: float  # metres at the highest point
    tuck: float = 25.0  # degrees by which the toes hang on the way


STANCE = {"left": (0.125, 0.10), "right": (-0.125, 0.10)}
STEPS = {
    "left": [
        Step(1.05, 1.80, 0.42, 0.10, 8, 0.09), Step(4.05, 4.80, 0.08, 0.11, 4, 0.07, 15),
        Step(7.42, 8.02, 0.20, 0.08, 14, 0.06), Step(11.95, 12.9, 0.14, 0.10, 6, 0.44, 40),
    ],
    "right": [
        Step(2.05, 2.80, 0.16, 0.10, -6, 0.07, 15), Step(3.05, 3.80, -0.19, 0.11, -10, 0.09),
        Step(5.15, 5.90, -0.04, 0.26, 62, 0.08), Step(6.78, 7.40, -0.20, 0.08, -14, 0.07),
        Step(10.95, 11.9, -0.14, 0.09, -6, 0.44, 40),
    ],
}  # fmt: skip
# Degrees by which a heel rises while the ball of the foot stays: pushing off, touching, reaching.
HEELS = {
    "left": {
        0: 0,
        3.6: 0,
        4.05: 16,
        4.5: 0,
        4.7: 0,
        4.9: 22,
        5.1: 6,
        5.3: 6,
        5.8: 0,
        10.0: 0,
        10.5: 14,
        10.95: 0,
        14: 0,
    },
    "right": {
        0: 0,
        1.6: 0,
        2.05: 16,
        2.5: 0,
        2.7: 0,
        2.9: 22,
        3.05: 12,
        3.2: 0,
        9.9: 0,
        10.5: 30,
        10.95: 20,
        11.1: 0,
        14: 0,
    },
}


def example_motion() -> Motion:
    """224 frames at 30 frames a second."""
    beats = np.arange(BEATS * FRAMES_A_BEAT) / FRAMES_A_BEAT
    pelvis = _curve(PELVIS, beats)
    x, height, z, turn, bend, sink = pelvis.T
    root = np.stack([x, height, z], -1)
    local = {name: Rotation.identity(len(beats)) for name in JOINT_NAMES}
    local["pelvis"] = _euler("YXZ", turn, bend, -sink)
    local |= _trunk(beats) | _arms(beats)
    for side in SIDES:
        local |= _leg(side, root, local["pelvis"], *_foot_path(side, beats))
    rotations = np.stack([local[name].as_quat() for name in JOINT_NAMES], 1)
    return Motion.from_rotations(_float(rotations), _float(root), fps=FPS)


def _curve(keys: dict[float, tuple[float, ...] | float], beats: ndarray) -> ndarray:
    """Values [T, N] through the keys: flat at every peak, without overshoot."""
    times = np.array(list(keys), float)
    return PchipInterpolator(times, np.array(list(keys.values()), float))(beats.clip(times[0], times[-1]))


def _trunk(beats: ndarray) -> dict[str, Rotation]:
    """A third of the bend in each of three spine joints, and a head that looks where it is told."""
    bend, lean, twist, look, nod = _curve(TRUNK, beats).T
    breath = 0.7 * np.sin(2 * np.pi * beats / 5.5)
    vertebra = _euler("YXZ", twist / 3, (bend + breath) / 3, -lean / 3)
    neck = _euler("YX", look / 2, (nod - breath) / 2)
    return {"spine1": vertebra, "spine2": vertebra, "spine3": vertebra, "neck": neck, "head": neck}


def _arms(beats: ndarray) -> dict[str, Rotation]:
    rotations = {}
    for side, first in zip(SIDES, (0, 5), strict=True):
        raised, swung, turned = _curve(ARMS, beats - LAGS["shoulder"])[:, first : first + 3].T
        elbow = _curve(ARMS, beats - LAGS["elbow"])[:, first + 3]
        wrist = _curve(ARMS, beats - LAGS["wrist"])[:, first + 4]
        shrug = 0.3 * (raised - 45).clip(0)  # beyond 45 degrees the shoulder blade does a third of the work
        left = {
            "collar": _euler("Z", shrug),
            "shoulder": _euler("YZX", -swung, raised - shrug - 90, turned),
            "elbow": _euler("Y", -elbow),
            "wrist": _euler("Z", -wrist),
        }
        rotations |= {f"{side}_{name}": _mirrored(rotation, side) for name, rotation in left.items()}
    return rotations


def _mirrored(rotation: Rotation, side: str) -> Rotation:
    return rotation if side == "left" else Rotation.from_quat(rotation.as_quat() * [1, -1, -1, 1])


def _foot_path(side: str, beats: ndarray) -> tuple[ndarray, ndarray, ndarray]:
    """Where the ball of a foot is [T, 3], its turn and the pitch of its heel [T], degrees."""
    (x, z), turn = STANCE[side], 0.0
    ball = np.tile([x, SOLE, z], (len(beats), 1))
    turns, pitch = np.full(len(beats), turn), _curve(HEELS[side], beats)
    for step in STEPS[side]:
        phase = ((beats - step.start) / (step.stop - step.start)).clip(0, 1)
        eased = phase**3 * (phase * (6 * phase - 15) + 10)
        ball[:, 0] += eased * (step.x - x)
        ball[:, 2] += eased * (step.z - z)
        ball[:, 1] += step.lift * np.sin(np.pi * phase) ** 2
        turns += eased * (step.turn - turn)
        pitch += step.tuck * np.sin(np.pi * phase) ** 2 * (step.lift > 0)
        x, z, turn = step.x, step.z, step.turn
    return ball, turns, pitch


def _leg(
    side: str, root: ndarray, pelvis: Rotation, ball: ndarray, turn: ndarray, pitch: ndarray
) -> dict[str, Rotation]:
    """Hip and knee that bring the foot to its place; the knee bends towards the toes."""
    foot = _euler("YX", turn, pitch)
    ankle = ball - foot.apply(_offset(f"{side}_foot"))
    hip = root + pelvis.apply(_offset(f"{side}_hip"))
    ahead = _unit(pelvis.apply([0, 0, 1]) + _euler("Y", turn).apply([0, 0, 1]))
    thigh, shin = _offset(f"{side}_knee"), _offset(f"{side}_ankle")
    knee = _knee(hip, ankle, ahead, np.linalg.norm(thigh), np.linalg.norm(shin))
    thigh_turn = _pointing(thigh, knee - hip, ahead)
    shin_turn = _pointing(shin, ankle - knee, ahead)
    return {
        f"{side}_hip": pelvis.inv() * thigh_turn,
        f"{side}_knee": thigh_turn.inv() * shin_turn,
        f"{side}_ankle": shin_turn.inv() * foot,
        f"{side}_foot": _euler("X", -pitch * (ball[:, 1] < SOLE + 0.01)),
    }


def _knee(hip: ndarray, ankle: ndarray, ahead: ndarray, thigh: float, shin: float) -> ndarray:
    """The knee of a leg that ends at the ankle, by the law of cosines. [T, 3]."""
    reach = np.linalg.norm(ankle - hip, axis=-1, keepdims=True)
    if reach.max() > thigh + shin:
        frame = int(reach.argmax())
        raise ValueError(f"frame {frame}: the foot is {reach.max() - thigh - shin:.3f} m out of reach")
    along = (ankle - hip) / reach
    sideways = _unit(ahead - (ahead * along).sum(-1, keepdims=True) * along)
    share = (reach**2 + thigh**2 - shin**2) / (2 * reach)
    return hip + share * along + np.sqrt(thigh**2 - share**2) * sideways


def _pointing(bone: ndarray, direction: ndarray, ahead: ndarray) -> Rotation:
    """The world rotation that carries a bone at rest onto a direction and keeps its front ahead. [T]."""
    return Rotation.from_matrix(_frame(direction, ahead) @ _frame(bone, np.array([0.0, 0, 1])).T)


def _frame(along: ndarray, ahead: ndarray) -> ndarray:
    """Columns across, along and front, [..., 3, 3]."""
    along = _unit(along)
    across = _unit(np.cross(along, ahead))
    return np.stack([across, along, np.cross(across, along)], -1)


def _euler(axes: str, *degrees: ndarray) -> Rotation:
    """Turns about moving axes, the first one first. [T] each."""
    return Rotation.from_euler(axes, np.stack(degrees, -1), degrees=True)


def _offset(joint: str) -> ndarray:
    return rest_offsets()[joint_index(joint)].double().numpy()


def _unit(vectors: ndarray) -> ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _float(values: ndarray) -> Tensor:
    return torch.from_numpy(values).float()

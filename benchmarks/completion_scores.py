"""How good a completed motion is: errors in the gap, seams, feet, and what was kept."""

from collections.abc import Iterable

import torch
from accuracy_scores import interval
from completion_baselines import gaps
from tables import Cell
from torch import Tensor

from vimo_pipeline import Motion
from vimo_pipeline.metrics import foot_skate, foot_skating_ratio
from vimo_pipeline.motion.kinematics import joint_transforms
from vimo_pipeline.motion.mask import Mask

FPS = 30.0
COLUMNS = {
    "position mm": 0,
    "rotation °": 1,
    "rotation in the world °": 1,
    "seam / own p95": 2,
    "foot skate m/s": 2,
    "sliding share": 2,
    "diversity mm": 0,
    "kept mm": 2,
    "kept °": 2,
    "CPU seconds": 2,
}
Scores = dict[str, float]


def scores(completed: Motion, truth: Motion, mask: Mask) -> Scores:
    """Of one clip. Joints and rotations count where their own are not known.

    Rotations are compared relative to their parents, and in the world, as the benchmark of LAFAN1 does
    (L2Q; Harvey et al. 2020): a body that faces the wrong way counts once in the first and with every joint
    in the second.
    """
    missing, there = ~mask.joints, mask.whole_frames
    start, stop = gaps(there)[0]
    turned, joints = joint_transforms(completed.matrices(), completed.root)
    truly, true = joint_transforms(truth.matrices(), truth.root)
    distance = 1000 * (joints - true).norm(dim=-1)
    angle = _angles(completed.matrices(), truth.matrices())
    return {
        "position mm": float(distance[missing].mean()),
        "rotation °": float(angle[missing].mean()),
        "rotation in the world °": float(_angles(turned, truly)[missing].mean()),
        "seam / own p95": float(seam(joints, true, missing, start, stop)),
        "foot skate m/s": float(foot_skate(joints[start:stop], truth.contacts[start:stop], fps=FPS)),
        "sliding share": float(foot_skating_ratio(joints[start:stop], fps=FPS)),
        "kept mm": float(distance[there].max()),
        "kept °": float(angle[there].max()),
    }


def seam(joints: Tensor, true: Tensor, missing: Tensor, start: int, stop: int) -> Tensor:
    """Largest acceleration at the seams over the 95th percentile of the clip's own.

    Accelerations of the joints that are missing somewhere, mean over them; a seam is every second difference
    that spans known and unknown frames.
    """
    ours, own = (_acceleration(each)[:, missing.any(0)].mean(-1) for each in (joints, true))
    return ours[[start - 2, start - 1, stop - 2, stop - 1]].max() / own.quantile(0.95)


def diversity(motions: list[Motion], mask: Mask) -> float:
    """Mean distance of joints between any two samples where they are not known, mm."""
    joints = torch.stack([motion.joints() for motion in motions])[:, ~mask.joints]  # [K, n, 3]
    pairs = torch.combinations(torch.arange(len(joints)))
    return float(1000 * (joints[pairs[:, 0]] - joints[pairs[:, 1]]).norm(dim=-1).mean())


def cells(clips: list[Scores], *, columns: Iterable[str] = COLUMNS) -> dict[str, Cell]:
    """Means with intervals over clips, of those columns that were measured."""
    names = [name for name in columns if name in clips[0]]
    return {name: interval(torch.tensor([clip[name] for clip in clips])) for name in names}


def _acceleration(joints: Tensor) -> Tensor:
    """m/s², [T - 2, 24]."""
    return (joints.diff(n=2, dim=0) * FPS**2).norm(dim=-1)


def _angles(ours: Tensor, theirs: Tensor) -> Tensor:
    """Between rotations, degrees. [T, 24, 3, 3] twice -> [T, 24]."""
    turn = ours.mT.double() @ theirs.double()
    sine = torch.stack([turn[..., 2, 1] - turn[..., 1, 2], turn[..., 0, 2] - turn[..., 2, 0],
                        turn[..., 1, 0] - turn[..., 0, 1]], -1).norm(dim=-1) / 2  # fmt: skip
    cosine = (turn.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2
    return torch.rad2deg(torch.atan2(sine, cosine))

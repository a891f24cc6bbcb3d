"""What following and holding planted feet brings and costs: `follow_feet` and `foot_lock` of the pipeline.

    python benchmarks/foot_locking.py --data ../shared/data/mocap --videos ../shared/data/videos --write

The clips of `benchmarks/accuracy.py` at its first two levels, and real videos, of which nobody knows the
truth. Foot skate is taken at the contacts of the
truth and, as one sees it, at those the motion itself claims; feet that are held back do not skate either, so
the steps are compared with the true ones too. Elsewhere is every joint but knees, ankles and feet: how far it
moves around the pelvis, and in the world, where the whole body goes another way.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import tyro
from accuracy_parts import as_cells
from accuracy_rows import imagine, run
from accuracy_scores import COLUMNS, FPS, Scores, scores
from accuracy_sets import PACKS, TestSet, filmed
from tables import Table, markdown, replace_section
from torch import Tensor
from tqdm import tqdm

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.data.casual import LEVELS
from vimo_pipeline.keypoints import keypoints_from_video
from vimo_pipeline.metrics import foot_skate, jitter
from vimo_pipeline.motion.features import unpack_features
from vimo_pipeline.motion.foot_locking import ANKLE_HEIGHT, BALL_HEIGHT, lock_features
from vimo_pipeline.motion.foot_path import led_by_feet
from vimo_pipeline.motion.kinematics import forward_kinematics
from vimo_pipeline.motion.skeleton import CONTACT_JOINTS, JOINT_NAMES, joint_indices

RESULTS = Path(__file__).parents[1] / "docs" / "RESULTS.md"
_LEVELS = ("static clean", "moving and noisy")
_FEET = joint_indices(CONTACT_JOINTS)
_ELSEWHERE = joint_indices(
    tuple(name for name in JOINT_NAMES if name.split("_")[-1] not in ("knee", "ankle", "foot"))
)
_OF_ACCURACY = (
    "foot skate m/s", "contact F1", "jitter m/s³", "acceleration m/s²", "PA-MPJPE mm", "MPJPE mm",
    "root path mm", "W-MPJPE mm",
)  # fmt: skip
_DIGITS = {
    "skate at its own contacts m/s": 3,
    "steps' correlation": 2,
    "below the floor mm": 1,
    "elsewhere mm": 2,
    "elsewhere in the world mm": 0,
}


@dataclass(frozen=True)
class FootLocking:
    """What to measure."""

    data: Path
    """Folder with motion packs."""
    videos: Path | None = None
    """Folder with MP4 files of people."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    clips: int = 48
    """Windows drawn from each test set."""
    write: bool = False
    """Put the tables into docs/RESULTS.md."""


def main(options: FootLocking) -> None:
    """Measure, print the tables and, if asked for, keep them."""
    pipe = ViMoPipeline.from_pretrained(options.model) if options.model else ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    texts = []
    for name, pack in PACKS.items():
        for level in _LEVELS:
            seen = filmed(name, level, options.data, pack, LEVELS[level], options.clips)
            texts.append(markdown(measured(pipe, seen)))
            print(texts[-1], flush=True)
    if options.videos is not None:
        texts.append(markdown(of_videos(pipe, sorted(options.videos.glob("*.mp4")))))
        print(texts[-1], flush=True)
    if options.write:
        replace_section(RESULTS, "foot locking", "\n".join(texts))


def measured(pipe: ViMoPipeline, seen: TestSet) -> Table:
    """The truth, what was imagined, the same on a path that follows its feet, and with its feet held."""
    free = imagine(pipe, seen, follow_feet=False)
    led, held = led_by_feet(free, fps=FPS), lock_features(free, fps=FPS)
    digits = {column.title: column.digits for column in COLUMNS if column.title in _OF_ACCURACY}
    rows = {
        "the truth": figures(seen.truth, seen.truth, seen.truth),
        "as imagined": figures(free, free, seen.truth),
        "path follows feet: the default": figures(led, free, seen.truth),
        "feet held": figures(held, free, seen.truth),
    }
    return Table(
        f"Feet: {seen.name}, {seen.level}",
        {title: digits[title] for title in _OF_ACCURACY} | _DIGITS,
        {name: as_cells(row) for name, row in rows.items()},
    )


def of_videos(pipe: ViMoPipeline, paths: list[Path]) -> Table:
    """The same rows for captures of real videos, in the columns that need no truth."""
    rows: dict[str, list[Scores]] = {"as imagined": [], "path follows feet: the default": [], "feet held": []}
    for path in tqdm(paths, desc="videos"):
        free = run(pipe, keypoints_from_video(path), follow_feet=False).motions
        motions = (free, led_by_feet(free, fps=FPS), lock_features(free, fps=FPS))
        for row, motion in zip(rows.values(), motions, strict=True):
            row.append(without_truth(motion, free))
    joined = {
        name: {title: torch.cat([one[title] for one in row]) for title in row[0]}
        for name, row in rows.items()
    }
    digits = {"skate of planted feet m/s": 2, "jitter m/s³": 0} | {
        title: _DIGITS[title] for title in ("below the floor mm", "elsewhere mm", "elsewhere in the world mm")
    }
    cells = {name: as_cells(row) for name, row in joined.items()}
    return Table(f"Feet: {len(paths)} real videos", digits, cells)


def without_truth(motions: Tensor, before: Tensor) -> Scores:
    """Figures of one motion, [1] each; its feet are planted when the motion before says so."""
    joints, contacts = positions(motions), unpack_features(before).contacts
    skate = [foot_skate(each, labels, fps=FPS) for each, labels in zip(joints, contacts, strict=True)]
    return {
        "skate of planted feet m/s": torch.stack(skate),
        "jitter m/s³": torch.stack([jitter(each, fps=FPS).mean() for each in joints]),
    } | moved(joints, positions(before))


def figures(motions: Tensor, before: Tensor, truth: Tensor) -> Scores:
    """All columns of N clips, [N] each; features, not normalised: [N, T, 151]."""
    joints, old = positions(motions), positions(before)
    of_accuracy = scores(motions, truth)
    contacts = unpack_features(motions).contacts
    own = [foot_skate(each, labels, fps=FPS) for each, labels in zip(joints, contacts, strict=True)]
    return (
        {title: of_accuracy[title] for title in _OF_ACCURACY}
        | {
            "skate at its own contacts m/s": torch.stack(own),
            "steps' correlation": torch.stack([*map(same_steps, joints, positions(truth))]),
        }
        | moved(joints, old)
    )


def moved(joints: Tensor, before: Tensor) -> Scores:
    """How deep feet are in the floor, and how far all else has moved, [N] each; joints: [N, T, 24, 3]."""
    world = joints - before
    return {
        "below the floor mm": 1000 * depth(joints),
        "elsewhere mm": 1000 * length(world - world[:, :, :1]),
        "elsewhere in the world mm": 1000 * length(world),
    }


def same_steps(joints: Tensor, truth: Tensor) -> Tensor:
    """Correlation of the ankles' distance with the true one: what skate cannot see is a step held back."""
    left, right = joint_indices(("left_ankle", "right_ankle"))
    widths = torch.stack([(each[:, left] - each[:, right]).norm(dim=-1) for each in (joints, truth)])
    return torch.corrcoef(widths)[0, 1].nan_to_num()


def positions(features: Tensor) -> Tensor:
    """Joints in the world, [N, T, 24, 3] metres."""
    motion = unpack_features(features)
    return forward_kinematics(motion.rotations, motion.root)


def depth(joints: Tensor) -> Tensor:
    """Mean depth of ankles and feet below where they are when the sole is on the floor, [N] metres."""
    rest = joints.new_tensor([ANKLE_HEIGHT, ANKLE_HEIGHT, BALL_HEIGHT, BALL_HEIGHT])
    return (rest - joints[..., _FEET, 1]).clamp(min=0).mean((1, 2))


def length(moves: Tensor) -> Tensor:
    """Mean length of the moves of joints elsewhere, [N, T, 24, 3] -> [N]."""
    return moves[:, :, _ELSEWHERE].norm(dim=-1).mean((1, 2))


if __name__ == "__main__":
    main(tyro.cli(FootLocking))

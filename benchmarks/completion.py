"""How well missing parts of motions are imagined; writes docs/RESULTS.md between its completion marks.

    python benchmarks/completion.py --data ../shared/data/mocap --write

Five-second windows of motions never trained on: held-out CMU subjects and Bandai Namco's first set. (Its
second set and CMU's validation clips served to choose the pipeline's settings.) Gaps lie in the middle.
Intervals are 95 % bootstrap intervals over clips.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import torch
import tyro
from accuracy import RESULTS, machine
from accuracy_sets import as_keypoints
from completion_baselines import NearestClip, cubic, slerped
from completion_scores import COLUMNS, Scores, cells, diversity, scores
from tables import Cell, Table, markdown, replace_section
from torch import Generator

from vimo_pipeline import Keypoints, Motion
from vimo_pipeline.data.cameras import film
from vimo_pipeline.data.casual import LEVELS
from vimo_pipeline.data.detector_noise import detect
from vimo_pipeline.data.packs import load_pack
from vimo_pipeline.data.windows import MotionBank
from vimo_pipeline.keypoints.body_points import coco_from_joints
from vimo_pipeline.motion.kinematics import joint_transforms
from vimo_pipeline.motion.mask import Mask
from vimo_pipeline.pipelines import Reach, ViMoCompletionPipeline

FRAMES, SAMPLES = 150, 8
GAPS = (15, 30, 60, 90)
LIMBS = {"left arm": ("left_arm",), "both legs": ("legs", "contacts"), "upper body": ("upper_body",)}
MECHANISMS = {
    "vectorised (the default)": {},
    "vectorised, resampled 3 times": {"resampling": 3},
    "replacement (ViMo, equation 8)": {"mechanism": "replacement"},
    "replacement, resampled 3 times": {"mechanism": "replacement", "resampling": 3},
    "vectorised, not bridged": {"bridged": False},
    "vectorised, known parts not filmed": {"film": False},
    "vectorised, 10 steps": {"num_inference_steps": 10},
    "vectorised, not calmed": {"calming": 0.0},
    "vectorised, feet not held": {"foot_lock": False},
}
LIKELIEST, UNHELD = "**ViMo, likeliest**", "ViMo, likeliest, feet not held"
BEST = f"ViMo, best of {SAMPLES} (knowing the truth)"
BESTS = {BEST: {}, f"ViMo, best of {SAMPLES} as drawn, no clusters": {"draws": 1}}
COMPARED = (LIKELIEST, UNHELD, BEST)
ERRORS = 3  # the first columns
Row = Callable[[Motion, Mask], Motion]


@dataclass(frozen=True)
class Completion:
    """What to measure."""

    data: Path
    """Folder with motion packs."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    clips: int = 8
    """Windows drawn from each of the two test sets."""
    write: bool = False
    """Put the tables into docs/RESULTS.md."""


def main(options: Completion) -> None:
    """Measure, print the tables and, if asked for, keep them."""
    load = ViMoCompletionPipeline.from_pretrained
    pipe = load(options.model) if options.model else load()
    pipe.set_progress_bar_config(disable=True)
    clips = test_windows(options.data, options.clips)
    tables = []
    for table in all_tables(pipe, clips, training_motions(options.data)):
        tables.append(markdown(table))
        print(tables[-1], flush=True)
    if options.write:
        replace_section(RESULTS, "completion", "\n".join([*tables, f"Measured with {machine()}.\n"]))


def all_tables(pipe: ViMoCompletionPipeline, clips: list[Motion], training: list[Motion]) -> Iterator[Table]:
    """Gaps, people who wait, missing limbs, mechanisms and constraints, each when it is asked for."""
    nearest = NearestClip(training, FRAMES)
    for frames in GAPS:
        yield gap_table(pipe, clips, gap(frames), nearest, f"Completion: a gap of {frames} frames")
    yield waiting_table(pipe, clips)
    yield limb_table(pipe, clips)
    yield mechanism_table(pipe, clips)
    yield constraint_table(pipe, clips)


def gap_table(
    pipe: ViMoCompletionPipeline, clips: list[Motion], mask: Mask, nearest: NearestClip, title: str
) -> Table:
    """Baselines, the pipeline's likeliest motion, and the best of several knowing the truth.

    Several are centres of clusters of many draws, and beside them as many draws as they came.
    """
    rows = {
        "slerp": slerped,
        "cubic curves": cubic,
        "nearest training clip": nearest,
        "the delta-interpolator alone": completing(pipe, calming=1.0, foot_lock=False),
        LIKELIEST: completing(pipe),
        UNHELD: completing(pipe, foot_lock=False),
    }
    found = {name: [timed(row, clip, mask) for clip in clips] for name, row in rows.items()}
    for name, options in BESTS.items():
        found[name] = [best_of(pipe, clip, mask, seed=seed, **options) for seed, clip in enumerate(clips)]
    table = {name: cells(row) for name, row in found.items()}
    for name in COMPARED:
        table[f"{name.strip('*')}, minus slerp, clip by clip"] = less(found[name], found["slerp"])
    return Table(title, COLUMNS, table, ERRORS)


def less(ours: list[Scores], theirs: list[Scores]) -> dict[str, Cell]:
    """How much smaller our errors are, clip by clip."""
    pairs = zip(ours, theirs, strict=True)
    return cells([{name: one[name] - other[name] for name in list(COLUMNS)[:ERRORS]} for one, other in pairs])


def waiting_table(pipe: ViMoCompletionPipeline, clips: list[Motion]) -> Table:
    """People who stand before, in and behind a gap as one pose of theirs: slerp is exact."""
    digits = {"position mm": 0, "rotation °": 1, "sliding share": 2}
    waiting = [held for clip in clips if (held := held_stance(clip)) is not None]
    table = {
        f"{frames} frames": cells(
            [timed(completing(pipe), clip, gap(frames)) for clip in waiting], columns=digits
        )
        for frames in GAPS
    }
    return Table(f"Completion: {len(waiting)} people who wait, likeliest", digits, table)


def held_stance(clip: Motion) -> Motion | None:
    """The first pose of a clip with both feet flat on the floor, held as long as the clip; None without."""
    flat = clip.contacts.all(-1)
    if not flat.any():
        return None
    frames = flat.int().argmax().expand(len(clip))
    return Motion(clip.rotations[frames], clip.root[frames], clip.contacts[frames], fps=clip.fps)


def limb_table(pipe: ViMoCompletionPipeline, clips: list[Motion]) -> Table:
    """Parts of the body missing for 90 frames."""
    table = {}
    for name, parts in LIMBS.items():
        mask = Mask.everything(FRAMES).hide(*parts, frames="30:120")
        rows = {f"{name}, slerp": slerped, f"{name}, **ViMo**": completing(pipe)}
        table |= {title: cells([timed(row, clip, mask) for clip in clips]) for title, row in rows.items()}
    return Table("Completion: limbs missing for 90 frames", COLUMNS, table, ERRORS)


def mechanism_table(pipe: ViMoCompletionPipeline, clips: list[Motion]) -> Table:
    """How the denoiser is told of what is known."""
    table = {}
    for name, options in MECHANISMS.items():
        row = completing(pipe, **options)
        table[name] = cells([timed(row, clip, gap(60)) for clip in clips])
    plain = ViMoCompletionPipeline(**pipe.components | {"interpolator": None})
    plain.set_progress_bar_config(disable=True)
    table["vectorised, calmed towards the bridge"] = cells(
        [timed(completing(plain), clip, gap(60)) for clip in clips]
    )
    guided = [timed(completing(pipe, keypoints=filmed(clip)), clip, gap(60)) for clip in clips]
    table["the default, guided by keypoints of the clip"] = cells(guided)
    return Table("Completion: mechanisms, a gap of 60 frames", COLUMNS, table, ERRORS)


def filmed(clip: Motion) -> Keypoints:
    """What a casual camera and a detector make of a clip."""
    generator, casual = Generator().manual_seed(3), LEVELS["moving and noisy"]
    orientations, joints = joint_transforms(clip.matrices()[None], clip.root[None])
    view = film(coco_from_joints(orientations, joints), clip.root[None], generator=generator, casual=casual)
    return as_keypoints(detect(view, generator=generator, casual=casual)[0], view.shots[0])


def constraint_table(pipe: ViMoCompletionPipeline, clips: list[Motion]) -> Table:
    """A gap of 60 frames with a hand put to where it truly was, and a keyframe from another clip."""
    digits = {"off by mm": 1, "position mm": 0, "seam / own p95": 2}
    hand, other, mask = [], [], gap(60)
    for clip, stranger in zip(clips, clips[1:] + clips[:1], strict=True):
        place = clip.joints()[75, 22]
        result = completing(pipe, constraints=[Reach("left_hand", 75, place)])(clip, mask)
        off = {"off by mm": 1000 * float((result.joints()[75, 22] - place).norm())}
        hand.append(off | scores(result, clip, mask))
        other.append(foreign_keyframe(pipe, clip, stranger))
    rows = {"the left hand known in frame 75": hand, "a keyframe of another motion in frame 75": other}
    table = {name: cells(row, columns=digits) for name, row in rows.items()}
    return Table("Completion: what has to be met, in a gap of 60 frames", digits, table)


def foreign_keyframe(pipe: ViMoCompletionPipeline, clip: Motion, stranger: Motion) -> Scores:
    """How far the result is from a pose in the middle of the gap that the clip never had."""
    rotations = clip.rotations.clone()
    rotations[75, 1:] = stranger.rotations[75, 1:]
    asked = Motion(rotations, clip.root, clip.contacts)
    result = completing(pipe)(asked, gap(60).keep(frames=[75]))
    return {"off by mm": 1000 * float((result.joints()[75] - asked.joints()[75]).norm(dim=-1).max())}


def completing(pipe: ViMoCompletionPipeline, **options: object) -> Row:
    """The pipeline's likeliest motion."""
    return lambda motion, mask: pipe(motion, mask, generator=Generator().manual_seed(0), **options).motions[0]


def best_of(
    pipe: ViMoCompletionPipeline, clip: Motion, mask: Mask, *, seed: int, **options: object
) -> Scores:
    """Scores of the best of several motions, and how much they differ. With one seed luck would be shared."""
    generator = Generator().manual_seed(seed)
    started = process_time()
    motions = pipe(clip, mask, num_hypotheses=SAMPLES, generator=generator, **options).motions
    seconds = process_time() - started
    each = [scores(motion, clip, mask) for motion in motions]
    best = min(each, key=lambda one: one["position mm"])
    return best | {"diversity mm": diversity(motions, mask), "CPU seconds": seconds}


def timed(row: Row, clip: Motion, mask: Mask) -> Scores:
    """Scores of a completed clip and how long it took."""
    started = process_time()
    completed = row(clip, mask)
    return {"CPU seconds": process_time() - started} | scores(completed, clip, mask)


def gap(frames: int) -> Mask:
    """So many frames missing in the middle."""
    start = (FRAMES - frames) // 2
    return Mask.everything(FRAMES).hide(frames=range(start, start + frames))


def test_windows(folder: Path, clips: int) -> list[Motion]:
    """Five-second windows of both test sets, at the origin."""
    sets = [load_pack(folder, "cmu", split="test"), load_pack(folder, "bandai_eval_nc", split="test")]
    sets[1] = [clip for clip in sets[1] if "_d1_" in clip.name]
    windows = []
    for chosen in sets:
        bank = MotionBank([clip.motion for clip in chosen if len(clip.motion) >= FRAMES])
        drawn = bank.draw(clips, FRAMES, generator=Generator().manual_seed(11), augment=())
        windows += [Motion.unpack(features) for features in drawn.motion.pack()]
    return windows


def training_motions(folder: Path) -> list[Motion]:
    """What the nearest clip is looked for in."""
    return [clip.motion for clip in load_pack(folder, "cmu", split="train")]


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(tyro.cli(Completion))

"""From motion files to completed ones: the work behind the tab Complete."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from torch import Generator

from ...export import load_motion, save_motion
from ...export.files import save_motions
from ...export.strip import write_strip
from ...keypoints import load_keypoints
from ...motion import Motion
from ...motion.mask import Mask
from ...pipelines.completion import ViMoCompletionPipeline, ViMoCompletionPipelineOutput
from ...pipelines.vimo import ViMoPipeline
from ..running.lending import Lender
from .told_steps import told_steps

Mode = Literal["In-between", "Body parts", "Blend"]
Tell = Callable[[str, float], None]  # stage, share done in [0, 1]


@dataclass(frozen=True)
class Completed:
    """Which files hold what was imagined, and what it was imagined from."""

    files: dict[str, list[Path]]  # "glb", "bvh", "npz": one a hypothesis
    before: Path  # GLB
    picture: Path  # PNG of before and after
    mask: Mask


def complete_files(
    motion: str | Path,
    folder: Path,
    *,
    lender: Lender,
    mode: Mode,
    keep: str = "",
    parts: Sequence[str] = (),
    second: str | Path | None = None,
    overlap: int = 30,
    video: str | Path | None = None,
    guide_start: int = 0,
    hypotheses: int = 1,
    seed: int = 0,
    tell: Tell,
    **options: Any,
) -> Completed:
    """Complete a motion file into a folder. keep: frames kept whole; parts: what "Body parts" imagines.

    options: as for `ViMoCompletionPipeline`. Raises ValueError or FileNotFoundError for what cannot be used.
    """
    first = load_at(motion, lender.fps)
    options |= {"num_hypotheses": hypotheses, "generator": Generator().manual_seed(seed)}
    if video:
        seen = load_keypoints(video, progress=lambda done, total: tell("keypoints", done / total))
        options |= {"keypoints": seen, "guide_start": guide_start}
    if mode == "Blend":
        if not second:
            raise ValueError("There is no second motion yet. Choose the one that the first should lead into.")
        then = load_at(second, lender.fps)
        output = lender.run(_blend, partial(tell, "motion"), first, then, overlap=overlap, **options)
    else:
        mask = mask_of(mode, keep, parts, frames=len(first))
        output = lender.run(_imagine, partial(tell, "motion"), first, mask, **options)
    tell("files", 0.0)
    return _write(output, folder, Path(motion).stem, tell)


def _imagine(pipe: ViMoPipeline, tell: Callable[[float], None], *args: Any, **options: Any) -> Any:
    return told_steps(ViMoCompletionPipeline, pipe, tell)(*args, **options)


def _blend(pipe: ViMoPipeline, tell: Callable[[float], None], *args: Any, **options: Any) -> Any:
    return told_steps(ViMoCompletionPipeline, pipe, tell).blend(*args, **options)


def load_at(path: str | Path, fps: float) -> Motion:
    """The motion of a file at this frame rate."""
    return load_motion(path).resample(fps)


def mask_of(mode: Mode, keep: str, parts: Sequence[str], *, frames: int) -> Mask:
    """What is kept: these frames whole and, of the others, all or nothing but the parts to imagine."""
    if mode == "In-between":
        parts = ["everything"]
        if not keep.strip():
            raise ValueError("Everything is marked to be imagined. Keep at least one frame of the motion.")
    if not parts:
        raise ValueError("No body part is chosen. Tick at least one to imagine.")
    mask = Mask.everything(frames).hide(*parts)
    return mask.keep(frames=keep.strip().strip(",")) if keep.strip() else mask


def _write(output: ViMoCompletionPipelineOutput, folder: Path, stem: str, tell: Tell) -> Completed:
    files = save_motions(output.motions, folder, stem=f"{stem}.completed", tell=partial(tell, "files"))
    before, picture = folder / f"{stem}.before.glb", folder / f"{stem}.completed.png"
    save_motion(output.known, before)
    tell("picture", 0.0)
    write_strip(picture, output.known, output.motions[0], output.mask.kept.float().mean(1))
    return Completed(files, before, picture, output.mask)

"""From motion files to stylised ones: the work behind the tab Stylise."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from torch import Generator

from ...export import save_motion
from ...export.files import save_motions
from ...keypoints import load_keypoints
from ...pipelines.stylise import ViMoStylisePipeline
from ...pipelines.vimo import ViMoPipeline
from ..running.lending import Lender
from .completing import Tell, load_at
from .told_steps import told_steps


@dataclass(frozen=True)
class Stylised:
    """Which files hold what was imagined, and what it was imagined from."""

    files: dict[str, list[Path]]  # "glb", "bvh", "npz": one a hypothesis
    motion: Path  # GLB
    style: Path | None  # GLB; a video has none
    frames: int


def stylise_files(
    motion: str | Path,
    folder: Path,
    *,
    lender: Lender,
    style: str | Path | None = None,
    video: str | Path | None = None,
    hypotheses: int = 1,
    seed: int = 0,
    tell: Tell,
    **options: Any,
) -> Stylised:
    """Stylise a motion file into a folder. options: as for `ViMoStylisePipeline`.

    Raises ValueError or FileNotFoundError for what cannot be used.
    """
    if bool(style) == bool(video):
        raise ValueError("Give the style as either a motion or a video, and not both.")
    content = load_at(motion, lender.fps)
    if video:
        options["keypoints"] = load_keypoints(
            video, progress=lambda done, total: tell("keypoints", done / total)
        )
    else:
        options["style"] = load_at(style, lender.fps)
    options |= {"num_hypotheses": hypotheses, "generator": Generator().manual_seed(seed)}
    motions = lender.run(_imagine, partial(tell, "motion"), content, **options).motions

    stem = Path(motion).stem
    tell("files", 0.0)
    files = save_motions(motions, folder, stem=f"{stem}.stylised", tell=partial(tell, "files"))
    before = folder / f"{stem}.motion.glb"
    save_motion(content, before)
    if video:
        return Stylised(files, before, None, len(content))
    manner = folder / f"{stem}.style.glb"
    save_motion(options["style"], manner)
    return Stylised(files, before, manner, len(content))


def _imagine(pipe: ViMoPipeline, tell: Callable[[float], None], *args: Any, **options: Any) -> Any:
    return told_steps(ViMoStylisePipeline, pipe, tell)(*args, **options)

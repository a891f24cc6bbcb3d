"""Which kinds of motion the held-out CMU error comes from."""

from pathlib import Path

from accuracy_parts import as_cells
from accuracy_rows import imagine
from accuracy_scores import COLUMNS, scores
from accuracy_sets import filmed_motions, test_clips
from tables import Table

from vimo_pipeline import Motion, ViMoPipeline
from vimo_pipeline.data.casual import LEVELS

LEVEL = "moving and noisy"
CLIPS = 24  # windows of each kind
KINDS = {  # words of the pack's categories
    "breakdance: hands, knees and heads on the floor": ("sequence", "footwork"),
    "dancing animals": ("human subject",),
    "other dances": ("lambada", "dance"),
    "basketball and soccer": ("basketball", "soccer"),
}


def kinds_table(pipe: ViMoPipeline, folder: Path) -> Table:
    """The default on windows of each kind."""
    rows = {}
    for kind, clips in by_kind(folder).items():
        seen = filmed_motions(kind, LEVEL, clips, LEVELS[LEVEL], CLIPS)
        rows[kind] = as_cells(scores(imagine(pipe, seen), seen.truth))
    digits = {column.title: column.digits for column in COLUMNS}
    return Table(f"Held-out CMU by kind of motion, {LEVEL}", digits, rows)


def by_kind(folder: Path) -> dict[str, list[Motion]]:
    """Test motions; a clip is of the first kind of which its category holds a word."""
    motions: dict[str, list[Motion]] = {kind: [] for kind in KINDS}
    for clip in test_clips(folder, "cmu"):
        motions[kind_of(clip.category)].append(clip.motion)
    return motions


def kind_of(category: str) -> str:
    """Raises a ValueError for a category that no kind names."""
    for kind, words in KINDS.items():
        if any(word in category for word in words):
            return kind
    raise ValueError(f"the category {category!r} belongs to none of {', '.join(KINDS)}")

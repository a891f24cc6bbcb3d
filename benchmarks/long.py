"""Long clips: how windows are joined, whether seams show, drift, shot cuts, memory; writes docs/RESULTS.md.

    python benchmarks/long.py --data ../shared/data/mocap --write

Recordings never trained on (held-out CMU subjects and Bandai Namco's actors), the longest of each set, filmed
by moving virtual cameras through the noise of a real detector. None lasts a minute, so for longer clips
each is played forwards, backwards and so on. `--parts seams memory` measures only these.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import process_time
from typing import Literal, get_args

import torch
import tyro
from accuracy import RESULTS, machine
from accuracy_parts import as_cells, exact
from accuracy_scores import FPS, interval, scores
from long_clips import LEVEL, LongClip, filmed_in_shots, long_clips
from long_plot import draw_grid
from long_scores import Seams, borders, figures_of, floor, heading_error, seams, slope_a_minute
from long_windows import Way, agreeing, imagined, plan_of, stitched, with_windows
from tables import Cell, Table, markdown, replace_section
from torch import Tensor

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.data.casual import LEVELS

Part = Literal["seams", "drift", "memory", "cuts", "joining", "grid"]
PLOT = RESULTS.with_name("long_windows.png")
WINDOWS, OVERLAPS = (60, 90, 120, 150), (10, 30, 60)
COLUMNS = {"PA-MPJPE mm": 1, "MPJPE mm": 1, "jitter m/s³": 0, "foot skate m/s": 3}
SEAMS = {"jitter m/s³": 1, "joint speed m/s": 3, "foot skate m/s": 3}
SHOTS = 4


@dataclass(frozen=True)
class Long:
    """What to measure."""

    data: Path
    """Folder with motion packs."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    clips: int = 6
    """Clips from each of the two test sets; a quarter of them of five minutes."""
    cut_clips: int = 12
    """Clips from each test set for shot cuts: what a cut costs differs much from clip to clip."""
    parts: tuple[Part, ...] = get_args(Part)
    """What to measure."""
    write: bool = False
    """Put the tables into docs/RESULTS.md, and the plot beside it."""


def main(options: Long) -> None:
    """Measure, print the tables and, if asked for, keep them."""
    pipe = ViMoPipeline.from_pretrained(options.model) if options.model else ViMoPipeline.from_pretrained()
    pipe.set_progress_bar_config(disable=True)
    for part in options.parts:
        start = process_time()
        tables = PARTS[part](pipe, options)
        text = "\n".join([*map(markdown, tables), f"{process_time() - start:.0f} s; {machine()}.\n"])
        print(text, flush=True)
        if options.write:
            replace_section(RESULTS, f"long motion: {part}", text)
            if part == "grid":
                draw_grid(tables[0], PLOT)


def grid(pipe: ViMoPipeline, options: Long) -> list[Table]:
    """Lengths of windows and overlaps. 23 seconds leave the overlaps near to what is asked for."""
    clips = long_clips(options.data, options.clips, 23.0)
    sizes = [(window, overlap) for window in WINDOWS for overlap in OVERLAPS if 2 * overlap <= window]
    rows = {}
    for window, overlap in sizes:
        other = with_windows(pipe, window=window, overlap=overlap)
        rows[f"{window} / {overlap}"] = row(agreeing(other), other, clips)
    return [Table("Window / overlap in frames, clips of 23 s", columns(), rows)]


def joining(pipe: ViMoPipeline, options: Long) -> list[Table]:
    """Windows that agree at every step against windows joined at the end."""
    clips = long_clips(options.data, options.clips, 20.0)
    half = with_windows(pipe, window=150, overlap=75)
    ways = {
        "agreeing at every step: the pipeline": (agreeing(pipe), pipe),
        "the same, overlapping by half": (agreeing(half), half),
        "stitched at the end over half a window (EDGE)": (stitched(half), half),
        "end to end": (stitched(pipe, end_to_end=True), pipe),
    }
    rows = {name: row(way, used, clips) for name, (way, used) in ways.items()}
    rows["the truth"] = row_of(_truth(clips), pipe, clips)
    return [Table("How windows are joined, clips of 20 s", columns(), rows)]


def columns() -> dict[str, int]:
    """Titles and digits of the tables of joining."""
    return COLUMNS | {
        "jitter at borders, % of around": 0,
        "speed at borders beyond the truth's %": 1,
        "s a minute": 1,
    }


def row(way: Way, pipe: ViMoPipeline, clips: list[LongClip]) -> dict[str, Cell]:
    """Errors, what shows at the borders, and seconds for a minute of motion."""
    start = process_time()
    motions = [way(clip.seen) for clip in clips]
    seconds = (process_time() - start) / sum(clip.truth.seconds for clip in clips) * 60
    return row_of(motions, pipe, clips) | {"s a minute": exact(seconds)}


def row_of(motions: list[Tensor], pipe: ViMoPipeline, clips: list[LongClip]) -> dict[str, Cell]:
    """Errors and what shows at the borders."""
    errors = scores(torch.stack(motions), torch.stack([clip.truth.pack() for clip in clips]))
    shown, chance = at_borders(motions, pipe, clips), at_borders(_truth(clips), pipe, clips)
    return as_cells({title: errors[title] for title in COLUMNS}) | {
        "jitter at borders, % of around": shown["jitter m/s³"].percent(),
        "speed at borders beyond the truth's %": shown["joint speed m/s"].beyond(chance["joint speed m/s"]),
    }


def at_borders(motions: list[Tensor], pipe: ViMoPipeline, clips: list[LongClip]) -> dict[str, Seams]:
    """Jitter, speed and skate at the borders of the windows of all clips."""
    places = borders(plan_of(pipe, len(motions[0])))
    found = [
        {title: seams(figure, places) for title, figure in figures_of(motion, clip.truth.contacts).items()}
        for motion, clip in zip(motions, clips, strict=True)
    ]
    return {
        title: Seams(*map(torch.cat, zip(*(each[title] for each in found), strict=True))) for title in SEAMS
    }


def _truth(clips: list[LongClip]) -> list[Tensor]:
    return [clip.truth.pack() for clip in clips]


def seam_tables(pipe: ViMoPipeline, options: Long) -> list[Table]:
    """Borders against what is around them, on clips of one and of five minutes; the truth shows chance."""
    rows = {}
    for name, (clips, motions) in minutes(pipe, options).items():
        ours = at_borders(motions, pipe, clips)
        chance = at_borders(_truth(clips), pipe, clips)
        for title in SEAMS:
            rows[f"{name}: {title}"] = seam_row(ours[title])
            rows[f"{name}: {title}, the truth"] = seam_row(chance[title])
    digits = {"difference %": 1, "at borders": 3, "around them": 3, "p": 2, "borders": 0}
    return [Table("At the borders of windows and around them", digits, rows)]


def seam_row(shown: Seams) -> dict[str, Cell]:
    """Means, their paired difference and how likely it is by chance."""
    both = ~(shown.at - shown.around).isnan()
    return {
        "difference %": shown.percent(),
        "at borders": exact(float(shown.at[both].mean())),
        "around them": exact(float(shown.around[both].mean())),
        "p": exact(shown.p()),
        "borders": exact(int(both.sum())),
    }


def drift(pipe: ViMoPipeline, options: Long) -> list[Table]:
    """Whether the heading and the floor walk away; also where any circling of the camera is believed."""
    rows = {}
    for name, (clips, motions) in minutes(pipe, options).items():
        rows[name] = drift_row(motions, clips)
    free = [imagined(pipe, clip.seen, camera_stays=0.0) for clip in clips]
    rows[f"{name}, any camera believed"] = drift_row(free, clips)
    digits = {"heading off °": 1, "in the last ten seconds °": 1, "turning too far °/min": 1}
    digits |= {"floor off mm": 1, "floor rises mm/min": 2}
    return [Table("Drift of heading and floor", digits, rows)]


def drift_row(motions: list[Tensor], clips: list[LongClip]) -> dict[str, Cell]:
    """Errors of heading and floor against the truth, and their slopes over time."""
    truth = _truth(clips)
    off = [heading_error(*pair) for pair in zip(motions, truth, strict=True)]
    above = [1000 * (floor(ours) - floor(true)) for ours, true in zip(motions, truth, strict=True)]
    figures = {
        "heading off °": [each.abs().mean() for each in off],
        "in the last ten seconds °": [each[-300:].abs().mean() for each in off],
        "turning too far °/min": [slope_a_minute(each, FPS) for each in off],
        "floor off mm": [each.abs().mean() for each in above],
        "floor rises mm/min": [slope_a_minute(each, 1.0) for each in above],
    }
    return as_cells({title: torch.tensor(values) for title, values in figures.items()})


@cache
def minutes(pipe: ViMoPipeline, options: Long) -> dict[str, tuple[list[LongClip], list[Tensor]]]:
    """Clips of one minute, fewer of five, and what is imagined of them."""
    few = max(1, options.clips // 4)
    lengths = {"1 minute": (options.clips, 60.0), "5 minutes": (few, 300.0)}
    clips = {name: long_clips(options.data, *length) for name, length in lengths.items()}
    return {name: (each, [imagined(pipe, clip.seen) for clip in each]) for name, each in clips.items()}


def cuts(pipe: ViMoPipeline, options: Long) -> list[Table]:
    """Four cameras cut together against each of them alone, on clips of 20 seconds."""
    together, alone = [], []
    clips = long_clips(options.data, options.cut_clips, 20.0)
    for index, clip in enumerate(clips):
        cut, whole = filmed_in_shots(clip.truth, LEVELS[LEVEL], shots=SHOTS, seed=SHOTS * index)
        truth = clip.truth.pack()[None]
        together.append(scores(imagined(pipe, cut)[None], truth))
        each = [scores(imagined(pipe, seen)[None], truth) for seen in whole]
        alone.append({title: torch.stack([one[title] for one in each]).mean(0) for title in COLUMNS})
    rows = {"one camera, mean of four": alone, "three cuts between them": together}
    table = {
        name: {title: interval(torch.cat([one[title] for one in row])) for title in COLUMNS}
        for name, row in rows.items()
    }
    table["risen by %, clip by clip"] = {
        title: interval(
            torch.cat([100 * (a[title] / b[title] - 1) for a, b in zip(together, alone, strict=True)])
        )
        for title in COLUMNS
    }
    return [Table("Three shot cuts in 20 s", COLUMNS, table)]


def memory(pipe: ViMoPipeline, options: Long) -> list[Table]:
    """Peak memory and time from keypoints to motion, each length in a process of its own."""
    script = Path(__file__).with_name("long_memory.py")
    rows = {}
    for title, frames in {"10 s": 300, "2 minutes": 3600, "10 minutes": 18000}.items():
        command = [sys.executable, str(script), str(frames)]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        rows[title] = {
            "peak MiB": exact(found["peak"]),
            "before the clip MiB": exact(found["loaded"]),
            "s": exact(found["seconds"]),
        }
    return [Table("Memory from keypoints to motion", dict.fromkeys(rows["10 s"], 0), rows)]


PARTS: dict[Part, Callable[[ViMoPipeline, Long], list[Table]]] = {
    "seams": seam_tables,
    "drift": drift,
    "memory": memory,
    "cuts": cuts,
    "joining": joining,
    "grid": grid,
}

if __name__ == "__main__":
    main(tyro.cli(Long))

"""How far the noise of training's virtual detector is like that of the real one.

    python benchmarks/detector_noise.py --data ../shared/data/mocap

Rendered people with known joints are shown to mediapipe and cleaned like any capture; the same views are
given to the virtual detector. Prints both as the table of docs/detector_noise.md with the constants of
`data/detector_noise.py` that follow, draws its picture and writes all figures to a JSON file.
With `--offsets` also where the keypoints sit on the skeleton, for `keypoints/body_points.py`. The pictures
take a quarter of an hour of one core; what was seen in them is kept and read again.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import tyro
from detector_measures import CONFIDENCES, LAGS, Noise, measure, members_of
from detector_offsets import fit_offsets
from detector_views import Sightings, cleaned, load_or_make, view_of
from torch import Generator

from vimo_pipeline.data.cameras import View
from vimo_pipeline.data.casual import Casual
from vimo_pipeline.data.detector_noise import PARTS, Part, detect, hidden_by_trunk

# Rendered people stand in an empty room: only their own body and the picture's edges hide anything.
AS_RENDERED = Casual(hardest=1.0, loss_scale=0.0)
REPEATS = 8  # of the virtual detector on every view


@dataclass(frozen=True)
class Options:
    """What to measure."""

    data: Path
    """Folder with motion packs."""
    clips: int = 56
    frames: int = 60
    offsets: bool = False
    """Also fit the offsets of the keypoints from the joints."""
    sightings: Path = Path("outputs/detector_views.npz")
    """What mediapipe saw; made where it does not exist."""
    out: Path = Path("outputs/detector_noise.json")
    picture: Path = Path(__file__).resolve().parents[1] / "docs" / "detector_noise.png"


def main(options: Options) -> None:
    """Measure both detectors and write what was found."""
    options.sightings.parent.mkdir(parents=True, exist_ok=True)
    seen = load_or_make(options.sightings, options.data, clips=options.clips, frames=options.frames)
    view = view_of(seen)
    real = measure(cleaned(seen), view)
    many = View(*(field.repeat(REPEATS, *[1] * (field.ndim - 1)) for field in view))
    virtual = measure(detect(many, generator=Generator().manual_seed(0), casual=AS_RENDERED), many)
    constants = {name: part_of(real, name, seen, view) for name in PARTS}
    say(*table(real, virtual), "", *(f'"{name}": {part},' for name, part in constants.items()))
    if options.offsets:
        fitted = fit_offsets(seen, view)
        say("", *(f"{name:14s} {offset.round(3).tolist()}, {count} seen" for name, offset, count in fitted))
    figures = {"real": asdict(real), "virtual": asdict(virtual)}
    options.out.write_text(json.dumps(figures | {"constants": constants}, indent=1) + "\n", encoding="utf-8")
    draw(real, virtual, options.picture)


def part_of(real: Noise, name: str, seen: Sightings, view: View) -> Part:
    """The constants that follow from what was measured."""
    noise, members = real.parts[name], members_of(name)
    raw = torch.from_numpy(seen.raw)
    there = view.inside[..., members] & (raw[..., 2] > 0).any(-1, keepdim=True)
    hidden = hidden_by_trunk(view.metres)[..., members]
    logit = raw[..., members, 2].clamp(1e-4, 1 - 1e-4).logit().double()
    lasting = float(np.mean(noise.correlation[-3:]))
    low, middle = np.quantile(logit[there & ~hidden].numpy(), [0.05, 0.5])  # 5 % of a normal are 1.64 below
    numbers = [noise.deviation, lasting, middle, (middle - low) / 1.64]
    # The median of a Rayleigh distribution is 1.18 deviations; clips of different quality lower it.
    numbers.append(np.sqrt(max(0.0, np.log(1.18 * noise.deviation / noise.median))))
    if hidden.any():
        numbers += [logit[there & hidden].mean(), logit[there & hidden].std()]
    return Part(*(round(float(number), 3) for number in numbers))


def table(real: Noise, virtual: Noise) -> Iterator[str]:
    """Markdown, real / virtual in every cell."""
    yield "| keypoint | deviation | median | 95 % | correlation after 5 frames | lost | behind the trunk |"
    yield "|---" * 7 + "|"
    for name in PARTS:
        pair = (real.parts[name], virtual.parts[name])
        cells = [cell([1000 * getattr(one, field) for one in pair], " mm") for field in LENGTHS]
        cells.append(cell([one.correlation[LAGS.index(5)] for one in pair], "", digits=2))
        cells += [cell([100 * one.lost for one in pair], " %", digits=1)]
        cells += [cell([100 * one.lost_hidden for one in pair], " %")]
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""
    for what, field in SHARES.items():
        pair = [100 * getattr(one, field) for one in (real, virtual)]
        yield f"| {what} | {cell(pair, ' %', digits=1)} |"


LENGTHS = ("deviation", "median", "worst")
SHARES = {
    "frames in which anybody is seen": "detected",
    "frames with the legs exchanged": "legs_exchanged",
    "frames with the body exchanged": "body_exchanged",
    "correlation of nose and eyes": "face_shared",
}


def cell(pair: list[float], unit: str, *, digits: int = 0) -> str:
    """Real / virtual, or nothing where there is nothing to measure."""
    return "" if np.isnan(pair).any() else " / ".join(f"{number:.{digits}f}" for number in pair) + unit


def draw(real: Noise, virtual: Noise, path: Path) -> None:
    """Four panels: how far off, for how long, how surely, and for how long nothing is seen."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(2, 2, figsize=(11, 7.5), layout="constrained")
    draw_errors(panels[0, 0], real, virtual)
    draw_correlation(panels[0, 1], real, virtual)
    draw_calibration(panels[1, 0], real, virtual)
    draw_gaps(panels[1, 1], real, virtual)
    figure.savefig(path, dpi=80)
    plt.close(figure)


def draw_errors(panel: Any, real: Noise, virtual: Noise) -> None:
    """Median and 95 % of every kind of keypoint, side by side."""
    for shift, noise, style in ((-0.2, real, REAL), (0.2, virtual, VIRTUAL)):
        place = np.arange(len(PARTS)) + shift
        parts = [noise.parts[name] for name in PARTS]
        panel.bar(place, [1000 * part.median for part in parts], 0.38, label="median", **style)
        panel.plot(place, [1000 * part.worst for part in parts], "_", markersize=14, color=style["color"])
    panel.set_xticks(range(len(PARTS)), list(PARTS), rotation=30)
    panel.set(title="distance from the truth: median (bar) and 95 % (line)", ylabel="mm at the body")
    panel.set_ylim(
        0, 1.35 * max(1000 * part.worst for part in (*real.parts.values(), *virtual.parts.values()))
    )
    names = ["mediapipe, 95 %", "virtual, 95 %", "mediapipe, median", "virtual, median"]
    panel.legend(names, ncols=2, loc="upper center", frameon=False)


def draw_correlation(panel: Any, real: Noise, virtual: Noise) -> None:
    """How long an error stays."""
    for name, colour in COLOURS.items():
        for noise, line in ((real, "-"), (virtual, "--")):
            panel.plot(
                LAGS, noise.parts[name].correlation, colour + line, label=name if line == "-" else None
            )
    panel.set(
        title="an error's correlation with itself (dashed: virtual)", xlabel="frames later", ylim=(0, 1.02)
    )
    panel.legend(frameon=False)


def draw_calibration(panel: Any, real: Noise, virtual: Noise) -> None:
    """Confidence against error, of the limbs: of the trunk the detector is always sure."""
    middles = [(low + high) / 2 for low, high in pairwise(CONFIDENCES)]
    for name, colour in list(COLOURS.items())[2:]:
        for noise, line in ((real, "o-"), (virtual, "s--")):
            panel.plot(middles, 1000 * np.array(noise.parts[name].calibration), colour + line)
    panel.set(title="error by confidence", xlabel="confidence", ylabel="median distance, mm", ylim=(0, None))


def draw_gaps(panel: Any, real: Noise, virtual: Noise) -> None:
    """Of the frames in which a limb is lost, how many are in spans at least so long."""
    for name, colour in COLOURS.items():
        for noise, line in ((real, "-"), (virtual, "--")):
            gaps = np.sort(noise.parts[name].gaps)
            if len(gaps):
                panel.plot(gaps, 1 - np.arange(len(gaps)) / len(gaps), colour + line)
    panel.set(title="spans in which a keypoint is lost", xlabel="frames or longer", ylabel="share of spans")


REAL, VIRTUAL = {"color": "C0"}, {"color": "C1"}
COLOURS = {"shoulder": "C4", "hip": "C0", "elbow": "C2", "wrist": "C3", "knee": "C1", "ankle": "C5"}


def say(*lines: str) -> None:
    """Lines of the report."""
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(tyro.cli(Options))

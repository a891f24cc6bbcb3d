"""`vimo evaluate`: motions against a reference, in every figure of the papers."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import tyro

from ..metrics.evaluation import (
    Evaluation,
    MotionSet,
    as_table,
    evaluate,
    matplotlib_library,
    read_motions,
    write_json,
    write_plot,
)
from .stage_bars import StageBars


@dataclass(frozen=True)
class Evaluate:
    """Compare motions with a reference: a table, report.json and report.png."""

    generated: tyro.conf.Positional[Path]
    """Folder of motion files, searched through; what `vimo capture` writes counts once a name."""
    reference: str
    """Folder of motion files, a folder of `vimo prepare`, motion packs, or the Hub id of a dataset."""
    out: Path = Path("outputs/evaluation")
    """Folder for report.json and report.png; it is made when missing."""
    music: Path | None = None
    """An audio file for all motions, or a folder of files with their names: adds beat scores."""
    paired: bool = False
    """Motions with the name of a reference motion have it for truth: adds errors, best of K, calibration."""
    limited_data: bool = False
    """The reference is the one motion a model was trained on: adds coverage and diversities."""
    partner_of: Path | None = None
    """Folder of the humans, of the same names, that generated partners danced with: adds partner figures."""
    distribution: bool = True
    """FID, KID and Div; they need four windows, better two hundred."""
    physics: bool = True
    """Physical contact, feet, floor and jitter."""
    seconds: float = 5.0
    """Length of the windows for FID, KID and Div."""
    split: str = "test"
    """Of a reference that is a dataset."""
    packs: tuple[str, ...] = ()
    """Of a reference that is a folder of motion packs."""
    repeats: int = 100
    """Draws for intervals and floors of FID, KID and Div."""
    seed: int = 0
    """The same seed gives the same intervals."""
    plot: bool = True
    """Draw report.png."""

    def run(self) -> None:
        """Measure, print the table and write the files."""
        if self.plot:
            matplotlib_library()  # said before minutes of measuring
        with StageBars() as bars:
            found = self._evaluate(bars)
        self.out.mkdir(parents=True, exist_ok=True)
        files = [self.out / "report.json"]
        write_json(found, files[0])
        if self.plot:
            files.append(self.out / "report.png")
            write_plot(found, files[1])
        sys.stdout.write("\n" + as_table(found) + "".join(f"\n  {path}" for path in files) + "\n")

    def _evaluate(self, bars: StageBars) -> Evaluation:
        tell = partial(bars.show, "generated")
        if not self.generated.exists():
            raise FileNotFoundError(f"there is no folder {self.generated} with generated motions")
        generated = read_motions(self.generated, progress=tell)
        return evaluate(
            generated,
            self._read_reference(partial(bars.show, "reference")),
            distribution=self.distribution,
            physical=self.physics,
            music=self.music,
            pairs=self.paired,
            limited_data=self.limited_data,
            humans=read_motions(self.partner_of) if self.partner_of else None,
            seconds=self.seconds,
            repeats=self.repeats,
            seed=self.seed,
            progress=bars.show,
        )

    def _read_reference(self, progress) -> MotionSet:
        return read_motions(self.reference, split=self.split, packs=self.packs, progress=progress)

"""Make the model card of the bundled weights from what was measured and from the runs that made them.

    python scripts/make_model_card.py               # after docs/results.json changed
    python scripts/make_model_card.py --picture     # after the weights changed
    python scripts/make_model_card.py --run runs/base --steps 3000 --hours "about 2 on one CPU core"
    python scripts/make_model_card.py --check       # writes nothing: are the figures those of the weights?

Written are docs/MODEL_CARD.md and the same text as README.md beside the weights; with --picture also the
picture in it, which shows what these weights imagine of examples/example.mp4. What only the maker knows
stands in training.json beside the weights: licences in words, notes, limits. A run given here becomes the
last of those listed there (scripts/bundle_weights.py does so by itself).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import tyro

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.pipelines.cards.fingerprint import fingerprint
from vimo_pipeline.pipelines.cards.model_card import PICTURE, model_card
from vimo_pipeline.pipelines.cards.picture import write_card_picture
from vimo_pipeline.pipelines.cards.results import read_results, whose_figures
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS
from vimo_pipeline.training.facts import note_run
from vimo_pipeline.whole_file import whole_file

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "MODEL_CARD.md"
RESULTS = ROOT / "docs" / "results.json"
EXAMPLE = ROOT / "examples" / "example.mp4"


@dataclass(frozen=True)
class Card:
    """What has changed besides the figures."""

    picture: bool = False
    """Draw the picture anew."""
    run: Path | None = None
    """Output folder of a run that led to these weights: it is noted in training.json."""
    steps: int | None = None
    """Where that run was stopped, or its checkpoint taken from."""
    hours: str | None = None
    """How long all runs took, on what."""
    check: bool = False
    """Only say whether the figures were measured on the weights of the package; status 1 if not."""


def main(options: Card) -> None:
    """Note the run, draw the picture, write the card."""
    if options.check:
        check()
        return
    if options.run is not None:
        note_run(BUNDLED_WEIGHTS, options.run, done=options.steps, hours=options.hours)
    picture = BUNDLED_WEIGHTS / PICTURE
    if options.picture or not picture.exists():
        write_card_picture(picture, EXAMPLE, pipe=ViMoPipeline.from_pretrained())
    card = model_card(BUNDLED_WEIGHTS, results=read_results(RESULTS))
    for path in (BUNDLED_WEIGHTS / "README.md", DOCUMENT):
        with whole_file(path) as partial:
            partial.write_text(card, encoding="utf-8")
    shutil.copyfile(picture, DOCUMENT.with_name(PICTURE))


def check() -> None:
    """Say which weights the figures are of, and fail unless they are those of the package."""
    said = whose_figures(read_results(RESULTS), fingerprint(BUNDLED_WEIGHTS))
    if not said.startswith("Measured on these weights"):
        raise SystemExit(f"{said} python benchmarks/accuracy.py --data PACKS --write measures them")
    print(said)


if __name__ == "__main__":
    main(tyro.cli(Card))

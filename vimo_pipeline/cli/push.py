"""`vimo push`: a pipeline onto the Hugging Face Hub."""

import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from diffusers.utils.logging import disable_progress_bar

from ..pipelines.cards.results import read_results
from ..pipelines.hub import BUNDLED_WEIGHTS
from ..publishing import Publication, prepare, publish
from ..publishing.push import check_name
from ..whole_file import whole_folder


@dataclass(frozen=True)
class Push:
    """Publish a pipeline: weights, model card, files for diffusers alone, and a Space to try it on."""

    repo_id: str
    """Where to: you/model. It is made when missing."""
    space: str | None = None
    """Also a page on the Hub that runs it: you/demo."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    results: Path | None = None
    """Figures for the card: a results.json of benchmarks/accuracy.py."""
    film: Path | None = None
    """Video or keypoints file; the card's picture shows what the pipeline imagines of it."""
    private: bool = False
    """Only you see it. A Space then needs a secret HF_TOKEN to read the model."""
    dry_run: bool = False
    """Write the folders, say what would be uploaded where, and leave the Hub alone."""
    out: Path = Path("outputs/push")
    """Where a dry run writes."""

    def run(self) -> None:
        """Prepare, upload, and say where it is."""
        disable_progress_bar()
        for name in filter(None, (self.repo_id, self.space)):
            check_name(name)
        if not self.dry_run:
            with TemporaryDirectory() as folder:
                urls = publish(self._prepare(Path(folder)), private=self.private or None)
            sys.stdout.write("".join(f"{url}\n" for url in urls))
            return
        if self.out.exists() and not (self.out / "model" / "model_index.json").is_file():
            raise ValueError(f"{self.out} is there and no dry run wrote it; give another --out")
        self.out.parent.mkdir(parents=True, exist_ok=True)
        with whole_folder(self.out) as folder:
            listed = summary(self._prepare(folder))
        sys.stdout.write(f"{listed}\nNothing was uploaded; it lies in {self.out}\n")

    def _prepare(self, folder: Path) -> Publication:
        return prepare(
            folder,
            self.repo_id,
            model=self.model or BUNDLED_WEIGHTS,
            space_id=self.space,
            results=read_results(self.results) if self.results else None,
            film=self.film,
        )


def summary(publication: Publication) -> str:
    """What goes where; the files of a Space's source as one line."""
    listed: dict[str, list[str]] = defaultdict(list)
    source = 0
    for target, path, size in publication.files():
        if path.startswith("vimo_pipeline/"):
            source += size
        else:
            listed[target].append(f"  {path:<66} {size:>11,} bytes\n")
    if source:
        listed[target].append(f"  {'vimo_pipeline/':<66} {source:>11,} bytes\n")
    return "".join(f"{target}\n{''.join(lines)}" for target, lines in listed.items())

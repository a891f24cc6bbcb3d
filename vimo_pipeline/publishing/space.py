"""A Space that runs: the page of this package with one pipeline, and this package's source beside it.

The source goes along because a Space installs what requirements.txt names before it has the repository, and
because the page then is the one that was tried on this machine.
"""

import shutil
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from pathlib import Path

from huggingface_hub import SpaceCardData
from packaging.requirements import Requirement

PACKAGE = Path(__file__).parents[1]
DISTRIBUTION = "vimo-pipeline"
EXTRAS = ("", "pose", "ui")
LEFT_OUT = ("__pycache__", "*.pyc", "*.pyi", "weights", "node_modules")
NOTICES = ("LICENSE", "NOTICE", "THIRD_PARTY_NOTICES.md")
EXAMPLE = PACKAGE.parent / "examples" / "example.mp4"
PYTHON = "3.11"

APP = '''\
"""The page of {repo_id}. VIMO_MODEL names another pipeline: a folder, or a repository on the Hub."""

import os

from vimo_pipeline.ui.app import build_app, page_options  # first: on ZeroGPU it wants to be there before CUDA
from vimo_pipeline import ViMoPipeline
from vimo_pipeline.pipelines.device import choose_device

pipe = ViMoPipeline.from_pretrained(os.environ.get("VIMO_MODEL", "{repo_id}"))
pipe.set_progress_bar_config(disable=True)
app = build_app(pipe.to(choose_device()))

if __name__ == "__main__":
    app.launch(**page_options())
'''

CARD = """\
---
{front_matter}
---

# {title}

A casual video of a person in, several editable 3D motions out, imagined by
[{repo_id}](https://huggingface.co/{repo_id}).

To run it elsewhere: `pip install -r requirements.txt && python app.py`. `VIMO_MODEL=FOLDER python app.py`
takes a pipeline from this machine.
"""


def write_space(folder: str | Path, *, repo_id: str, title: str = "ViMo", licence: str = "") -> None:
    """Write all of a Space that shows the pipeline `repo_id`: app.py, requirements, README.md, the source."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    needed = requirements()
    (folder / "app.py").write_text(APP.format(repo_id=repo_id), encoding="utf-8")
    (folder / "requirements.txt").write_text("\n".join(needed) + "\n", encoding="utf-8")
    front_matter = SpaceCardData(
        title=title,
        emoji="🕺",
        sdk="gradio",
        sdk_version=_sdk_version(needed),
        python_version=PYTHON,
        app_file="app.py",
        license=licence or None,
        short_description="A casual video in, several editable 3D motions out",
        models=[repo_id],
        preload_from_hub=[repo_id],
    ).to_yaml()
    card = CARD.format(front_matter=front_matter, title=title, repo_id=repo_id)
    (folder / "README.md").write_text(card, encoding="utf-8")
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for notice in _notices():
        shutil.copyfile(notice, folder / notice.name)
    if EXAMPLE.is_file():
        (folder / "examples").mkdir()
        shutil.copyfile(EXAMPLE, folder / "examples" / EXAMPLE.name)


def requirements() -> list[str]:
    """What the page needs, from the metadata of this package; torch, the largest, as installed here."""
    try:
        listed = [Requirement(line) for line in requires(DISTRIBUTION) or []]
    except PackageNotFoundError as error:
        raise FileNotFoundError(
            f"{DISTRIBUTION} is not installed, so its requirements are unknown"
        ) from error
    wanted = [one for one in listed if _is_wanted(one)]
    return [_torch() if one.name == "torch" else f"{one.name}{one.specifier}" for one in wanted]


def _is_wanted(one: Requirement) -> bool:
    return one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in EXTRAS)


def _torch() -> str:
    return f"torch=={version('torch').partition('+')[0]}"


def _sdk_version(needed: list[str]) -> str:
    """The gradio installed here, which the page was tried with; else the oldest that is allowed."""
    try:
        return version("gradio")
    except PackageNotFoundError:
        gradio = next(Requirement(line) for line in needed if line.startswith("gradio"))
        return f"{min(one.version for one in gradio.specifier)}.0"


def _notices() -> list[Path]:
    """Licence and notices: beside the source, or in the metadata of the installed package."""
    beside = [PACKAGE.parent / name for name in NOTICES]
    installed = [
        Path(str(file.locate())) for file in distribution(DISTRIBUTION).files or [] if file.name in NOTICES
    ]
    found = {path.name: path for path in (*installed, *beside) if path.is_file()}
    return list(found.values())

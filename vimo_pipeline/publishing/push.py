"""A pipeline on its way to the Hub: first whole folders on this machine, then their upload."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import create_branch, create_repo, upload_folder
from huggingface_hub.utils import httpx, validate_repo_id

from ..pipelines.cards.results import CardTable
from ..pipelines.cards.training_facts import read_training
from ..pipelines.hub import BUNDLED_WEIGHTS, GENERATED, REMOTE_CODE, fetch, reason, upload
from ..pipelines.vimo import ViMoPipeline
from .model_folder import write_model
from .remote_code import write_remote_code
from .space import PACKAGE, write_space

MESSAGE = "Upload with vimo push"


@dataclass(frozen=True)
class Publication:
    """Folders with just what a repository, a branch of it and a Space will hold."""

    repo_id: str
    model: Path
    remote_code: Path
    """What the branch `remote-code` holds besides the model."""
    space_id: str | None = None
    space: Path | None = None

    def files(self) -> Iterator[tuple[str, str, int]]:
        """Where each file goes, its path there and its bytes."""
        branch = f"{self.repo_id}, branch {REMOTE_CODE}"
        parts = [(self.repo_id, self.model), (branch, self.model), (branch, self.remote_code)]
        if self.space is not None:
            parts.append((f"spaces/{self.space_id}", self.space))
        for target, folder in parts:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    yield target, file.relative_to(folder).as_posix(), file.stat().st_size


def prepare(
    folder: str | Path,
    repo_id: str,
    *,
    model: str | Path = BUNDLED_WEIGHTS,
    space_id: str | None = None,
    results: list[CardTable] | None = None,
    film: str | Path | None = None,
) -> Publication:
    """Write what would be published into `folder`: `model`, `remote-code` and, if asked for, `space`.

    model: a folder or Hub id of a pipeline. results: figures for the card. film: a video or keypoints file
    for its picture, which shows what this pipeline imagines.

        publish(prepare("outputs/push", "you/model", space_id="you/demo"))
    """
    for name in filter(None, (repo_id, space_id)):
        check_name(name)
    folder = Path(folder)
    source = Path(model) if Path(model).is_dir() else Path(fetch(str(model)))
    pipe = ViMoPipeline.from_pretrained(source)
    pipe.set_progress_bar_config(disable=True)
    write_model(folder / "model", pipe, source=source, repo_id=repo_id, results=results, film=film)
    write_remote_code(folder / REMOTE_CODE)
    if space_id is not None:
        facts = read_training(folder / "model")
        write_space(folder / "space", repo_id=repo_id, licence=facts.licence if facts else "")
    space = None if space_id is None else folder / "space"
    return Publication(repo_id, folder / "model", folder / REMOTE_CODE, space_id, space)


def publish(
    publication: Publication, *, private: bool | None = None, token: str | None = None, message: str = MESSAGE
) -> list[str]:
    """Upload, and return the addresses of model and Space. Repositories and branch are made when missing.

    What did not change is not sent again. A card that somebody edited on the Hub stays. Raises
    ConnectionError with what the Hub said when it cannot be reached or refuses.
    """
    repo_id, options = publication.repo_id, {"token": token, "commit_message": message}
    generated = GENERATED in (publication.model / "README.md").read_text(encoding="utf-8")
    with _refusals(repo_id):
        urls = [str(create_repo(repo_id, private=private, token=token, exist_ok=True))]
        upload(publication.model, repo_id, generated_card=generated, **options)
        create_branch(repo_id, branch=REMOTE_CODE, token=token, exist_ok=True)
        branch = {"repo_id": repo_id, "revision": REMOTE_CODE}
        upload(publication.model, generated_card=generated, **branch, **options)
        upload_folder(folder_path=publication.remote_code, delete_patterns=["*.py"], **branch, **options)
    if publication.space is not None and publication.space_id is not None:
        with _refusals(publication.space_id):
            place = {"repo_id": publication.space_id, "repo_type": "space"}
            made = create_repo(**place, private=private, token=token, exist_ok=True, space_sdk="gradio")
            source = [f"{PACKAGE.name}/*"]  # files of an older version go
            upload_folder(folder_path=publication.space, delete_patterns=source, **place, **options)
            urls.append(str(made))
    return urls


def check_name(name: str) -> None:
    """Refuse what the Hub would refuse, before anything is written."""
    if not re.fullmatch(r"[^/]+/[^/]+", name):
        raise ValueError(f"a repository is named owner/name, got {name!r}")
    validate_repo_id(name)


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, OSError) as error:
        raise ConnectionError(
            f"{name} could not be uploaded: {reason(error)}. "
            "`hf auth login` gives this machine a token that may write"
        ) from error

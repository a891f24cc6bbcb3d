"""Where pipelines come from and go to: the weights in this package, or a repository on the Hub."""

from pathlib import Path
from typing import Any

from huggingface_hub import file_exists, snapshot_download, upload_folder
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import httpx

BUNDLED_WEIGHTS = Path(__file__).parents[1] / "weights" / "base"

_PASSED_ON = ("cache_dir", "revision", "token", "force_download", "local_files_only")


def fetch(repo_id: str, **options: Any) -> str:
    """Download a pipeline and return its folder. Our code is installed, so the repository's is left there."""
    options = {key: options[key] for key in _PASSED_ON if options.get(key) is not None}
    try:
        return snapshot_download(repo_id, ignore_patterns=["*.py"], **options)
    except HFValidationError as error:
        raise FileNotFoundError(
            f"{repo_id!r} is neither a folder on this machine nor the name of a Hub repository (owner/name)"
        ) from error
    except (httpx.HTTPError, OSError) as error:  # also: refused, or broken off halfway
        raise FileNotFoundError(
            f"{repo_id!r} is no folder on this machine, and it could not be had from the Hugging Face Hub: "
            f"{_reason(error)}. Check the name and the network, or call from_pretrained() without a name "
            "for the weights that come with the package."
        ) from error


def upload(
    folder: str | Path,
    repo_id: str,
    *,
    generated_card: bool,
    token: str | None,
    commit_message: str,
    create_pr: bool,
) -> str:
    """Commit a saved pipeline to the Hub and return the address of the commit.

    A card that was only generated does not replace the one that somebody may have edited on the Hub.
    """
    keep_theirs = generated_card and file_exists(repo_id, "README.md", token=token)
    return upload_folder(
        folder_path=folder,
        repo_id=repo_id,
        ignore_patterns=["README.md"] if keep_theirs else None,
        token=token,
        commit_message=commit_message,
        create_pr=create_pr,
    )


def _reason(error: Exception) -> str:
    """The first line that says something: the client's refusals begin with one that is only a number."""
    lines = [line.rstrip(".") for line in str(error).splitlines() if line.strip()]
    return next((line for line in lines if " Client Error" not in line), type(error).__name__)

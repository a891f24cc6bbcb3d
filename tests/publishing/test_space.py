"""The folder of a Space is whole: it starts where nothing else of this project is."""

import ast
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest
from huggingface_hub import metadata_load
from packaging.requirements import Requirement

from vimo_pipeline.publishing import prepare, publish
from vimo_pipeline.publishing.space import PACKAGE, requirements, write_space


@pytest.fixture(scope="module")
def space(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("space") / "space"
    write_space(folder, repo_id="me/vimo", licence="apache-2.0")
    return folder


def test_the_readme_tells_the_hub_how_to_start_it(space):
    card = metadata_load(space / "README.md")
    assert card["sdk"] == "gradio" and (space / card["app_file"]).is_file()
    assert Requirement(f"gradio{gradio_allowed()}").specifier.contains(card["sdk_version"])
    assert card["models"] == ["me/vimo"] and card["license"] == "apache-2.0"
    assert len(card["short_description"]) <= 60  # the Hub refuses longer ones


def gradio_allowed() -> str:
    return next(line.removeprefix("gradio") for line in requirements() if line.startswith("gradio"))


def test_requirements_name_what_the_page_needs_and_no_more(space):
    lines = (space / "requirements.txt").read_text().splitlines()
    named = {Requirement(line).name for line in lines}
    assert {"torch", "diffusers", "mediapipe", "gradio", "spaces"} <= named
    assert not named & {"pytest", "accelerate", "vimo-pipeline"}
    assert f"torch=={version('torch').partition('+')[0]}" in lines


def test_the_source_goes_along_without_weights_and_caches(space):
    ours = {path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts}
    source = space / "vimo_pipeline"
    assert {path.relative_to(source) for path in source.rglob("*.py")} == ours
    assert (source / "motion/body.npz").is_file() and (source / "ui/components/viewer.bundle.js").is_file()
    assert not list(source.rglob("*.safetensors")) and not list(source.rglob("__pycache__"))
    assert {"LICENSE", "NOTICE", "THIRD_PARTY_NOTICES.md"} <= {path.name for path in space.iterdir()}


def test_the_program_is_python(space):
    assert ast.get_docstring(ast.parse((space / "app.py").read_text())).startswith("The page of me/vimo")


def test_a_pushed_space_is_the_folder_and_old_files_of_the_source_go(hub, model, tmp_path):
    publish(prepare(tmp_path / "pushed", "me/vimo", model=model, space_id="me/demo"))
    folder = tmp_path / "pushed/space"
    hub.edit("spaces/me/demo", **{"vimo_pipeline/gone__py": b"", "notes__txt": b"mine"})
    urls = publish(prepare(tmp_path / "again", "me/vimo", model=model, space_id="me/demo"))
    assert urls == [f"{hub.url}/me/vimo", f"{hub.url}/spaces/me/demo"]
    here = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(hub.files("spaces/me/demo")) == here | {"notes.txt"}
    assert hub.created["spaces/me/demo"]["sdk"] == "gradio"


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("gradio"), reason="gradio is not installed")
def test_it_starts_from_its_folder_and_takes_its_model_from_the_hub(hub, model, tmp_path):
    publish(prepare(tmp_path / "pushed", "me/vimo", model=model, space_id="me/demo"))
    for path, content in hub.files("spaces/me/demo").items():  # as a Space is built
        (tmp_path / "built" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "built" / path).write_bytes(content)
    hub.fetched.clear()
    with started(tmp_path / "built", endpoint=hub.url, home=tmp_path / "home") as page:
        names = {endpoint["api_name"] for endpoint in page["dependencies"]}
    assert "capture" in names
    assert (tmp_path / "built/vimo_pipeline/__pycache__").is_dir()  # its own source ran, not ours
    assert "transformer/diffusion_pytorch_model.safetensors" in hub.fetched


class started:  # noqa: N801  a context manager, used like a function
    """`python app.py` in a folder; gives what the page says of itself once it answers."""

    def __init__(self, folder: Path, *, endpoint: str, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.environment = os.environ | {
            "HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1",
            "GRADIO_SERVER_PORT": str(self.port), "GRADIO_SERVER_NAME": "127.0.0.1",
            "PYTHONDONTWRITEBYTECODE": "",
        }  # fmt: skip

    def __enter__(self) -> dict:
        words = [sys.executable, "app.py"]
        self.log = (self.folder / "log.txt").open("w+")
        self.page = subprocess.Popen(
            words, cwd=self.folder, env=self.environment, stdout=self.log, stderr=self.log
        )
        try:
            return self._wait(seconds=240)
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        self.page.kill()
        self.page.wait()
        self.log.close()

    def _wait(self, seconds: float) -> dict:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.page.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/config", timeout=30) as answer:
                    return json.load(answer)
            except OSError:
                time.sleep(0.5)
        self.log.seek(0)
        raise AssertionError(self.log.read()[-3000:])

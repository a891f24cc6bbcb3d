"""The rules of the house: which room may use which, what an import costs, what a checkpoint names."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from huggingface_hub import metadata_load

from vimo_pipeline.models import MotionNormaliser, ViMoTransformer
from vimo_pipeline.pipelines.hub import BUNDLED_WEIGHTS
from vimo_pipeline.schedulers import PTSSScheduler

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "vimo_pipeline"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "node_modules" not in path.parts)

# A module imports only from its own room and from rooms on its left. The first is a single file.
ROOMS = (
    "whole_file", "motion", "video", "keypoints", "export", "models", "schedulers", "data", "losses",
    "metrics", "pipelines", "training", "publishing", "ui", "cli",
)  # fmt: skip
ONLY = {"motion": set(), "models": {"motion"}, "schedulers": {"motion"}, "losses": {"motion"}}
NEVER = {"data": {"models"}}

# Import paths stand in every saved pipeline: to move a class is to break all checkpoints.
SAVED_CLASSES = {
    "transformer": (ViMoTransformer, "vimo_pipeline.models.transformer"),
    "scheduler": (PTSSScheduler, "vimo_pipeline.schedulers.ptss"),
    "normaliser": (MotionNormaliser, "vimo_pipeline.models.normaliser"),
}

HEAVY = (
    "gradio", "mediapipe", "librosa", "ray", "cv2", "smplx", "transformers", "matplotlib", "trimesh",
)  # fmt: skip
LARGEST_BYTES = 500_000
MAY_BE_LARGER = ("*.safetensors", "examples/example.mp4", "vimo_pipeline/ui/components/viewer.bundle.js")


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(PACKAGE).as_posix() for path in paths]


def room_of(module: Path) -> str | None:
    """The folder or file right below the package; None for `__init__.py`, which shows what rooms offer."""
    first = module.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return None if first == "__init__" else first


IN_ROOMS = [module for module in MODULES if room_of(module)]


def test_everything_in_the_package_is_a_room():
    assert {room_of(module) for module in IN_ROOMS} <= set(ROOMS)


@pytest.mark.parametrize("module", IN_ROOMS, ids=names(IN_ROOMS))
def test_a_room_uses_only_rooms_on_its_left(module):
    room = room_of(module)
    used = set(rooms_imported_by(module)) - {room}
    allowed = ONLY.get(room, set(ROOMS[: ROOMS.index(room)]) - NEVER.get(room, set()))
    assert used <= allowed, f"{room} imports {sorted(used - allowed)}"


def rooms_imported_by(module: Path) -> Iterator[str]:
    """First name below the package of everything a file imports, also inside functions."""
    parents = ["vimo_pipeline", *module.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            targets = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = parents[: len(parents) + 1 - node.level] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            targets = [[*base, alias.name] for alias in node.names]
        else:
            continue
        yield from (target[1] for target in targets if target[0] == "vimo_pipeline" and target[1:])


def test_the_reader_of_imports_sees_every_form(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
    module = tmp_path / "ui" / "page.py"
    module.parent.mkdir()
    module.write_text(
        "import vimo_pipeline.data.packs\nfrom vimo_pipeline import losses\nfrom .. import models\n"
        "from ..motion.skeleton import PARENTS\nfrom .theme import COLOURS\nimport torch\n"
        "def later():\n    from ..video import reader\n"
    )
    assert set(rooms_imported_by(module)) == {"data", "losses", "models", "motion", "ui", "video"}


def test_importing_the_package_is_light():
    question = f"import sys, vimo_pipeline; print(*[name for name in {HEAVY} if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []


@pytest.mark.parametrize("component", SAVED_CLASSES)
def test_saved_classes_stay_where_checkpoints_look_for_them(component):
    saved, module = SAVED_CLASSES[component]
    assert saved.__module__ == module
    if not BUNDLED_WEIGHTS.is_dir():
        pytest.skip(f"no weights in {BUNDLED_WEIGHTS.relative_to(ROOT)}")
    index = json.loads((BUNDLED_WEIGHTS / "model_index.json").read_text())
    assert index[component] == [module, saved.__name__]


@pytest.mark.parametrize("module", MODULES, ids=names(MODULES))
def test_public_names_say_what_they_are(module):
    tree = ast.parse(module.read_text())
    assert list(undocumented(tree)) == []
    assert ast.get_docstring(tree) or not tree.body


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Public functions, classes and methods without a docstring."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for node in chain(tree.body, *(owner.body for owner in classes)):
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.name


def test_no_large_file_is_kept():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    files = [
        path for path in files if path.is_file() and not any(path.match(pattern) for pattern in MAY_BE_LARGER)
    ]
    assert [path.name for path in files if path.stat().st_size > LARGEST_BYTES] == []


def test_requirements_hold_what_the_package_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    needed = chain(project["dependencies"], extras["pose"], extras["ui"], extras["train"])
    installed = (ROOT / "requirements.txt").read_text().splitlines()
    assert {package(line) for line in needed} == {package(line) for line in installed if line[:1].isalpha()}
    assert {"torch==2.13.0", "mediapipe==0.10.21"} <= set(installed)


def test_the_readme_starts_a_space():
    card = metadata_load(ROOT / "README.md")
    assert card["sdk"] == "gradio"
    assert card["sdk_version"].startswith("6.31")
    assert card["python_version"] == "3.11"
    assert (ROOT / card["app_file"]).is_file()
    assert len(card["short_description"]) <= 60  # the Hub refuses longer ones


def package(requirement: str) -> str:
    """The name that a requirement starts with."""
    return re.match(r"[A-Za-z0-9_.-]+", requirement).group().lower()

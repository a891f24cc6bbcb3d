"""The page as programs meet it: the example client, eight of them at once, and those that mean harm."""

import gc
import json
import runpy
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from gradio_client import Client, handle_file

from vimo_pipeline.export import load_motion

from .served import served
from .standing import standing

ROOT = Path(__file__).parents[2]
CLIENTS = 8


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def address(untrained_pipe, cache):
    from vimo_pipeline.ui.app import build_app

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(cache))
        with served(build_app(untrained_pipe), max_file_size="1mb") as address:
            yield address


def clip_of(frames: int, path: Path) -> Path:
    """A keypoints file."""
    standing(frames).save(path)
    return path


def patient(address: str, folder: Path) -> Client:
    """A client that waits for a busy machine."""
    return Client(address, verbose=False, download_files=folder, httpx_kwargs={"timeout": 240})


def capture(client: Client, path: Path, **options) -> list:
    options = {"video": None, "keypoints": handle_file(path), "num_inference_steps": 2, **options}
    return client.predict(**options, api_name="/capture")


@pytest.mark.slow
def test_the_example_client(address, tmp_path, monkeypatch, capsys):
    example = ROOT / "examples" / "example.mp4"
    if not example.is_file():
        pytest.skip("examples/example.mp4 is missing")
    from vimo_pipeline.ui.endpoints.trimming import trimmed

    clip = trimmed(example, tmp_path, stop=1)
    words = ["page_client.py", str(clip), str(tmp_path / "out"), address]
    monkeypatch.setattr(sys, "argv", words)
    runpy.run_path(str(ROOT / "examples" / "page_client.py"), run_name="__main__")
    lengths = {len(load_motion(path)) for path in (tmp_path / "out").iterdir()}
    assert len(list((tmp_path / "out").iterdir())) == 3 and lengths == {30}
    assert "stylised" in capsys.readouterr().out


def test_eight_clients_at_once_get_their_own_answers(address, tmp_path):
    clients = [patient(address, tmp_path / str(number)) for number in range(CLIENTS)]
    clips = [clip_of(10 + k, tmp_path / f"clip{k}.npz") for k in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(capture, clients, clips))
    for number, (_, _, _, bvh, *_) in enumerate(answers):
        assert Path(bvh).name == f"clip{number}.bvh" and len(load_motion(bvh)) == 10 + number


@pytest.mark.slow
def test_memory_comes_back_to_where_it_was(address, tmp_path):
    def resident() -> float:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * 4096 / 2**20

    client = patient(address, tmp_path)
    clip = clip_of(60, tmp_path / "clip.npz")
    for _ in range(4):
        capture(client, clip)
    before = resident()
    for _ in range(12):
        capture(client, clip)
    assert resident() - before < 60, "MiB"


def test_files_outside_the_cache_are_not_served(address, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    sly = [
        secret,
        "/etc/passwd",
        ROOT / "pyproject.toml",
        ROOT / "vimo_pipeline/ui/app.py",
        "../../etc/passwd",
    ]
    for path in sly:
        assert httpx.get(f"{address}/gradio_api/file={path}").status_code in (403, 404), path


def test_an_upload_that_is_too_large_is_turned_away(address, cache):
    before = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())
    answer = httpx.post(
        f"{address}/gradio_api/upload", files={"files": ("a.mp4", bytes(3 * 2**20))}, timeout=60
    )
    assert answer.status_code == 413
    assert sum(path.stat().st_size for path in cache.rglob("*") if path.is_file()) - before < 2 * 2**20


def test_a_claim_of_two_gigabytes_waits_for_nothing(address):
    host, port = address.removeprefix("http://").split(":")
    head = f"POST /gradio_api/upload HTTP/1.1\r\nHost: {host}\r\nContent-Length: {2 * 2**30}\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as line:
        line.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x".encode())
        assert httpx.get(address, timeout=60).status_code == 200  # others are served meanwhile
    assert httpx.get(address, timeout=60).status_code == 200


@pytest.mark.parametrize(
    "name", ["../../escape.npz", "<img src=x onerror=alert(1)>.npz", "a\x00b.npz", "x" * 400]
)
def test_a_path_or_html_in_a_name_does_nothing(address, cache, tmp_path, name):
    content = clip_of(8, tmp_path / "clip.npz").read_bytes()
    answer = httpx.post(f"{address}/gradio_api/upload", files={"files": (name, content)}, timeout=60)
    if answer.status_code != 200:
        return
    (path,) = answer.json()
    assert Path(path).resolve().is_relative_to(cache.resolve())
    assert not {"<", ">", "\x00"} & set(path)
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    said = call(address, "capture", [None, file, 0, 0, 0, 1, 1.5, 2, 0])
    assert "<img" not in said and not list(cache.parent.glob("escape*"))


@pytest.mark.parametrize("path", ["/etc/passwd", "../secret.npz", "https://127.0.0.1:1/a.npz"])
def test_a_file_that_was_never_uploaded_is_not_read(address, path):
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    said = call(address, "capture", [None, file, 0, 0, 0, 1, 1.5, 2, 0])
    assert "error" in said and "root:" not in said


@pytest.mark.parametrize(
    "numbers",
    [
        [0, 0, 0, 4000, 1.5, 2, 0],
        [0, 0, 0, 1, 1.5, 10**9, 0],
        [-5, -1, 0, 1, 1.5, 2, 0],
        [0, 0, 0, 1, 1e9, 2, -1],
        ["a", None, "b", None, "c", {}, []],
    ],
)
def test_numbers_outside_the_page_are_refused(address, tmp_path, numbers):
    upload = httpx.post(
        f"{address}/gradio_api/upload",
        files={"files": ("clip.npz", clip_of(8, tmp_path / "clip.npz").read_bytes())},
    )
    file = {"path": upload.json()[0], "meta": {"_type": "gradio.FileData"}}
    assert "error" in call(address, "capture", [None, file, *numbers])


def call(address: str, endpoint: str, values: list) -> str:
    """What the server says to a call that no client of gradio's would make."""
    job = httpx.post(f"{address}/gradio_api/call/{endpoint}", json={"data": values}, timeout=60)
    if job.status_code != 200:
        return f"error {job.text}"
    said = httpx.get(f"{address}/gradio_api/call/{endpoint}/{job.json()['event_id']}", timeout=120).text
    return json.dumps(said)

"""The page on a machine that behaves like a ZeroGPU Space: `python zero_gpu.py FOLDER`, for test_zero_gpu.py.

The package `spaces` does what it does there: torch says that there is a GPU, weights on it cannot be computed
with, and what was decorated runs in a forked process. Two things are stood in for: the service that lends
GPUs always says yes, and in the forked process the CPU is the GPU.
"""

import json
import multiprocessing
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import torch

LENT = {"idle": True, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": "token"}
asked: list[str] = []


class Service(BaseHTTPRequestHandler):
    """Lends to everybody, and remembers what it was asked."""

    def do_POST(self) -> None:
        asked.append(self.path.partition("?")[0])
        answer = json.dumps(LENT).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words: object) -> None:
        """Keep quiet."""


def become_a_space(folder: Path) -> None:
    service = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    os.environ |= {
        "SPACES_ZERO_GPU": "true",
        "SPACES_ZERO_DEVICE_API_URL": f"http://127.0.0.1:{service.server_port}",
        "ZEROGPU_OFFLOAD_DIR": str(folder / "offload"),
        "GRADIO_TEMP_DIR": str(folder / "cache"),
        "HF_HUB_OFFLINE": "1",
    }
    if torch.version.cuda is None:  # a build for the CPU lacks what `spaces` looks at
        torch.version.cuda = "12.8"
        torch.cuda._is_in_bad_fork = bool
        torch._C._cuda_init = lambda: None


def let_the_cpu_be_the_gpu() -> None:
    """`torch.pack` would put the weights on the disk, `init` and `move` from there on the GPU."""
    from spaces.zero import torch as zero
    from spaces.zero.torch import patching

    def move(callback: object = None) -> None:
        for weight, value in patching.cuda_aliases.items():
            weight.data = value

    zero.pack, zero.init, zero.move = (lambda: 0), (lambda uuid: None), move


def work(address: str, clip: Path) -> dict[str, object]:
    """What a visitor gets, and which calls cost a GPU."""
    from gradio_client import Client, handle_file

    page = Client(address, verbose=False, download_files=clip.parent / "downloads")
    told: dict[str, object] = {}
    *_, motion, _, told["capture"] = page.predict(
        keypoints=handle_file(clip), num_inference_steps=2, api_name="/capture"
    )
    motion = handle_file(motion)
    told["complete"] = page.predict(motion, keep="0:4", num_inference_steps=2, api_name="/complete")[-1]
    told["stylise"] = page.predict(motion, motion, strength=5, api_name="/stylise")[-1]
    told["batch"] = page.predict([handle_file(clip)], num_inference_steps=2, api_name="/batch")[0]["data"]
    told["borrowed"] = asked.count("/schedule")
    told["refused"] = {}
    early, late = (
        {"keep": "", "api_name": "/complete"},
        {"style": motion, "strength": 5, "api_name": "/stylise"},
    )
    for name, options in {"early": early, "late": late}.items():
        try:
            page.predict(motion, num_inference_steps=2, **options)
        except Exception as error:
            told["refused"][name] = str(error)
    return told


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    become_a_space(folder)

    from vimo_pipeline.ui.app import build_app, page_options, shipped_pipeline

    pipe = shipped_pipeline()
    let_the_cpu_be_the_gpu()
    app = build_app(pipe)
    _, address, _ = app.launch(
        **page_options() | {"mcp_server": False},
        prevent_thread_lock=True,
        server_name="127.0.0.1",
        quiet=True,
    )
    told = {"device": str(pipe.device), **work(address, folder / "clip.npz"), "asked": asked}
    (folder / "told.json").write_text(json.dumps(told))
    for forked in multiprocessing.active_children():  # it waits for its next call
        forked.kill()
    os._exit(0)

"""What the page does, from a program: its endpoints capture, complete and stylise.

python app.py                                                       # in another terminal, or a Space
python examples/page_client.py examples/example.mp4 outputs/client http://127.0.0.1:7860
"""

import shutil
import sys
from pathlib import Path

from gradio_client import Client, handle_file

if __name__ == "__main__":
    video, folder, address = sys.argv[1:]
    page = Client(address, verbose=False)
    Path(folder).mkdir(parents=True, exist_ok=True)

    *_, npz, _, summary = page.predict(handle_file(video), hypotheses=1, seed=0, api_name="/capture")
    print("captured", summary)
    shutil.copy(npz, Path(folder) / "captured.npz")

    _, glb, *_, summary = page.predict(
        handle_file(npz), mode="In-between", keep="0:10,20:30", api_name="/complete"
    )
    print("completed", summary)
    shutil.copy(glb, Path(folder) / "completed.glb")

    _, glb, *_, summary = page.predict(handle_file(npz), style=handle_file(npz), api_name="/stylise")
    print("stylised", summary)
    shutil.copy(glb, Path(folder) / "stylised.glb")

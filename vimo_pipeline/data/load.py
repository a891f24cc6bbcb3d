"""One door to training data: a folder of motion packs, a prepared `datasets` folder, or an id on the Hub."""

from pathlib import Path

from .clips import Clip
from .packs import load_pack


def load_clips(data: str | Path, *, split: str, packs: tuple[str, ...] = ()) -> list[Clip]:
    """The clips of one split. `packs` says which packs of a pack folder; other data has no packs."""
    folder = Path(data)
    if (folder / "index.json").is_file():
        return [clip for pack in packs for clip in load_pack(folder, pack, split=split)]
    raise FileNotFoundError(f"no training data at {data}: a folder of packs has index.json and pack_*.npz")

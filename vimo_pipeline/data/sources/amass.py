"""AMASS: folders of NPZ files, one sub-folder a data set, one below it a subject."""

from pathlib import Path

from ...export.amass import read_amass
from ..clips import Clip, Recording, at_training_rate, on_floor, stamp_of
from .folders import list_files

LICENCE = "AMASS, non-commercial research (amass.is.tue.mpg.de/license.html)"

# The split that AMASS recommends (nghorbani/amass, data preparation), by old and new names of its data sets;
# every other data set is for training.
_SPLITS = {
    "HumanEva": "val", "MPI_HDM05": "val", "HDM05": "val", "SFU": "val", "MPI_mosh": "val", "MoSh": "val",
    "Transitions_mocap": "test", "Transitions": "test", "SSM_synced": "test", "SSM": "test",
}  # fmt: skip


def list_amass(folder: str | Path) -> list[Recording]:
    """Every motion below a folder of AMASS, or below one of its data sets. Files of body shapes are not."""
    folder = Path(folder)
    motions = [(file, name) for file, name in list_files(folder, (".npz",)) if not _is_shape(file)]
    return [_recording(file, name, [folder.name, *name.split("/")[:-1]]) for file, name in motions]


def _is_shape(file: Path) -> bool:
    return file.name == "shape.npz" or file.stem.endswith("_stagei")


def _recording(file: Path, name: str, folders: list[str]) -> Recording:
    dataset = next((part for part in folders if part in _SPLITS), folders[1] if folders[1:] else folders[0])

    def read() -> Clip:
        return Clip(name, on_floor(at_training_rate(read_amass(file))), dataset, LICENCE)

    return Recording(
        name, read, group="/".join(folders[1:]) or name, split=_SPLITS.get(dataset), stamp=stamp_of(file)
    )

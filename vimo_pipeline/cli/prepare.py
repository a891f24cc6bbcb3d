"""`vimo prepare`: recordings into a training dataset."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tqdm import tqdm

from ..data.clips import Recording
from ..data.prepare import Preparation, prepare, push_to_hub
from ..data.prepared import PIECE, datasets_library
from ..data.sources import AistSplit, list_aist, list_amass, list_bvh, list_own
from ..data.sources.aist_views import count_views


@dataclass(frozen=True)
class Prepare:
    """Make a training dataset of 150-frame pieces from AIST++, AMASS, BVH files or motions of your own."""

    source: Literal["aist", "amass", "bvh", "own"]
    """What the input is; own is GLB, NPZ, BVH or PKL as ViMo writes them."""
    input: Path
    """Folder of the recordings, searched through; AIST++ and AMASS as they were downloaded."""
    out: Path
    """New folder for the dataset, for `train.py --data`."""
    aist_split: AistSplit = "genre"
    """AIST++: genre as in ViMo, pose or crossmodal (EDGE's) as in its splits folder."""
    names: Path | None = None
    """BVH of other rigs: JSON file {SMPL joint: joint of the rig}."""
    licence: str = "unknown"
    """Of BVH files and motions of your own; it stands in every row."""
    stride: int = PIECE
    """Frames from one piece to the next; fewer than 150 overlap."""
    shortest: int = 30
    """Frames that a piece must have."""
    val_share: float = 0.05
    """Share kept for validation, by choreography or folder, where the source has no validation split."""
    workers: int = 1
    """Processes that read recordings; more than one need pip install "vimo-pipeline[scale]"."""
    push_to_hub: str | None = None
    """Also upload the dataset to the Hub under this id, you/name. Mind the licence of the data."""

    def run(self) -> None:
        """Prepare, and say what was written and what could not be read."""
        recordings = self.recordings()
        datasets_library().disable_progress_bars()  # ours counts the files
        self.out.parent.mkdir(parents=True, exist_ok=True)
        with tqdm(total=len(recordings), unit="file") as bar:
            done = prepare(
                recordings,
                self.out,
                source=self.source,
                views=count_views(self.input) if self.source == "aist" else 0,
                stride=self.stride,
                shortest=self.shortest,
                val_share=self.val_share,
                workers=self.workers,
                progress=bar.update,
            )
        sys.stdout.write(preparation_summary(done, self.out))
        if self.push_to_hub:
            datasets_library().enable_progress_bars()
            push_to_hub(self.out, self.push_to_hub)
            sys.stdout.write(f"\nuploaded to https://huggingface.co/datasets/{self.push_to_hub}\n")

    def recordings(self) -> list[Recording]:
        """What the source lists."""
        match self.source:
            case "aist":
                return list_aist(self.input, split=self.aist_split)
            case "amass":
                return list_amass(self.input)
            case "bvh":
                return list_bvh(self.input, names=self.names, licence=self.licence)
            case "own":
                return list_own(self.input, licence=self.licence)


def preparation_summary(done: Preparation, out: Path) -> str:
    """How much is in which split, and what was left out and why."""
    lines = [f"\n{out}\n"]
    lines += [f"{split:>11} {count:6} pieces of 5 s\n" for split, count in done.pieces.items()]
    if done.skipped:
        lines.append(f"\n{len(done.skipped)} recordings were left out:\n")
        lines += [f"  {name}: {reason}\n" for name, reason in done.skipped.items()]
    return "".join(lines)

"""`vimo`: the command line. Each command is one dataclass; its help is made from the fields."""

import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro
from diffusers.utils.logging import disable_progress_bar
from tqdm import tqdm

from .data.clips import Recording
from .data.prepare import Preparation, prepare, push_to_hub
from .data.prepared import PIECE, datasets_library
from .data.sources import AistSplit, list_aist, list_amass, list_bvh, list_own
from .data.sources.aist_views import count_views
from .pipelines.capture import CaptureResult, capture
from .pipelines.vimo import ViMoPipeline


@dataclass(frozen=True)
class Capture:
    """Turn a casual video of a person into editable 3D motion: GLB, BVH, NPZ and a preview."""

    input: tyro.conf.Positional[Path]
    """A video, a keypoints NPZ, a folder of OpenPose JSON files or an AlphaPose JSON."""
    out: Path
    """Folder for the files; it is made when missing."""
    hypotheses: int = 1
    """How many different motions to imagine."""
    guidance_scale: float | None = None
    """How closely to follow what was seen; 1 is off. Unless given, the pipeline's default."""
    steps: int | None = None
    """Denoising steps. Unless given, the pipeline's default."""
    seed: int = 0
    """The same seed gives the same motions."""
    person: int | None = None
    """Which person, when several are seen: 0 is the one seen longest and largest."""
    model: str | None = None
    """Folder or Hub id of a pipeline; unless given, the weights in this package."""
    preview: bool = True
    """Write the side-by-side preview video."""

    def run(self) -> None:
        """Capture and say where the files are."""
        disable_progress_bar()  # loading three small files is no progress worth a bar
        pipe = ViMoPipeline.from_pretrained(self.model) if self.model else ViMoPipeline.from_pretrained()
        pipe.set_progress_bar_config(disable=True)
        with StageBars() as bars:
            result = capture(
                self.input,
                self.out,
                pipe=pipe,
                hypotheses=self.hypotheses,
                guidance_scale=self.guidance_scale,
                num_inference_steps=self.steps,
                seed=self.seed,
                person=self.person,
                preview=self.preview,
                progress=bars.show,
            )
        sys.stdout.write(summary(result))


_BAR = "{desc:>11} {percentage:3.0f}% |{bar:40}| {elapsed}"


class StageBars:
    """One progress bar a stage."""

    def __enter__(self) -> "StageBars":
        self.stage: str | None = None
        self.bar: tqdm | None = None
        return self

    def show(self, stage: str, share: float) -> None:
        """Move the bar of a stage; a new stage starts a new bar."""
        if stage != self.stage:
            self.__exit__()
            self.stage = stage
            self.bar = tqdm(total=100, desc=stage, bar_format=_BAR)
        self.bar.update(round(100 * share) - self.bar.n)

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.close()


def summary(result: CaptureResult) -> str:
    """What a person wants to know after a capture."""
    seen = result.keypoints
    share = (seen.confidence > 0).any(1).mean()
    lines = [f"\n{len(seen) / seen.fps:.1f} s of motion; the person was seen in {share:.0%} of the frames.\n"]
    lines += [f"  {path}\n" for paths in result.files.values() for path in paths]
    lines += [f"{stage:>11} {seconds:6.1f} s\n" for stage, seconds in result.seconds.items()]
    return "".join(lines)


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
    push_to_hub: str | None = None
    """Also upload the dataset to the Hub under this id, you/name. Mind the licence of the data."""

    def run(self) -> None:
        """Prepare, and say what was written and what could not be read."""
        recordings = self.recordings()
        datasets_library().disable_progress_bars()  # ours counts the files
        with tqdm(total=len(recordings), unit="file") as bar:
            done = prepare(
                recordings,
                self.out,
                source=self.source,
                views=count_views(self.input) if self.source == "aist" else 0,
                stride=self.stride,
                shortest=self.shortest,
                val_share=self.val_share,
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


COMMANDS = {"capture": Capture, "prepare": Prepare}


def main() -> None:
    """Run a command; a mistake in the input is one sentence and exit status 2, not a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    command = tyro.extras.subcommand_cli_from_dict(COMMANDS, prog="vimo")
    try:
        command.run()
    except (ValueError, FileNotFoundError, ImportError) as error:
        sys.stderr.write(f"vimo: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()

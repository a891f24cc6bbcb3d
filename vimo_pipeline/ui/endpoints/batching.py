"""Many clips, one after another: what is done is kept, so that a batch goes on where it was stopped."""

import csv
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...whole_file import whole_file
from ..running.tidying import BATCH

if TYPE_CHECKING:
    from ...pipelines.capture import CaptureResult
    from ..running.lending import Lender

_DONE = "seen.json"


@dataclass(frozen=True)
class Seen:
    """One line of the table: what was seen in a clip."""

    file: str
    seconds: float = 0.0
    seen: str = ""  # share of the frames that show anybody
    confidence: float = 0.0  # mean, where a keypoint was seen
    shots: int = 0
    note: str = "done"

    @classmethod
    def of(cls, name: str, result: "CaptureResult") -> "Seen":
        """The line of a clip that was captured."""
        keypoints = result.keypoints
        firm = keypoints.confidence[keypoints.confidence > 0]
        share = (keypoints.confidence > 0).any(1).mean()
        seconds = round(len(keypoints) / keypoints.fps, 1)
        return cls(name, seconds, f"{share:.0%}", round(float(firm.mean()), 2), len(keypoints.cuts) + 1)


HEADERS = [field.name.capitalize() for field in fields(Seen)]


def kept_folder(cache: Path, clip: str | Path, options: dict[str, Any]) -> Path:
    """Where the files of a clip are kept: named by what is in it and what is asked for."""
    digest = hashlib.sha256(json.dumps(options, sort_keys=True).encode())
    with Path(clip).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return cache / BATCH / digest.hexdigest()


def capture_kept(
    clip: str | Path,
    folder: Path,
    *,
    lender: "Lender",
    tell: Callable[[str, float], None],
    **options: Any,
) -> Seen:
    """Capture a clip into its kept folder, unless it is there already. A clip that fails says why."""
    from ...pipelines.capture import capture

    done, name = folder / _DONE, Path(clip).name
    if done.is_file():
        return Seen(
            **json.loads(done.read_text(encoding="utf-8")) | {"file": name, "note": "was done before"}
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        line = Seen.of(name, capture(clip, folder, pipe=lender, progress=tell, **options))
    except (ValueError, FileNotFoundError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        return Seen(name, note=str(error).replace(str(clip), name))
    with whole_file(done) as partial:
        Path(partial).write_text(json.dumps(asdict(line)), encoding="utf-8")
    return line


def write_archive(path: Path, clips: Sequence[tuple[Path, Seen]]) -> None:
    """A ZIP with a folder of files for every clip that was captured, and the table as CSV."""
    with whole_file(path) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("what_was_seen.csv", _table([line for _, line in clips]))
        for number, (folder, line) in enumerate(clips, 1):
            files = sorted(folder.iterdir()) if folder.is_dir() else []
            for file in (file for file in files if file.name != _DONE):
                zipped.write(file, f"{number:02d}_{Path(line.file).stem}/{file.name}")


def _table(lines: Sequence[Seen]) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    writer.writerows(astuple(line) for line in lines)
    return text.getvalue()

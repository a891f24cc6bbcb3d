"""What endpoints hand out: one file of many, and nothing left behind."""

import zipfile
from collections.abc import Sequence
from pathlib import Path


def one_file(paths: Sequence[Path]) -> Path:
    """The file itself, or one ZIP of several."""
    if len(paths) == 1:
        return paths[0]
    archive = paths[0].with_name(f"{paths[0].stem}-{paths[0].suffix[1:]}.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in paths:
            zipped.write(path, path.name)
    return archive


def keep_only(folder: Path, wanted: Sequence[Path | None]) -> None:
    """Remove what nobody can fetch: gradio tidies up the files that it serves and no others."""
    for path in set(folder.iterdir()) - set(wanted):
        path.unlink()

"""Make docs/preview.gif, the picture in the README, from the example video.

python scripts/make_preview_gif.py
"""

import subprocess
import tempfile
from pathlib import Path

import imageio_ffmpeg

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.pipelines.capture import capture

ROOT = Path(__file__).parents[1]
START, SECONDS = 1.0, 3.0
# The person and both figures, without the walls beside the person; few flat colours keep it below 500 kB.
FILTERS = (
    "split[a][b];[a]crop=470:ih:190:0[person];[b]crop=iw-854:ih:854:0[figures];[person][figures]hstack,"
    "fps=10,scale=480:-1:flags=lanczos,split[c][d];[c]palettegen=max_colors=40:stats_mode=diff[colours];"
    "[d][colours]paletteuse=dither=none:diff_mode=rectangle"
)


def main() -> None:
    """Capture two hypotheses, cut out a few seconds and write the GIF."""
    with tempfile.TemporaryDirectory() as folder:
        pipe = ViMoPipeline.from_pretrained()
        result = capture(ROOT / "examples" / "example.mp4", folder, pipe=pipe, hypotheses=2)
        part = ["-ss", str(START), "-t", str(SECONDS), "-i", str(result.files["preview"][0])]
        target = ROOT / "docs" / "preview.gif"
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
        subprocess.run([ffmpeg, "-v", "error", "-y", *part, "-vf", FILTERS, str(target)], check=True)


if __name__ == "__main__":
    main()

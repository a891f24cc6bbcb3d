"""A video of any length becomes one motion, and the spans in which nobody was seen are named.

python examples/long_video.py long.mp4 motion.glb
"""

import sys

from vimo_pipeline import ViMoPipeline, save_motion
from vimo_pipeline.keypoints import load_keypoints

if __name__ == "__main__":
    source, target = sys.argv[1:]
    seen = load_keypoints(source)  # frame by frame: no video is ever in memory
    found = ViMoPipeline.from_pretrained()(
        keypoints=seen, longest_unseen=5.0
    )  # windows that agree on one motion
    motion = found.motions[0]
    save_motion(motion, target)
    print(f"{motion.seconds:.1f} s, {len(seen.cuts)} cuts")
    for start, stop in found.unseen:
        print(f"imagined, as nobody was seen: {start / motion.fps:.1f} to {stop / motion.fps:.1f} s")
    for start, stop in found.still:
        print(f"stands still, too long to imagine: {start / motion.fps:.1f} to {stop / motion.fps:.1f} s")

"""A casual video becomes GLB, BVH, NPZ and a preview video.

python examples/capture.py examples/example.mp4 outputs/example
"""

import sys

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.pipelines.capture import capture

if __name__ == "__main__":
    video, folder = sys.argv[1:]
    result = capture(video, folder, pipe=ViMoPipeline.from_pretrained())
    for kind, paths in result.files.items():
        print(f"{kind:>10}", *paths)
    motion = result.motions[0]
    print(f"{motion.seconds:.1f} s, pelvis {motion.root[:, 1].mean():.2f} m above the floor on average")

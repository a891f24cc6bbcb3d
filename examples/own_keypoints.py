"""Keypoints of your own detector become a BVH.

python examples/own_keypoints.py detections.npy 30 1280 720 motion.bvh
"""

import sys

import numpy as np

from vimo_pipeline import Keypoints, ViMoPipeline, save_motion
from vimo_pipeline.keypoints import clean

if __name__ == "__main__":
    detections, fps, width, height, target = sys.argv[1:]
    # [T, 17, 3] in COCO order: x right, y down in pixels; confidence in [0, 1], 0 where nothing was seen
    points = np.load(detections).astype(np.float32)
    seen = Keypoints(points, float(fps), int(width), int(height))
    seen = clean(seen)  # masks jumps, puts swapped sides right, fills short gaps
    motion = ViMoPipeline.from_pretrained()(keypoints=seen).motions[0]
    save_motion(motion, target)

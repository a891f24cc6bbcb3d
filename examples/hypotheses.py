"""A video leaves things open. Several hypotheses show which: where they differ, it says little.

python examples/hypotheses.py examples/example.mp4
"""

import sys

import torch

from vimo_pipeline import ViMoPipeline
from vimo_pipeline.motion import JOINT_NAMES

if __name__ == "__main__":
    pipe = ViMoPipeline.from_pretrained()
    motions = pipe(sys.argv[1], num_hypotheses=4, generator=torch.Generator().manual_seed(0)).motions
    joints = torch.stack([motion.joints() - motion.root[:, None] for motion in motions])  # [K, T, 24, 3]
    spread = joints.std(0).norm(dim=-1).mean(0)  # [24] metres, of the joint around its mean
    for joint in spread.argsort(descending=True):
        print(f"{JOINT_NAMES[joint]:>15} {100 * spread[joint]:5.1f} cm")

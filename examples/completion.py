"""The middle third of a motion is thrown away and imagined anew, three times.

python examples/completion.py motion.bvh completed.glb
"""

import sys
from pathlib import Path

import torch

from vimo_pipeline import Mask, ViMoCompletionPipeline, load_motion, save_motion

if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    pipe = ViMoCompletionPipeline.from_pretrained()
    motion = load_motion(source).resample(pipe.config.fps)
    third = len(motion) // 3
    mask = Mask.everything(len(motion)).hide(
        frames=f"{third}:{2 * third}"
    )  # hide("left_arm", frames=...) too
    result = pipe(motion, mask, num_hypotheses=3, generator=torch.Generator().manual_seed(0))
    for number, whole in enumerate(result.motions):
        path = target.with_stem(f"{target.stem}.{number}")
        save_motion(whole, path)
        moved = (whole.joints() - motion.joints()).norm(dim=-1).mean(-1)  # [T] metres
        inside = moved[third : 2 * third].mean()
        outside = torch.cat([moved[:third], moved[2 * third :]]).max()
        print(f"{path}: {100 * inside:.1f} cm from what was there, {100 * outside:.3f} cm where it was kept")

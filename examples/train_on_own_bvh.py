"""A folder of BVH files becomes a dataset and then a model.

python examples/train_on_own_bvh.py FOLDER OUTPUT [STEPS]

The joints may be named as by CMU, MotionBuilder, Mixamo or SMPL. The settings are those of a first try, some
minutes on a laptop; `accelerate launch train.py --data OUTPUT/dataset` trains with the recipe of today.
"""

import sys
from pathlib import Path

from vimo_pipeline.data.prepare import prepare
from vimo_pipeline.data.sources import list_bvh
from vimo_pipeline.training import TrainConfig, train

if __name__ == "__main__":
    folder, output, *steps = sys.argv[1:]
    output = Path(output)
    output.mkdir(parents=True, exist_ok=True)
    done = prepare(list_bvh(folder), output / "dataset", source="bvh", val_share=0.1)
    print(", ".join(f"{split}: {count} pieces of 5 s" for split, count in done.pieces.items()))
    for name, reason in done.skipped.items():
        print(f"left out {name}: {reason}")

    steps = int(steps[0]) if steps else 200
    config = TrainConfig(
        data=str(output / "dataset"), output=output / "run", model="small", steps=steps, decay=steps // 4,
        frames=(60,), frames_a_step=600,
    )  # fmt: skip
    print(f"The trained parts are in {train(config)}; make a pipeline of them with")
    print(f"python scripts/bundle_weights.py --components {config.output}/final --out my_model")

"""Train ViMo: `accelerate launch train.py --data ../shared/data/mocap`; options: `python train.py --help`."""

import logging

import tyro

from vimo_pipeline.training import TrainConfig, train

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    train(tyro.cli(TrainConfig))

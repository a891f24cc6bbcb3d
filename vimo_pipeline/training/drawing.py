"""Batches, each a function of its number: any worker may draw it, and a resumed run draws the same."""

from collections.abc import Iterator

import torch
from numpy.random import SeedSequence
from torch import Generator
from torch.utils.data import DataLoader, Dataset

from ..data.batches import Batch, draw_batch
from ..data.windows import MotionBank
from ..pipelines.device import choose_device
from .config import TrainConfig


class Draws(Dataset):
    """Batch number n of one process of a run."""

    def __init__(self, bank: MotionBank, config: TrainConfig, *, process: int = 0) -> None:
        self.bank, self.config, self.process = bank, config, process

    def __getitem__(self, number: int) -> Batch:
        generator = Generator().manual_seed(self._seed(number))
        lengths = self.config.frames
        frames = lengths[int(torch.randint(len(lengths), (1,), generator=generator))]
        size = max(1, self.config.frames_a_step // frames)
        return draw_batch(self.bank, size, frames, generator=generator, augment=self.config.augment)

    def _seed(self, number: int) -> int:
        """Mixed well, because torch's CPU generator looks at the low 32 bits of a seed only."""
        return int(SeedSequence([self.config.seed, self.process, number]).generate_state(1)[0])

    def start(self, first: int) -> Iterator[Batch]:
        """All batches from a number on, drawn ahead by `config.workers` processes."""
        last = self.config.steps * self.config.accumulate
        loader = DataLoader(
            self, batch_size=None, sampler=range(first, last), num_workers=self.config.workers,
            worker_init_fn=_one_thread, pin_memory=choose_device().type == "cuda",
        )  # fmt: skip
        return iter(loader)


def _one_thread(_worker: int) -> None:
    """Tensors here are small, and threads of many workers would fight for the cores."""
    torch.set_num_threads(1)

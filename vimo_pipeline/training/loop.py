"""The training loop: accelerate, EMA, checkpoints that continue, validation on clips never trained on."""

import json
import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from diffusers.training_utils import EMAModel
from torch import Generator, Tensor
from torch.optim.lr_scheduler import LambdaLR
from tqdm import tqdm

from ..data.batches import Batch, draw_batch
from ..data.load import load_clips
from ..data.windows import MotionBank
from ..models import DeltaInterpolator, MotionNormaliser, ViMoTransformer
from ..schedulers import PTSSScheduler
from ..whole_file import shortened, whole_file, whole_folder
from .checkpoint import (
    MANGLED,
    PROGRESS,
    finish_checkpoint,
    joined,
    latest_checkpoint,
    refuse_code,
    split,
)
from .config import TrainConfig
from .drawing import Draws
from .interpolation import Interpolation
from .monitor import Monitor, Symptom, loss_symptoms, spread_of, spread_symptoms
from .objective import Objective
from .optimisation import make_model, make_optimizer, quick_attention
from .samples import write_samples
from .schedules import learning_rate_factor, loss_weights
from .tracking import check_tracker, start_tracker
from .validation import errors

logger = logging.getLogger(__name__)

LOG_EVERY = 50  # steps
SAMPLES = 3  # clips in a picture
NORMALISED = 512  # windows whose mean and deviation are taken


def train(config: TrainConfig) -> Path:
    """Run (or go on with) a training run; returns the folder of the finished components."""
    accelerator = Accelerator(
        mixed_precision=config.mixed_precision, log_with=check_tracker(config.tracker),
        project_dir=config.output, step_scheduler_with_optimizer=False,
    )  # fmt: skip
    set_seed(config.seed, device_specific=True)
    run = Run(config, accelerator)
    run.resume()
    run.train()
    if accelerator.is_main_process:
        with whole_folder(config.output / "final") as folder:
            run.save_components(folder)
    accelerator.end_training()
    return config.output / "final"


class Run:
    """Everything that lives as long as a training run."""

    def __init__(self, config: TrainConfig, accelerator: Accelerator) -> None:
        self.config, self.accelerator = config, accelerator
        self.bank = MotionBank(
            [clip.motion for clip in load_clips(config.data, split="train", packs=config.packs)]
        )
        self.draws = Draws(self.bank, config, process=accelerator.process_index)
        self.held_out = _held_out(config)
        self.normaliser = make_normaliser(config, self.bank).to(accelerator.device)
        self.scheduler = PTSSScheduler(
            beta_schedule=config.beta_schedule, snr_weighting=config.snr_weighting, snr_gamma=config.snr_gamma
        )
        self.objective = make_objective(config, self.scheduler, self.normaliser)
        self.monitor = Monitor(every=config.warn_every)
        model = make_model(config, self.normaliser)
        optimizer = make_optimizer(config, model)
        schedule = LambdaLR(optimizer, lambda step: learning_rate_factor(step, config))
        self.model, self.optimizer, self.schedule = accelerator.prepare(model, optimizer, schedule)
        self.ema = EMAModel(  # after `prepare`, which gives every process the same weights
            model.parameters(), decay=config.ema_decay, use_ema_warmup=True, power=2 / 3,
            model_cls=type(model), model_config=model.config,
        )  # fmt: skip
        accelerator.register_for_checkpointing(self.ema)
        self.generator = Generator().manual_seed(config.seed + accelerator.process_index)
        self.step = 0

    def train(self) -> None:
        """Step until the configured number of steps is done."""
        self._start_logging()
        with quick_attention(self.accelerator.device):
            self._steps()

    def _steps(self) -> None:
        main = self.accelerator.is_main_process
        progress = tqdm(total=self.config.steps, initial=self.step, unit="step", disable=not main)
        batches = self.draws.start(self.step * self.config.accumulate)
        while self.step < self.config.steps:
            losses = self._optimise(islice(batches, self.config.accumulate))
            self.step += 1
            progress.update()
            if self._due(LOG_EVERY):
                progress.set_postfix(self._log(losses))
            if main and self._due(self.config.validate_every):
                self._validate()
            if main and self._due(self.config.sample_every):
                self._sample()
            if self._due(self.config.checkpoint_every) or self.step == self.config.steps:
                self._checkpoint()
        progress.close()

    def _due(self, every: int) -> bool:
        return every > 0 and self.step % every == 0

    def resume(self) -> None:
        """Load the newest checkpoint, if there is one and the config says so."""
        checkpoint = latest_checkpoint(self.config.output) if self.config.resume else None
        if checkpoint is None:
            return
        try:
            saved = self._load(checkpoint)
        except MANGLED as error:
            raise ValueError(
                f"cannot go on from {checkpoint}: {shortened(error)}; delete it to go on from the one before"
            ) from error
        self.step = saved["step"]
        logger.info("going on from step %d", self.step)

    def _load(self, checkpoint: Path) -> dict[str, Any]:
        """Take over a checkpoint's state; returns its progress."""
        with joined(checkpoint) as folder:
            refuse_code(folder)
            self.accelerator.load_state(folder)
        fitted = MotionNormaliser.from_pretrained(checkpoint / "components" / "normaliser")
        self.normaliser.load_state_dict(fitted.state_dict())  # the data may have changed since
        saved = torch.load(checkpoint / PROGRESS, weights_only=True)
        states = torch.atleast_2d(saved["generator"])  # one a process
        if len(states) == self.accelerator.num_processes:
            mine = states[self.accelerator.process_index].clone()  # torch 2.13 misreads a row of a tensor
            self.generator.set_state(mine)
        else:
            logger.warning("saved by %d processes, so noise is now drawn anew", len(states))
            self.generator.manual_seed(self.config.seed + saved["step"] + self.accelerator.process_index)
        return saved

    def save_components(self, folder: Path) -> None:
        """The EMA model, scheduler and normaliser, each in its own folder as diffusers expects."""
        with self._averaged() as model:
            model.save_pretrained(folder / component_of(self.config))
        self.scheduler.save_pretrained(folder / "scheduler")
        self.normaliser.save_pretrained(folder / "normaliser")

    @contextmanager
    def _averaged(self) -> Iterator[ViMoTransformer | DeltaInterpolator]:
        """The model with the EMA's weights; afterwards it has its own again."""
        model = self.accelerator.unwrap_model(self.model)
        self.ema.store(model.parameters())
        self.ema.copy_to(model.parameters())
        try:
            yield model
        finally:
            self.ema.restore(model.parameters())

    def _optimise(self, batches: Iterable[Batch]) -> dict[str, Tensor]:
        """One step down the mean gradient of `accumulate` batches; the mean of their losses."""
        count = self.config.accumulate
        mean: dict[str, Tensor] = {}
        self.optimizer.zero_grad()
        for number, batch in enumerate(batches, 1):
            batch = Batch(*(tensor.to(self.accelerator.device, non_blocking=True) for tensor in batch))
            # processes exchange gradients once a step
            with nullcontext() if number == count else self.accelerator.no_sync(self.model):
                losses = self.objective.losses(self.model, batch, step=self.step, generator=self.generator)
                self.accelerator.backward(losses["total"] / count)
            for name, loss in losses.items():
                mean[name] = mean.get(name, 0) + loss.detach() / count
        self.accelerator.clip_grad_norm_(self.model.parameters(), self.config.clip_norm)
        self.optimizer.step()
        self.schedule.step()
        self.ema.step(self.model.parameters())
        return mean

    def _checkpoint(self) -> None:
        """Model, EMA, optimiser, schedule and random state, and the components as diffusers reads them."""
        folder = self.config.output / "unfinished"
        if self.accelerator.is_main_process:
            shutil.rmtree(folder, ignore_errors=True)  # of a run that was stopped here
        self.accelerator.wait_for_everyone()
        self.accelerator.save_state(folder)
        states = self.accelerator.gather(self.generator.get_state()[None].to(self.accelerator.device))
        self.accelerator.wait_for_everyone()
        if not self.accelerator.is_main_process:
            return
        self.save_components(folder / "components")
        torch.save({"step": self.step, "generator": states.cpu()}, folder / PROGRESS)
        split(folder)
        finish_checkpoint(folder, self.step, keep=self.config.keep_checkpoints)

    def _log(self, losses: dict[str, Tensor]) -> dict[str, str]:
        """Track the losses, averaged over all processes, and hold them against what is healthy."""
        mean = self.accelerator.reduce(torch.stack(list(losses.values())), "mean")
        figures = dict(zip(losses, mean.tolist(), strict=True))
        self.accelerator.log({f"loss/{name}": loss for name, loss in figures.items()}, self.step)
        weights = loss_weights(self.step - 1, self.config)._asdict()
        plain = {
            name: figures[name] / weight for name, weight in weights.items() if weight and name in figures
        }
        self._warn(loss_symptoms(plain, progress=self.step / self.config.steps))
        return {name: f"{loss:.3f}" for name, loss in figures.items()}

    def _validate(self) -> None:
        with self._averaged() as model:
            seen = self.objective.held_out(model, self.held_out)
        figures, spread = errors(seen), spread_of(seen)
        self.accelerator.log(figures | {f"spread/{k}": v for k, v in spread._asdict().items()}, self.step)
        text = ", ".join(f"{name} {value:.1f}" for name, value in figures.items())
        tqdm.write(f"step {self.step}: {text}")
        self._warn(spread_symptoms(spread))

    def _sample(self) -> None:
        few = Batch(*(tensor[:: len(tensor) // SAMPLES][:SAMPLES] for tensor in self.held_out))
        with self._averaged() as model:
            imagined = self.objective.imagine(model, few)
        path = self.config.output / "samples" / f"step_{self.step:06d}.png"
        write_samples(path, imagined, few.features, mask=few.mask)

    def _warn(self, symptoms: list[Symptom]) -> None:
        if not self.config.warn_every or not self.accelerator.is_main_process:
            return
        for symptom in self.monitor.news(symptoms, step=self.step):
            logger.warning("step %d: %s", self.step, symptom.advice)

    def _start_logging(self) -> None:
        start_tracker(self.accelerator, self.config)
        if self.accelerator.is_main_process:
            self.config.output.mkdir(parents=True, exist_ok=True)
            text = json.dumps(asdict(self.config), default=str, indent=2)
            with whole_file(self.config.output / "config.json") as file:
                file.write_text(text, encoding="utf-8")


def make_objective(
    config: TrainConfig, scheduler: PTSSScheduler, normaliser: MotionNormaliser
) -> Objective | Interpolation:
    """What a run's losses are."""
    if config.prediction == "interpolation":
        return Interpolation(normaliser)
    return Objective(config, scheduler, normaliser)


def component_of(config: TrainConfig) -> str:
    """What a run trains, as a pipeline calls it."""
    return "interpolator" if config.prediction == "interpolation" else "transformer"


def make_normaliser(config: TrainConfig, bank: MotionBank) -> MotionNormaliser:
    """Statistics of canonical windows, which is what the model sees; or those of `start_from`."""
    if config.start_from is not None:
        return MotionNormaliser.from_pretrained(config.start_from / "normaliser")
    generator = Generator().manual_seed(0)
    seen = bank.draw(NORMALISED, max(config.frames), generator=generator, augment=config.augment)
    return MotionNormaliser.fit(seen.motion.pack())


def _held_out(config: TrainConfig) -> Batch:
    clips = [clip.motion for clip in load_clips(config.data, split="val", packs=config.packs[:1])]
    generator = Generator().manual_seed(1)
    return draw_batch(MotionBank(clips), 48, max(config.frames), generator=generator, augment=())

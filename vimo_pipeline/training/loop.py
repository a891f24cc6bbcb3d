"""The training loop: accelerate, EMA, checkpoints that continue, validation on clips never trained on."""

import json
import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from diffusers.training_utils import EMAModel
from torch import Generator, Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR
from tqdm import tqdm

from ..data.batches import Batch, draw_batch
from ..data.load import load_clips
from ..data.windows import MotionBank
from ..models import MotionNormaliser, ViMoTransformer
from ..models.transformer import PRESETS
from ..schedulers import PTSSScheduler
from .checkpoint import PROGRESS, finish_checkpoint, latest_checkpoint
from .config import TrainConfig
from .objective import Objective
from .validation import validate

logger = logging.getLogger(__name__)


def train(config: TrainConfig) -> Path:
    """Run (or go on with) a training run; returns the folder of the finished components."""
    accelerator = Accelerator(
        mixed_precision=config.mixed_precision, log_with="tensorboard", project_dir=config.output,
        step_scheduler_with_optimizer=False,
    )  # fmt: skip
    set_seed(config.seed, device_specific=True)
    run = Run(config, accelerator)
    run.resume()
    run.train()
    if accelerator.is_main_process:
        run.save_components(config.output / "final")
    accelerator.end_training()
    return config.output / "final"


class Run:
    """Everything that lives as long as a training run."""

    def __init__(self, config: TrainConfig, accelerator: Accelerator) -> None:
        self.config, self.accelerator = config, accelerator
        self.bank = MotionBank(
            [clip.motion for clip in load_clips(config.data, split="train", packs=config.packs)]
        )
        self.held_out = _held_out(config)
        self.normaliser = fit_normaliser(self.bank).to(accelerator.device)
        self.scheduler = PTSSScheduler(
            beta_schedule=config.beta_schedule, snr_weighting=config.snr_weighting, snr_gamma=config.snr_gamma
        )
        self.objective = Objective(config, self.scheduler, self.normaliser)
        model = ViMoTransformer(
            **PRESETS[config.model], film_version=config.film_version, dropout=config.dropout,
            max_frames=max(config.frames),
        )  # fmt: skip
        self.ema = EMAModel(
            model.parameters(), decay=config.ema_decay, use_ema_warmup=True, power=2 / 3,
            model_cls=ViMoTransformer, model_config=model.config,
        )  # fmt: skip
        optimizer = make_optimizer(config, model)
        schedule = LambdaLR(optimizer, lambda step: learning_rate_factor(step, config))
        self.model, self.optimizer, self.schedule = accelerator.prepare(model, optimizer, schedule)
        self.ema.to(accelerator.device)
        self.generator = Generator().manual_seed(config.seed + accelerator.process_index)
        accelerator.register_for_checkpointing(self.ema)
        self.step = 0

    def train(self) -> None:
        """Step until the configured number of steps is done."""
        self._start_logging()
        with quick_attention(self.accelerator.device):
            self._steps()

    def _steps(self) -> None:
        hidden = not self.accelerator.is_main_process
        progress = tqdm(total=self.config.steps, initial=self.step, unit="step", disable=hidden)
        while self.step < self.config.steps:
            losses = self._optimise(self._draw())
            self.step += 1
            progress.update()
            if self.step % 50 == 0:
                figures = {f"loss/{name}": float(loss) for name, loss in losses.items()}
                self.accelerator.log(figures, self.step)
                progress.set_postfix({name: f"{float(loss):.3f}" for name, loss in losses.items()})
            if self.step % self.config.validate_every == 0:
                self._validate()
            if self.step % self.config.checkpoint_every == 0 or self.step == self.config.steps:
                self._checkpoint()
        progress.close()

    def resume(self) -> None:
        """Load the newest checkpoint, if there is one and the config says so."""
        checkpoint = latest_checkpoint(self.config.output) if self.config.resume else None
        if checkpoint is None:
            return
        self.accelerator.load_state(checkpoint)
        saved = torch.load(checkpoint / PROGRESS, weights_only=True)
        self.step = saved["step"]
        self.generator.set_state(saved["generator"])
        logger.info("going on from step %d", self.step)

    def save_components(self, folder: Path) -> None:
        """The EMA transformer, scheduler and normaliser, each in its own folder as diffusers expects."""
        model = self.accelerator.unwrap_model(self.model)
        self.ema.store(model.parameters())
        self.ema.copy_to(model.parameters())
        model.save_pretrained(folder / "transformer")
        self.ema.restore(model.parameters())
        self.scheduler.save_pretrained(folder / "scheduler")
        self.normaliser.save_pretrained(folder / "normaliser")

    def _draw(self) -> Batch:
        lengths = self.config.frames
        pick = int(torch.randint(len(lengths), (1,), generator=self.generator))
        frames = lengths[pick]
        batch = draw_batch(
            self.bank, max(1, self.config.frames_a_step // frames), frames, generator=self.generator
        )
        return Batch(*(tensor.to(self.accelerator.device) for tensor in batch))

    def _optimise(self, batch: Batch) -> dict[str, Tensor]:
        losses = self.objective.losses(self.model, batch, generator=self.generator)
        self.optimizer.zero_grad()
        self.accelerator.backward(losses["total"])
        self.accelerator.clip_grad_norm_(self.model.parameters(), self.config.clip_norm)
        self.optimizer.step()
        self.schedule.step()
        self.ema.step(self.model.parameters())
        return losses

    def _checkpoint(self) -> None:
        """Model, EMA, optimiser, schedule and random state, and the components as diffusers reads them."""
        folder = self.config.output / "unfinished"
        self.accelerator.save_state(folder)
        if not self.accelerator.is_main_process:
            return
        self.save_components(folder / "components")
        torch.save({"step": self.step, "generator": self.generator.get_state()}, folder / PROGRESS)
        finish_checkpoint(folder, self.step, keep=self.config.keep_checkpoints)

    def _validate(self) -> None:
        if not self.accelerator.is_main_process:
            return
        model = self.accelerator.unwrap_model(self.model)
        self.ema.store(model.parameters())
        self.ema.copy_to(model.parameters())
        last = self.scheduler.config.num_train_timesteps - 1
        figures = validate(model, self.normaliser, self.held_out, last=last)
        self.ema.restore(model.parameters())
        self.accelerator.log(figures, self.step)
        text = ", ".join(f"{name} {value:.1f}" for name, value in figures.items())
        tqdm.write(f"step {self.step}: {text}")

    def _start_logging(self) -> None:
        self.accelerator.init_trackers("logs")
        if self.accelerator.is_main_process:
            self.config.output.mkdir(parents=True, exist_ok=True)
            text = json.dumps(asdict(self.config), default=str, indent=2)
            (self.config.output / "config.json").write_text(text)


def fit_normaliser(bank: MotionBank, *, windows: int = 512, frames: int = 150) -> MotionNormaliser:
    """Statistics of canonical windows, which is what the model sees."""
    generator = Generator().manual_seed(0)
    return MotionNormaliser.fit(bank.draw(windows, frames, generator=generator).motion.pack())


def make_optimizer(config: TrainConfig, model: ViMoTransformer) -> Optimizer:
    """Adan (Xie et al. 2022), as the papers, or AdamW."""
    options = {"lr": config.learning_rate, "weight_decay": config.weight_decay}
    if config.optimizer == "adamw":
        return torch.optim.AdamW(model.parameters(), **options)
    try:
        from pytorch_optimizer import Adan
    except ImportError as missing:
        raise ImportError("Adan needs pytorch-optimizer: pip install 'vimo-pipeline[train]'") from missing
    return Adan(model.parameters(), weight_decouple=True, **options)


def learning_rate_factor(step: int, config: TrainConfig) -> float:
    """Linear warm-up, constant, linear decay: a run can be stopped or prolonged any time before its decay."""
    warm = min(1.0, (step + 1) / max(1, config.warmup))
    cool = min(1.0, (config.steps - step) / max(1, config.decay))
    return min(warm, max(0.0, cool))


def quick_attention(device: torch.device) -> AbstractContextManager:
    """On a CPU plain matrix products train these short windows twice as fast as torch 2.13's flash kernel."""
    return sdpa_kernel(SDPBackend.MATH) if device.type == "cpu" else nullcontext()


def _held_out(config: TrainConfig) -> Batch:
    clips = [clip.motion for clip in load_clips(config.data, split="val", packs=config.packs[:1])]
    generator = Generator().manual_seed(1)
    return draw_batch(MotionBank(clips), 48, max(config.frames), generator=generator, augment=())

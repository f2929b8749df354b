"""Training of one configuration: arrays and parameters in, accuracies out, the same bytes every time.

The images of a run lie in memory as one uint8 tensor; nothing is decoded in the loop, and the host waits
for the device once an epoch.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gridpress.config.optimizers import Adam, Sgd
from gridpress.config.training import Train
from gridpress.data.loading import Images
from gridpress.data.splits import Splits
from gridpress.networks.torchvision import build
from gridpress.study.grid import TrainRun
from gridpress.system.clock import clock_for, read
from gridpress.training.convolutions import as_products, products_pay
from gridpress.training.devices import autocast, be_deterministic, find_device
from gridpress.training.input_pipeline import InputPipeline
from gridpress.training.optimizers import make_optimizer
from gridpress.training.taps import keep_live_taps

EVALUATION_BATCH = 250  # fixed, as the last bits of logits may depend on it


@dataclass
class Progress:
    """What a run has produced so far; with model and optimizer it is what a checkpoint holds."""

    history: list[dict[str, Any]] = field(default_factory=list)
    milestones: list[dict[str, Any]] = field(default_factory=list)
    training_seconds: list[float] = field(default_factory=list)
    evaluation_seconds: list[float] = field(default_factory=list)
    diverged_at_epoch: int | None = None
    resumed_at_epoch: int | None = None


def evaluation_batches(index: np.ndarray) -> tuple[Tensor, ...]:
    """The images to predict, indices int64 [N], in batches of one size wherever they are predicted."""
    return torch.split(torch.from_numpy(index), EVALUATION_BATCH)


@torch.inference_mode()
def predict(network: nn.Module, batches: Iterable[Tensor]) -> np.ndarray:
    """The class with the largest logit, int64 [N], for images float32 [B, C, H, W] in batches."""
    return torch.cat([network(batch).argmax(dim=1) for batch in batches]).cpu().numpy()


class Session:
    """One training run: its network, its optimizer and its images on the device."""

    def __init__(
        self, run: TrainRun, settings: Train, optimizer: Sgd | Adam, images: Images, splits: Splits
    ) -> None:
        self.run = run
        self.settings = settings
        self.splits = splits
        self.device = find_device(settings.device)
        self.clock = clock_for(self.device.type, settings.threads)
        be_deterministic(settings.threads)
        channels, size = settings.channels, settings.image_size
        model = build(run.model, channels, images.classes, run.seed)
        if optimizer.weight_decay == 0:
            keep_live_taps(model, channels, size)
        products = products_pay(self.device.type, size, run.precision)
        if products:
            as_products(model)
        # as measured (benchmarks/NOTES.md): channels_last pays for products and on large images
        layout = torch.channels_last if products or size >= 224 else torch.contiguous_format
        self.pipeline = InputPipeline.fit(images.pixels[splits.train], channels, size, layout)
        self.model = model.to(self.device).to(memory_format=self.pipeline.memory_format)
        fp16 = run.precision == "fp16"
        self.optimizer = make_optimizer(self.model, optimizer, run.learning_rate, fused=not fp16)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=fp16)
        home = self.device if run.data_memory == "device" else torch.device("cpu")
        self.pixels = torch.from_numpy(images.pixels).to(home)
        self.labels = torch.from_numpy(images.labels).long().to(home)
        self.progress = Progress()

    @property
    def steps_per_epoch(self) -> int:
        return len(self._batches(epoch=1))

    @property
    def finished(self) -> bool:
        done = len(self.progress.history) == self.settings.epochs
        return done or self.progress.diverged_at_epoch is not None

    def train_epoch(self, on_step: Callable[[], None]) -> None:
        """One epoch of optimisation and its evaluation; a loss that is not finite ends the run."""
        epoch = len(self.progress.history) + 1
        begin = read(self.clock)
        loss = self._optimise(epoch, on_step)
        trained = read(self.clock)
        if not np.isfinite(loss) or not self._weights_are_finite():
            self.progress.diverged_at_epoch = epoch
            return
        self._evaluate(epoch, loss)
        self.progress.training_seconds.append(trained - begin)
        self.progress.evaluation_seconds.append(read(self.clock) - trained)

    def _batches(self, epoch: int) -> list[Tensor]:
        """The training images of an epoch in the order of this run's seed, as indices per step."""
        order = np.random.default_rng([self.run.seed, epoch]).permutation(self.splits.train)
        batches = torch.split(torch.from_numpy(order), self.run.batch_size)
        # BatchNorm has no variance over a single 1x1 map
        return [batch for batch in batches if len(batch) > 1]

    def _optimise(self, epoch: int, on_step: Callable[[], None]) -> float:
        torch.manual_seed(int(np.random.SeedSequence([self.run.seed, epoch]).generate_state(1)[0]))  # dropout
        self.model.train()
        total = torch.zeros((), device=self.device)
        seen = 0
        for batch in self._batches(epoch):
            pixels, labels = self._load(batch)
            with autocast(self.device, self.run.precision):
                loss = functional.cross_entropy(self.model(self.pipeline(pixels)), labels)
            self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            self.scaler.step(self.optimizer)
            self.scaler.update()
            self.optimizer.zero_grad(set_to_none=True)
            total += loss.detach() * len(batch)
            seen += len(batch)
            on_step()
        return total.item() / seen

    def _load(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        batch = batch.to(self.pixels.device)
        pixels, labels = self.pixels[batch], self.labels[batch]
        if self.run.data_memory == "pinned" and self.device.type == "cuda":
            pixels, labels = pixels.pin_memory(), labels.pin_memory()
        pinned = self.run.data_memory == "pinned"
        return pixels.to(self.device, non_blocking=pinned), labels.to(self.device, non_blocking=pinned)

    def _weights_are_finite(self) -> bool:
        return all(bool(parameter.isfinite().all()) for parameter in self.model.parameters())

    def _evaluate(self, epoch: int, loss: float) -> None:
        accuracies = {
            "train_accuracy": self._accuracy(self.splits.train_eval),
            "validation_accuracy": self._accuracy(self.splits.validation),
        }
        self.progress.history.append({"epoch": epoch, "loss": loss, **accuracies})
        if epoch in self.settings.test_epochs:
            test = self.splits.test
            answers = self._predict(test)
            truth = self.labels[torch.from_numpy(test).to(self.labels.device)].cpu().numpy()
            wrong = answers != truth
            order = np.argsort(test[wrong])
            self.progress.milestones.append(
                {
                    "epoch": epoch,
                    **accuracies,
                    "test_accuracy": int((~wrong).sum()) / len(test),
                    "misclassified": {
                        "index": test[wrong][order].tolist(),
                        "predicted": answers[wrong][order].tolist(),
                    },
                }
            )

    def _accuracy(self, index: np.ndarray) -> float:
        truth = self.labels[torch.from_numpy(index).to(self.labels.device)].cpu().numpy()
        return int((self._predict(index) == truth).sum()) / len(index)

    def _predict(self, index: np.ndarray) -> np.ndarray:
        self.model.eval()
        with autocast(self.device, self.run.precision):
            batches = (self.pipeline(self._load(batch)[0]) for batch in evaluation_batches(index))
            return predict(self.model, batches)

    def state(self) -> bytes:
        """All that `resume` needs to go on as if nothing had happened."""
        content = io.BytesIO()
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "progress": vars(self.progress),
        }
        torch.save(state, content)
        return content.getvalue()

    def resume(self, state: bytes) -> None:
        """Go on from the state of this very run; no code that it may hold is run."""
        content = torch.load(io.BytesIO(state), map_location=self.device, weights_only=True)
        self.model.load_state_dict(content["model"])
        self.optimizer.load_state_dict(content["optimizer"])
        self.scaler.load_state_dict(content["scaler"])
        self.progress = Progress(**content["progress"])
        self.progress.resumed_at_epoch = len(self.progress.history) + 1

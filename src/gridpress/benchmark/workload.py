"""The work that is timed: steps of training as `gridpress.training.loop` does them, and of inference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from gridpress.benchmark.cases import Case
from gridpress.benchmark.device import device_of, use_threads
from gridpress.config.hardware import Measure, Target
from gridpress.config.optimizers import Optimizers
from gridpress.config.values import OptimizerName
from gridpress.data.loading import Images
from gridpress.errors import GridpressError
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build
from gridpress.training.devices import autocast
from gridpress.training.input_pipeline import InputPipeline
from gridpress.training.optimizers import make_optimizer

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
MOST_HALVINGS = 40  # of a gradient scale, which begins at 65,536


@dataclass(frozen=True)
class Bench:
    """What all measurements of networks share."""

    settings: Measure
    optimizers: Optimizers
    targets: Mapping[str, Target]
    threads: Mapping[str, int]  # of the CPU, for each target
    images: Images


@dataclass(frozen=True)
class Step:
    """One unit of work: `run` does it and returns the loss (training) or the logits (inference)."""

    run: Callable[[], Tensor]
    model: nn.Module
    device: torch.device
    threads: int
    update: Update | None  # where it trains

    def prepare(self) -> None:
        """Take over from another case: its network may be this one in another mode."""
        use_threads(self.threads)
        self.model.train(self.update is not None)
        if self.update is not None:
            self.update.settle()

    def leave(self) -> None:
        """Forget the optimizer's states, which fill more memory than all networks; a next step makes them."""
        if self.update is not None:
            self.update.optimizer.state.clear()


@dataclass(frozen=True)
class Update:
    """How a network is trained: an optimizer, and in fp16 a scale of the loss that keeps gradients finite."""

    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    loss: Callable[[], Tensor]  # of the batch that comes next

    def settle(self) -> None:
        """Halve the scale until the gradients of the next batch are finite, and move no weight.

        GradScaler by itself finds the scale by skipping optimizer steps: what is timed would then be less
        than a step, and PyTorch's fused SGD takes a momentum that was never written from a skipped first
        step (seen with 2.14).

        Raises:
            GridpressError: no scale makes them finite.
        """
        if not self.scaler.is_enabled():
            return
        for _ in range(MOST_HALVINGS):
            self.scaler.scale(self.loss()).backward()  # type: ignore[no-untyped-call]
            scale = self.scaler.get_scale()
            self.scaler.unscale_(self.optimizer)
            self.scaler.update()
            self.optimizer.zero_grad(set_to_none=True)
            if self.scaler.get_scale() >= scale:
                return
        raise GridpressError(
            "gradients in fp16 are not finite at any scale of the loss; "
            "a lower hardware.measure.learning_rate keeps the weights in range"
        )


class Workshop:
    """Networks and optimizers for all cases, made when first asked for.

    A network is shared by all cases that need the same one in the same layout on the same device, which
    bounds memory: nothing but networks outlives a block.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._pipeline = InputPipeline.fit(
            bench.images.pixels, bench.settings.channels, bench.settings.image_size, torch.contiguous_format
        )
        self._networks: dict[tuple[str, int, str, str], nn.Module] = {}
        self._optimizers: dict[tuple[str, str, int, str, str], torch.optim.Optimizer] = {}
        self._feeds: dict[torch.device, _Feed] = {}

    def step(self, case: Case) -> Step:
        """The work of a case."""
        target = self.bench.targets[case.target]
        device = device_of(target)
        threads = self.bench.threads[case.target]
        model = self._network(case)
        layout = LAYOUTS[target.memory_format]
        pipeline = replace(self._pipeline, image_size=case.image_size, memory_format=layout)
        feed = self._feed(device)

        @torch.inference_mode()
        def infer() -> Tensor:
            pixels, _ = feed.next(case.batch_size)
            with autocast(device, target.precision):
                logits: Tensor = model(pipeline(pixels))
            return logits

        if case.optimizer is None:
            return Step(infer, model, device, threads, None)
        optimizer = self._optimizer(case, case.optimizer)
        scaler = torch.amp.GradScaler(device.type, enabled=target.precision == "fp16")

        def loss_of(batch: tuple[Tensor, Tensor]) -> Tensor:
            pixels, labels = batch
            with autocast(device, target.precision):
                return functional.cross_entropy(model(pipeline(pixels)), labels)

        def train() -> Tensor:
            loss = loss_of(feed.next(case.batch_size))
            scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad(set_to_none=True)
            return loss.detach()

        update = Update(optimizer, scaler, lambda: loss_of(feed.peek(case.batch_size)))
        return Step(train, model, device, threads, update)

    def _network(self, case: Case) -> nn.Module:
        """The network of a case, with its full kernels, on its device and in its memory format."""
        target = self.bench.targets[case.target]
        key = (case.model, case.image_size, target.device, target.memory_format)
        if key not in self._networks:
            settings = self.bench.settings
            size = settings.channels, self.bench.images.classes, case.image_size
            network = build(Architecture(case.model, *size), settings.seed)
            layout = LAYOUTS[target.memory_format]
            network.to(device_of(target), memory_format=layout)  # type: ignore[call-overload]
            self._networks[key] = network
        return self._networks[key]

    def _optimizer(self, case: Case, optimizer: OptimizerName) -> torch.optim.Optimizer:
        target = self.bench.targets[case.target]
        key = (case.model, optimizer, case.image_size, target.device, target.memory_format)
        if key not in self._optimizers:
            settings = getattr(self.bench.optimizers, optimizer)
            self._optimizers[key] = make_optimizer(
                self._network(case), settings, self.bench.settings.learning_rate
            )
        return self._optimizers[key]

    def _feed(self, device: torch.device) -> _Feed:
        if device not in self._feeds:
            self._feeds[device] = _Feed(self.bench.images, device)
        return self._feeds[device]


class _Feed:
    """Batches in turn from images that lie on the device."""

    def __init__(self, images: Images, device: torch.device) -> None:
        self.pixels = torch.from_numpy(images.pixels).to(device)
        self.labels = torch.from_numpy(images.labels).long().to(device)
        self.position = 0

    def peek(self, size: int) -> tuple[Tensor, Tensor]:
        if self.position + size > len(self.labels):
            self.position = 0
        batch = slice(self.position, self.position + size)
        return self.pixels[batch], self.labels[batch]

    def next(self, size: int) -> tuple[Tensor, Tensor]:
        batch = self.peek(size)
        self.position += size
        return batch

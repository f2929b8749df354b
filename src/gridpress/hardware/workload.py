"""The work that is timed: the training step of `gridpress.training`, and inference on a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from gridpress.datasets import Images
from gridpress.hardware.cases import Case
from gridpress.hardware.device import use_threads
from gridpress.models import build
from gridpress.params import Measure, OptimizerName, Optimizers, Target
from gridpress.training import AUTOCAST, InputPipeline, make_optimizer

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


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
    training: bool
    device: torch.device
    threads: int

    def prepare(self) -> None:
        """Take over from another case: its network may be this one in another mode."""
        use_threads(self.threads)
        self.model.train(self.training)


class Workshop:
    """Networks and optimizers for all cases, made when first asked for.

    A network is shared by all cases that need the same one in the same layout on the same device, which
    bounds memory: with it live the states of its optimizers, and nothing else outlives a step.
    """

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._pipeline = InputPipeline.fit(
            bench.images.pixels, bench.settings.channels, bench.settings.image_size, torch.contiguous_format
        )
        self._networks: dict[tuple[str, str, str], nn.Module] = {}
        self._updates: dict[tuple[str, ...], torch.optim.Optimizer] = {}
        self._feeds: dict[str, _Feed] = {}

    def step(self, case: Case) -> Step:
        """The work of a case."""
        target = self.bench.targets[case.target]
        device = torch.device(target.device)
        threads = self.bench.threads[case.target]
        model = self._network(case)
        layout = LAYOUTS[target.memory_format]
        pipeline = replace(self._pipeline, image_size=case.image_size, memory_format=layout)
        feed = self._feed(target.device)
        dtype = AUTOCAST.get(target.precision)

        def autocast() -> torch.autocast:
            return torch.autocast(device.type, dtype=dtype, enabled=dtype is not None)

        @torch.inference_mode()
        def infer() -> Tensor:
            pixels, _ = feed.next(case.batch_size)
            with autocast():
                logits: Tensor = model(pipeline(pixels))
            return logits

        if case.optimizer is None:
            return Step(infer, model, False, device, threads)
        update = self._update(case, case.optimizer)
        scaler = torch.amp.GradScaler(device.type, enabled=target.precision == "fp16")

        def train() -> Tensor:
            pixels, labels = feed.next(case.batch_size)
            with autocast():
                loss = functional.cross_entropy(model(pipeline(pixels)), labels)
            scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            scaler.step(update)
            scaler.update()
            update.zero_grad(set_to_none=True)
            return loss.detach()

        return Step(train, model, True, device, threads)

    def _network(self, case: Case) -> nn.Module:
        """The network of a case, with its full kernels, on its device and in its memory format."""
        target = self.bench.targets[case.target]
        key = (case.model, target.device, target.memory_format)
        if key not in self._networks:
            model = build(case.model, self.bench.settings.channels, self.bench.settings.seed)
            layout = LAYOUTS[target.memory_format]
            self._networks[key] = model.to(target.device, memory_format=layout)  # type: ignore[call-overload]
        return self._networks[key]

    def _update(self, case: Case, optimizer: OptimizerName) -> torch.optim.Optimizer:
        target = self.bench.targets[case.target]
        key = (case.model, optimizer, target.device, target.memory_format)
        if key not in self._updates:
            settings = getattr(self.bench.optimizers, optimizer)
            self._updates[key] = make_optimizer(
                self._network(case), settings, self.bench.settings.learning_rate
            )
        return self._updates[key]

    def _feed(self, device: str) -> _Feed:
        if device not in self._feeds:
            self._feeds[device] = _Feed(self.bench.images, torch.device(device))
        return self._feeds[device]


class _Feed:
    """Batches in turn from images that lie on the device."""

    def __init__(self, images: Images, device: torch.device) -> None:
        self.pixels = torch.from_numpy(images.pixels).to(device)
        self.labels = torch.from_numpy(images.labels).long().to(device)
        self.position = 0

    def next(self, size: int) -> tuple[Tensor, Tensor]:
        if self.position + size > len(self.labels):
            self.position = 0
        batch = slice(self.position, self.position + size)
        self.position += size
        return self.pixels[batch], self.labels[batch]

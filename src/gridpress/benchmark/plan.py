"""What will be measured on this machine, and about how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gridpress.benchmark.cases import Case, SvmCase, Sweep, grid, svm_cases, sweeps
from gridpress.benchmark.cost import TRAINING_FACTOR, Cost
from gridpress.benchmark.flops import network_cost
from gridpress.benchmark.targets import Probe, probe
from gridpress.config.dataset import Dataset
from gridpress.config.hardware import Measure, Target
from gridpress.config.optimizers import Optimizers
from gridpress.config.svm import Svm
from gridpress.networks.building.architecture import Architecture
from gridpress.system.machine import Machine

TIMED_IMAGES = 4096  # that the networks see in turn

# For the estimate only, seconds unless said otherwise; measured on two cores of a server.
EFFICIENCY = 0.5  # of a network, compared with a lone convolution
LEAST_STEP = 0.01
PROCESS_SECONDS = 0.7  # to start one and build a network
LIMITS_SECONDS = 3.0  # of one target
SVM_SECONDS = 4e-10  # per pair of images and pixel


@dataclass(frozen=True)
class Plan:
    """Settings, this machine, what each network costs, and which targets work here."""

    settings: Measure
    optimizers: Optimizers
    svm: Svm
    side: int  # pixels of the images that SVMs are fitted on
    machine: Machine
    networks: Mapping[str, Cost]
    probes: Mapping[str, Probe]

    @classmethod
    def make(
        cls, settings: Measure, optimizers: Optimizers, svm: Svm, dataset: Dataset, machine: Machine
    ) -> Plan:
        """Try every target for a moment."""
        classes, size = len(dataset.classes), settings.image_size
        networks: dict[str, Cost] = {
            name: network_cost(Architecture(name, settings.channels, classes, size))
            for name in settings.models
        }
        probes = {name: probe(target, machine) for name, target in settings.targets.items()}
        return cls(settings, optimizers, svm, dataset.side, machine, networks, probes)

    @property
    def targets(self) -> dict[str, Target]:
        """Those that work here."""
        return {name: self.settings.targets[name] for name, found in self.probes.items() if found.available}

    @property
    def threads(self) -> dict[str, int]:
        return {name: found.threads for name, found in self.probes.items()}

    @property
    def cases(self) -> list[Case]:
        """Those of the comparison."""
        return grid(self.settings, self.targets)

    @property
    def sweeps(self) -> list[Sweep[Case]]:
        """How the first target that works grows."""
        return [sweep for target in list(self.targets)[:1] for sweep in sweeps(self.settings, target)]

    @property
    def timed(self) -> list[Case]:
        """All that is interleaved: the comparison's cases and those of the sweeps, each once."""
        return list(dict.fromkeys([*self.cases, *(case for sweep in self.sweeps for case in sweep.cases)]))

    @property
    def timed_images(self) -> int:
        """That the networks see in turn: whole batches of any size, not too few different ones."""
        return max(TIMED_IMAGES, *self.settings.batch_sizes, *self.settings.scaling.batch_sizes)

    @property
    def images(self) -> int:
        """That are needed in all."""
        return max(self.timed_images, 2 * self.settings.scaling.svm_samples[-1])

    def step_seconds(self, case: Case) -> float:
        """A guess of the time of a step."""
        area = (case.image_size / self.settings.image_size) ** 2
        flops = self.networks[case.model].flops_torch * area * case.batch_size
        passes = 1 if case.optimizer is None else TRAINING_FACTOR
        return LEAST_STEP + flops * passes / (EFFICIENCY * self.probes[case.target].flops_per_second)

    def footprint_seconds(self, case: Case) -> float:
        """A guess of the time to find what a step needs."""
        return PROCESS_SECONDS + 2 * self.step_seconds(case)

    def svm_seconds(self, case: SvmCase) -> float:
        """A guess of the time of a fit with its predictions."""
        return float(SVM_SECONDS * case.samples**2 * case.image_size**2)

    @property
    def agreement_step(self) -> float:
        """A guess of the time of a step of the loss curves."""
        training = [case for case in self.cases if case.optimizer]
        return self.step_seconds(training[0]) if training else LEAST_STEP

    @property
    def seconds(self) -> float:
        """An estimate of the whole."""
        settings = self.settings
        steps = settings.warmup_steps + settings.blocks * (settings.settle_steps + settings.block_steps)
        return (
            sum(self.footprint_seconds(case) for case in self.cases)
            + LIMITS_SECONDS * len(self.targets)
            + steps * sum(self.step_seconds(case) for case in self.timed)
            + settings.agreement_steps * self.agreement_step * (len(self.targets) + 2)
            + settings.blocks * sum(map(self.svm_seconds, svm_cases(settings, self.side)))
        )

"""The same training on every target: how far apart the losses get, and how far rounding alone takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from gridpress.benchmark.cases import REFERENCE, Case
from gridpress.benchmark.records.hardware import Agreement, LossCurve
from gridpress.benchmark.spread import rounded
from gridpress.benchmark.workload import Bench, Step, Workshop
from gridpress.errors import GridpressError

PLAIN = "fp32 on the CPU"  # with spaces: no target of params.yaml has such a name
MOVED = "fp32 on the CPU, moved weights"
PERTURBATION = 1e-7  # relative; fp32 rounds at 6e-8


def measure_agreement(bench: Bench, on_steps: Callable[[str, int], None]) -> Agreement:
    """Train the first network with the first optimizer from the same seed on the same batches everywhere.

    Args:
        bench: network, optimizer, batch size, seed, number of steps, targets and images.
        on_steps: told the target's name and the number of steps done.

    Raises:
        GridpressError: a loss is not finite, so that there is nothing to compare.
    """
    settings, targets = bench.settings, bench.targets
    case = Case(
        settings.models[0], settings.optimizers[0], settings.batch_sizes[0], settings.image_size, PLAIN
    )
    extra = (PLAIN, MOVED)
    bench = replace(
        bench,
        targets={**bench.targets, **dict.fromkeys(extra, REFERENCE)},
        threads={**bench.threads, **dict.fromkeys(extra, 1)},
    )

    def curve(name: str) -> list[float]:
        step = Workshop(bench).step(replace(case, target=name))
        if name == MOVED:
            _perturb(step, settings.seed)
        step.prepare()
        losses = torch.stack([step.run() for _ in range(settings.agreement_steps)])
        if not losses.isfinite().all():
            raise GridpressError(
                f"the loss of {case.model} with {case.optimizer} on {name} is not finite; "
                f"hardware.measure.learning_rate is {settings.learning_rate}: take a lower one"
            )
        on_steps(name, settings.agreement_steps)
        return [rounded(loss) for loss in losses.tolist()]

    reference = curve(PLAIN)
    return Agreement(
        model=case.model,
        optimizer=settings.optimizers[0],
        batch_size=case.batch_size,
        image_size=case.image_size,
        reference=reference,
        rounding=compare(MOVED, curve(MOVED), reference),
        curves=[compare(name, curve(name), reference) for name in targets],
    )


def compare(target: str, losses: Sequence[float], reference: Sequence[float]) -> LossCurve:
    """The largest distance between two loss curves of as many steps, and where it is."""
    differences = [abs(loss - expected) for loss, expected in zip(losses, reference, strict=True)]
    largest = max(differences)
    return LossCurve(
        target=target,
        losses=list(losses),
        largest_difference=rounded(largest),
        at_step=differences.index(largest) + 1,
    )


@torch.no_grad()
def _perturb(step: Step, seed: int) -> None:
    """Move every weight up or down, at random, by about its rounding error."""
    generator = torch.Generator().manual_seed(seed)
    for weight in step.model.parameters():
        signs = torch.randint(0, 2, weight.shape, generator=generator) * 2 - 1
        weight.mul_(1 + PERTURBATION * signs)

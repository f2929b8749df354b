"""What this study cannot show, as far as its own records tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from gridpress.report.frames import MEASURED
from gridpress.report.names import inline, shown
from gridpress.report.study import Study

FULL_MAPS_FROM = 64  # pixels a side, from which the last stage of a ResNet sees more than one position


@dataclass(frozen=True)
class Limits:
    """Values that the section on limits speaks of.

    Attributes:
        images: of the training split.
        trained: of these, those used.
        runs: training runs with a history.
        rising: of these, those whose validation accuracy was highest after the last epoch.
        one_position: the last stage of a ResNet works on maps of one pixel.
        searched: what validation chose from on each dataset, a phrase for each classifier.
        processors: that trained and fitted, each once.
        clocks: what training seconds are of.
        absent: kinds of device that `hardware` asks for and that no machine had.
        otherwise: machines measured with other settings than params.yaml has now.
    """

    images: int
    trained: int
    runs: int
    rising: int
    one_position: bool
    searched: list[str]
    processors: list[str]
    clocks: list[str]
    absent: list[str]
    otherwise: list[str]


def limits(study: Study) -> Limits:
    """What the records say of their own reach."""
    histories = [record.history for record in study.train.values() if record.history]
    accuracies = [[epoch.validation_accuracy for epoch in history] for history in histories]
    targets = [target for record in study.hardware.values() for target in record.targets]
    there = {target.target.device for target in targets if target.absent is None}
    return Limits(
        images=study.params.data.split.sizes()["train"],
        trained=study.params.data.images("train"),
        runs=len(histories),
        rising=sum(len(values) > 1 and values[-1] > max(values[:-1]) for values in accuracies),
        one_position=study.params.train.image_size < FULL_MAPS_FROM,
        searched=_searched(study),
        processors=_each_once(timing.machine.processor_name for timing in study.timings),
        clocks=_each_once(timing.clock for timing in study.timings),
        absent=_each_once(t.target.device for t in targets if t.target.device not in there),
        otherwise=[
            name
            for name, record in study.hardware.items()
            if (record.settings, record.optimizers)
            != (study.params.hardware.measure, study.params.optimizers)
        ],
    )


def _searched(study: Study) -> list[str]:
    networks, machines = _most(study.configurations, "model"), _most(study.svms, "kernel")
    return [
        *(f"{number} states of {shown(model)}" for model, number in networks.items()),
        *(f"{number} {inline(kernel)} SVMs" for kernel, number in machines.items()),
    ]


def _most(table: pd.DataFrame, classifier: str) -> dict[str, int]:
    """Measured candidates of each classifier, one per seed, on the dataset that has most of them."""
    measured = table[table["state"] == MEASURED]
    trained = measured["seeds"] if "seeds" in measured else pd.Series(1, index=measured.index)
    counts = trained.groupby([measured["dataset"], measured[classifier]], sort=False).sum()
    return {str(name): int(number) for name, number in counts.groupby(classifier, sort=False).max().items()}


def _each_once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))

"""FLOPs in three conventions at several image sizes, and which of them a published figure is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from gridpress.networks.building.architecture import Architecture
from gridpress.report.analysis.network_costs import cost, costs
from gridpress.report.data.frames import rows_of
from gridpress.report.data.published import CHANNELS, SIZES
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.names import count, listed, shown
from gridpress.report.presentation.tables import Column, leading, table, words

CONVENTIONS = {"flops_fvcore": "fvcore", "flops_torch": "torch", "flops_thop": "thop"}


@dataclass(frozen=True)
class PublishedCount:
    """A count of FLOPs as a study prints it, with the sizes and conventions that give its digits."""

    study: str
    model: str
    flops: int
    found: tuple[tuple[int, str], ...]

    @property
    def words(self) -> str:
        return f"{self.study}: {count(self.flops)}"


def published_counts(study: Study) -> list[PublishedCount]:
    """Each once, in the order of the table."""
    printed = study.published.hardware.dropna(subset=["flops_as_printed"])
    printed = printed.drop_duplicates(["study", "model", "flops_as_printed"])
    return [
        PublishedCount(
            row["study"],
            row["model"],
            int(row["flops_as_printed"]),
            tuple(explanations(row["model"], int(row["flops_as_printed"]), study.published.classes)),
        )
        for row in rows_of(printed)
    ]


def explanations(model: str, flops: int, classes: int) -> Iterator[tuple[int, str]]:
    """Image sizes and conventions whose count is `flops` when rounded to as many digits."""
    digits = str(flops)
    unit = 10 ** (len(digits) - len(digits.rstrip("0")))
    for size, here in costs(model, CHANNELS, classes, SIZES).items():
        for key in CONVENTIONS:
            if (getattr(here, key) + unit // 2) // unit * unit == flops:
                yield size, key


@dataclass(frozen=True)
class Disagreement:
    """The least and the largest count that studies print for one network, and what lies between them."""

    least: PublishedCount
    largest: PublishedCount
    classes: int  # that the networks tell apart

    @property
    def factor(self) -> float:
        return self.largest.flops / self.least.flops

    @property
    def by_size(self) -> float:
        """The part of the factor that is the image size: the same convention at both sizes."""
        (small, _), (large, key) = self.least.found[0], self.largest.found[0]
        model = self.least.model
        at_large, at_small = (
            cost(Architecture(model, CHANNELS, self.classes, size)) for size in (large, small)
        )
        return float(getattr(at_large, key) / getattr(at_small, key))

    @property
    def by_convention(self) -> float:
        """The rest: two conventions at the smaller size."""
        return self.factor / self.by_size

    @staticmethod
    def words(entry: PublishedCount) -> str:
        size, key = entry.found[0]
        return f"{CONVENTIONS[key]} at {size} pixels"


def disagreement(study: Study) -> Disagreement | None:
    """Of the network with the most counts; None where fewer than two of them are explained."""
    known: dict[str, list[PublishedCount]] = {}
    for entry in published_counts(study):
        if entry.found:
            known.setdefault(entry.model, []).append(entry)
    several = [sorted(group, key=lambda entry: entry.flops) for group in known.values() if len(group) > 1]
    if not several:
        return None
    least, *_, largest = max(several, key=lambda group: len(group))  # noqa: PLW0108
    return Disagreement(least, largest, study.published.classes)


def by_network(study: Study) -> pd.DataFrame:
    """A row per network, from the smallest, and image size that it can take.

    Beside each count, `printed_fvcore` and so on tell whether a study prints it; `printed` has which.
    """
    counts = published_counts(study)
    measure, train = study.params.hardware.measure, study.params.train
    models = dict.fromkeys([*measure.models, *train.grid.model, *(entry.model for entry in counts)])
    sizes = sorted({*(SIZES if counts else ()), measure.image_size, train.image_size})
    rows = [
        {"model": model, "image_size": size, **here.model_dump(), **_printed(counts, model, size)}
        for model in models
        for size, here in costs(model, CHANNELS, _classes(study), sizes).items()
    ]
    return pd.DataFrame(rows).sort_values(["parameters", "model", "image_size"], ignore_index=True)


def _classes(study: Study) -> int:
    """That the networks of the table tell apart: as in the published counts, else in the first dataset."""
    return study.published.classes if study.published.any else len(study.classes(study.datasets[0]))


def _printed(counts: Sequence[PublishedCount], model: str, size: int) -> dict[str, object]:
    here = [entry for entry in counts if entry.model == model and size in dict(entry.found)]
    marks = {
        f"printed_{name}": any((size, key) in entry.found for entry in here)
        for key, name in CONVENTIONS.items()
    }
    return marks | {"printed": "; ".join(entry.words for entry in here)}


def flops_table(study: Study) -> Iterator[Item]:
    """Every network at every size, the counts that studies print marked."""
    counts = published_counts(study)
    unknown = [entry for entry in counts if not entry.found]
    rest = f" Explained by none of them: {listed(map(_unknown, unknown))}." if unknown else ""
    printed = (
        " Marked: what a published study prints, in the last column with the digits that it prints."
        if counts
        else ""
    )
    yield table(
        "networks",
        (
            "Parameters, and FLOPs of one image's forward pass in evaluation mode, with "
            f"{_classes(study)} classes and {CHANNELS} channels, in three counting conventions: "
            "*fvcore* counts one per multiply-add, and BatchNorm and pooling; *torch* "
            "(`torch.utils.flop_counter`) two per multiply-add and no BatchNorm; *thop* one per "
            f"multiply-add and four per element of a BatchNorm.{printed}{rest}"
        ),
        by_network(study),
        [
            leading("Network", "model"),
            Column(title="Image (px)", of="image_size"),
            Column(title="Parameters", of="parameters", format=count),
            *(
                Column(title=name, of=key, format=count, marked=f"printed_{name}")
                for key, name in CONVENTIONS.items()
            ),
            *([words("Printed by", "printed")] if counts else []),
        ],
        ["params.yaml", *(["data/published/hardware.csv"] if counts else [])],
        wide=True,
    )


def _unknown(entry: PublishedCount) -> str:
    return f"{count(entry.flops)} ({shown(entry.model)}, study {escape(entry.study)})"

"""FLOPs in three conventions at several image sizes, and which of them a published figure is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import pandas as pd

from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, Table, column, merged, number
from gridpress.report.presentation.markup import Cell, Header, escape
from gridpress.report.presentation.names import count, listed, shown
from gridpress.report.sections.hardware.counting import cost
from gridpress.schema.values import ImageSize

CONVENTIONS = {"flops_fvcore": "fvcore", "flops_torch": "torch", "flops_thop": "thop"}
SIZES: tuple[int, ...] = get_args(ImageSize)  # pixels a side
PUBLISHED_CHANNELS = 3  # of the published studies


@dataclass(frozen=True)
class Printed:
    """A count of FLOPs as a study prints it, with the sizes and conventions that give its digits."""

    study: str
    model: str
    flops: int
    found: tuple[tuple[int, str], ...]

    @property
    def words(self) -> str:
        return f"{self.study}: {count(self.flops)}"


def printed(study: Study) -> list[Printed]:
    """Each published count once, in the order of the table."""
    table = study.published.hardware.dropna(subset=["flops_as_printed"])
    table = table.drop_duplicates(["study", "model", "flops_as_printed"])
    return [
        Printed(
            row["study"],
            row["model"],
            int(row["flops_as_printed"]),
            tuple(sources(row["model"], int(row["flops_as_printed"]))),
        )
        for row in rows_of(table)
    ]


def sources(model: str, flops: int) -> Iterator[tuple[int, str]]:
    """Image sizes and conventions whose count is `flops` when rounded to as many digits."""
    digits = str(flops)
    unit = 10 ** (len(digits) - len(digits.rstrip("0")))
    for size in SIZES:
        for key in CONVENTIONS:
            exact = getattr(cost(model, PUBLISHED_CHANNELS, size), key)
            if (exact + unit // 2) // unit * unit == flops:
                yield size, key


@dataclass(frozen=True)
class Spread:
    """The least and the largest count that studies print for one network, and what lies between them."""

    least: Printed
    largest: Printed

    @property
    def factor(self) -> float:
        return self.largest.flops / self.least.flops

    @property
    def by_size(self) -> float:
        """The part of the factor that is the image size: the same convention at both sizes."""
        (small, _), (large, key) = self.least.found[0], self.largest.found[0]
        model, channels = self.least.model, PUBLISHED_CHANNELS
        return float(getattr(cost(model, channels, large), key) / getattr(cost(model, channels, small), key))

    @property
    def by_convention(self) -> float:
        """The rest: two conventions at the smaller size."""
        return self.factor / self.by_size

    @staticmethod
    def words(entry: Printed) -> str:
        size, key = entry.found[0]
        return f"{CONVENTIONS[key]} at {size} pixels"


def spread(study: Study) -> Spread | None:
    """Of the network with the most counts; None where fewer than two of them are explained."""
    known: dict[str, list[Printed]] = {}
    for entry in printed(study):
        if entry.found:
            known.setdefault(entry.model, []).append(entry)
    several = [sorted(group, key=lambda entry: entry.flops) for group in known.values() if len(group) > 1]
    if not several:
        return None
    least, *_, largest = max(several, key=lambda group: len(group))  # noqa: PLW0108
    return Spread(least, largest)


def items(study: Study) -> Iterator[Item]:
    """Every network at every size, the counts that studies print marked."""
    figures = printed(study)
    models = [
        *study.params.hardware.measure.models,
        *study.params.train.grid.model,
        *(p.model for p in figures),
    ]
    rows = [
        (model, size, cost(model, PUBLISHED_CHANNELS, size))
        for model in sorted(set(models), key=lambda name: int(name.removeprefix("resnet")))
        for size in SIZES
    ]
    leading = merged([(shown(model),) for model, _, _ in rows])
    body = []
    for (model, size, here), lead in zip(rows, leading, strict=True):
        cells = []
        studies: list[str] = []
        for key in CONVENTIONS:
            found = [p for p in figures if p.model == model and (size, key) in p.found]
            studies += [entry.words for entry in found]
            cells.append(number(count(getattr(here, key)), marked=bool(found)))
        body.append(
            [
                *lead,
                number(f"{size}"),
                number(count(here.parameters)),
                *cells,
                Cell("; ".join(studies)),
            ]
        )
    unknown = [entry for entry in figures if not entry.found]
    rest = f" Explained by none of them: {listed(_unknown(p) for p in unknown)}." if unknown else ""
    yield Table(
        name="networks",
        caption=(
            "Parameters, and FLOPs of one image's forward pass in evaluation mode, with ten classes and "
            f"{PUBLISHED_CHANNELS} channels, by three ways of counting: *fvcore* counts one per multiply-add, and "
            "BatchNorm and pooling; *torch* (`torch.utils.flop_counter`) two per multiply-add and no BatchNorm; "
            "*thop* one per multiply-add and four per element of a BatchNorm. Marked: what a published study "
            f"prints, in the last column with the digits that it prints.{rest}"
        ),
        data=pd.DataFrame(
            [
                {
                    "model": model,
                    "image_size": size,
                    **here.model_dump(),
                    "printed": "; ".join(
                        p.words for p in figures if p.model == model and size in dict(p.found)
                    ),
                }
                for model, size, here in rows
            ]
        ),
        sources=["params.yaml", "data/published/hardware.csv"],
        head=[
            [
                Header("Network"),
                *map(column, ("Image (px)", "Parameters", "fvcore", "torch", "thop")),
                Header("Printed by"),
            ]
        ],
        body=body,
        wide=True,
    )


def _unknown(entry: Printed) -> str:
    return f"{count(entry.flops)} ({shown(entry.model)}, study {escape(entry.study)})"

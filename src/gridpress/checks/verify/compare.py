"""A committed record beside the one computed again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from gridpress.checks.verify.committed import Committed
from gridpress.checks.verify.tolerance import seed_noise, tolerance
from gridpress.families.registry import family_of
from gridpress.messages import counted
from gridpress.study.records.base import Record
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import dumps
from gridpress.system.machine import BITS, Machine

DIFFERENCES_SHOWN = 4


@dataclass(frozen=True)
class Row:
    """One comparison: accuracies are shares, None where the run diverged before."""

    name: str
    accuracy: str
    committed: float | None
    again: float | None
    expected: str
    verdict: str
    confirmed: bool


@dataclass(frozen=True)
class Comparison:
    """Of one run: the rows of the table, and what a person needs to know besides."""

    rows: list[Row]
    remarks: list[str]

    @property
    def confirmed(self) -> bool:
        return all(row.confirmed for row in self.rows)


@dataclass(frozen=True)
class _Accuracy:
    """One accuracy of a record: split, epoch (None where there are none), images that it was taken on."""

    split: str
    epoch: int | None
    value: float
    images: int

    @property
    def label(self) -> str:
        return self.split if self.epoch is None else f"{self.split}, epoch {self.epoch}"


def compare(committed: Committed, again: Record, study: Sequence[RunRecord], here: Machine) -> Comparison:
    """Byte for byte, or within an interval where the last bits may differ.

    Where the same bytes are due, one row stands for the whole record. Elsewhere validation and test accuracy
    of every milestone have a row and a tolerance each; losses and the images that were misclassified are not
    judged there.

    Args:
        committed: the run in question.
        again: its record, computed here.
        study: other results of such runs, for the noise of their seeds.
        here: this machine.
    """
    first, second = committed.results, committed.stage.results(again)
    (one, *_), (two, *_) = map(_devices, (first, second))
    reasons = differences_between(committed.machine, here, one)
    if one != two:
        reasons.append(f"the device was {one}, here it is {two}")
    same = dumps(again).encode() == committed.content
    if not any(map(_accuracies, first)):
        return _without_accuracy(committed, again, same=same, exact=not reasons)
    pairs = [*zip_longest(first, second)]
    if reasons and not same:
        rows = [row for pair in pairs for row in _judged(committed, *pair, study, len(pairs))]
    else:
        rows = [_whole(committed, pairs[-1], study, exact=not reasons, same=same)]
    remarks = _remarks(committed, again, reasons, same=same)
    if any(row.verdict == "not judged" for row in rows):
        remarks.append(
            f"{committed.name}: outside what other test images explain, and not judged: with one seed "
            "nothing says how far honest trainings lie apart"
        )
    return Comparison(rows, remarks)


Pair = tuple[RunRecord | None, RunRecord | None]


def _whole(committed: Committed, last: Pair, study: Sequence[RunRecord], *, exact: bool, same: bool) -> Row:
    """A row for a record that has the same bytes, or should have; with the last of its accuracies."""
    row = [*_judged(committed, *last, study, 1)][-1]
    return replace(
        row,
        expected="same bytes" if exact else row.expected,
        verdict="same bytes" if same else "differs",
        confirmed=same,
    )


def _judged(
    committed: Committed,
    one: RunRecord | None,
    two: RunRecord | None,
    study: Sequence[RunRecord],
    results: int,
) -> Iterator[Row]:
    """Every accuracy of a result, held against an interval.

    Args:
        committed: the run.
        one: the result that is recorded; None where there is none.
        two: the same, computed here.
        study: other results.
        results: how many the run has; of several, each is named.
    """
    there = {accuracy.label: accuracy for accuracy in _accuracies(one)}
    here = {accuracy.label: accuracy for accuracy in _accuracies(two)}
    of_which = one or two
    for label, accuracy in (there or here).items():
        old, new = there.get(label), here.get(label)
        family = family_of(of_which)
        noise = None if one is None else seed_noise(one, study, accuracy.epoch, accuracy.split)
        allowed = tolerance((new or accuracy).value, (new or accuracy).images, noise)
        difference = math.inf if old is None or new is None else abs(new.value - old.value)
        within = difference <= allowed.half_width
        # of one seed nobody knows how far another draw of it lies
        confirmed = within or (family.seeded and noise is None and math.isfinite(difference))
        named = "" if results == 1 or of_which is None else f"{family.title(family.classifier(of_which))}, "
        yield Row(
            committed.name,
            f"{named}{label}",
            None if old is None else old.value,
            None if new is None else new.value,
            f"within ±{100 * allowed.half_width:.2f} ({allowed.reason})",
            "within" if within else "not judged" if confirmed else "outside",
            confirmed,
        )


def differences_between(there: Machine | None, here: Machine, device: str) -> list[str]:
    """In what two machines differ that decides the last bits of a result; nothing: the same bytes are due.

    Args:
        there: where the record was computed; None where nothing says so.
        here: this machine.
        device: `cpu`, `cuda` or `mps`: the graphics processors matter only if they computed.
    """
    if there is None:
        return ["no timing record says where it was computed"]
    first, second = _deciding(there, device), _deciding(here, device)
    return [
        f"{name} was {first.get(name, 'absent')}, here it is {second.get(name, 'absent')}"
        for name in {**first, **second}
        if first.get(name) != second.get(name)
    ]


def _deciding(machine: Machine, device: str) -> dict[str, str]:
    versions = {
        name: text.partition("+")[0] for name, text in machine.versions.items()
    }  # 2.14.1+cpu: a build
    versions["python"] = ".".join(versions.get("python", "").split(".")[:2])
    facts = {
        "processor": f"{machine.processor} ({machine.processor_family})",
        "vector extensions": ", ".join(machine.vector_extensions),
        "operating system": machine.kernel.partition(" ")[0],
        **versions,
        **{name: machine.environment[name] for name in BITS if name in machine.environment},
    }
    if device != "cpu":
        facts["GPU"] = ", ".join(gpu.model for gpu in machine.gpus)
    return facts


def _devices(results: Sequence[RunRecord]) -> list[str]:
    """That computed each result; of none the processor."""
    return [str(getattr(result, "device", "cpu")) for result in results] or ["cpu"]


def _accuracies(record: RunRecord | None) -> list[_Accuracy]:
    """Validation and test accuracy of every milestone, in order."""
    if record is None:
        return []
    return [
        _Accuracy(split, tested.epoch, found.accuracy, found.images)
        for tested in family_of(record).tested(record)
        for split, found in (("validation", tested.validation), ("test", tested.test))
    ]


def _without_accuracy(committed: Committed, again: Record, *, same: bool, exact: bool) -> Comparison:
    """Of a run that diverged before its first milestone: elsewhere it has to diverge as well."""
    confirmed = same or (not exact and not any(map(_accuracies, committed.stage.results(again))))
    expected = "same bytes" if exact else "diverges"
    verdict = "same bytes" if same else "diverges" if confirmed else "differs"
    row = Row(committed.name, "diverged", None, None, expected, verdict, confirmed)
    return Comparison([row], [] if confirmed else _remarks(committed, again, [], same=same))


def _remarks(committed: Committed, again: Record, reasons: list[str], *, same: bool) -> list[str]:
    if reasons:
        return [f"an interval instead of the same bytes, as {reason}" for reason in reasons]
    if same:
        return []
    found = _differences(committed.record.model_dump(), again.model_dump())
    lines = [f"{committed.name}: {place} is {one}, computed again {two}" for place, one, two in found]
    if len(lines) > DIFFERENCES_SHOWN:
        left = len(lines) - DIFFERENCES_SHOWN
        lines[DIFFERENCES_SHOWN:] = [f"{committed.name}: {counted(left, 'more difference')}"]
    return lines or [f"{committed.name}: the same values, written otherwise"]


def _differences(one: Any, two: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Where two records differ: the place, and what each holds there."""
    if isinstance(one, dict) and isinstance(two, dict):
        for name in {**one, **two}:
            yield from _differences(one.get(name), two.get(name), f"{place}.{name}".lstrip("."))
    elif _is_table(one) and _is_table(two) and len(one) == len(two):
        for number, (first, second) in enumerate(zip(one, two, strict=True)):
            yield from _differences(first, second, f"{place}.{number}")
    elif one != two:
        both_lists = isinstance(one, list) and isinstance(two, list)
        yield (
            place,
            f"a list of {len(one)}" if both_lists else str(one),
            f"another of {len(two)}" if both_lists else str(two),
        )


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)

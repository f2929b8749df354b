"""What was run: parameters, split, classes and machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from gridpress.config.params import Params
from gridpress.data.division import OFFICIAL
from gridpress.families.registry import FAMILIES
from gridpress.messages import counted
from gridpress.report.analysis.image_counts import images_in, images_used
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.names import ABSENT, listed
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.setup import published_protocols, sample_images
from gridpress.system.machine import Machine


def parameters(study: Study) -> Iterator[Item]:
    """What published studies state of their parameters, and every value of params.yaml that decided here."""
    if study.published.any:
        yield published_protocols.table(study)
    content: dict[str, Any] = study.params.model_dump(exclude_unset=True)
    rows = [("datasets", "datasets", listed(study.datasets))]
    blocks = {name: block for name, block in content.items() if isinstance(block, dict)}
    rows += [(name, key, value) for name, block in blocks.items() for key, value in _flat(block)]
    yield table(
        "parameters",
        "Every parameter of the study, as `params.yaml` gives it. Keys inside a block are joined by a dot.",
        pd.DataFrame(rows, columns=["block", "key", "value"]),
        [leading("Block", "block", str), words("Key", "key"), words("Value", "value")],
        ["params.yaml"],
    )


def _flat(block: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in block.items():
        if isinstance(value, dict) and ("kernel" in value or prefix.endswith("targets.")):
            yield f"{prefix}{key}", _pairs(value)
        elif isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, (list, tuple)):
            yield f"{prefix}{key}", ", ".join(str(entry) for entry in value)
        else:
            yield f"{prefix}{key}", "null" if value is None else str(value)


def _pairs(value: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {entry!s}" for key, entry in value.items() if entry is not None)


def split(study: Study) -> Iterator[Item]:
    """Images of each split, and how many of them are used."""
    rows = [
        (part, images_in(study, name), images_used(study, used), purpose)
        for part, name, used, purpose in (
            ("Training", "train", "train", "training every classifier"),
            ("Validation", "validation", "validation", "choosing configurations"),
            ("Test", "test", "test", "reported accuracies; never used to choose"),
        )
    ]
    evaluated = images_used(study, "train_eval"), "training accuracy of a network after each epoch"
    rows.insert(1, ("of these", images_used(study, "train"), *evaluated))
    yield table(
        "split",
        caption_of_split(study.params),
        pd.DataFrame(rows, columns=["part", "images", "used", "purpose"]),
        [
            leading("Part", "part", str),
            Column(title="Images", of="images", format=str),
            Column(title="Used", of="used", format=str),
            words("For", "purpose"),
        ],
        ["params.yaml"],
    )


def caption_of_split(params: Params) -> str:
    """Where the images of each split come from."""
    declared = [params.dataset(name) for name in params.datasets]
    titles = listed(dataset.title for dataset in declared)
    grouped = any(part.groups for dataset in declared for part in dataset.parts)
    stratified = f"stratified by class{' as far as whole groups allow' if grouped else ''}"
    if params.data.split.test == OFFICIAL:
        return (
            f"How the images of {titles} are split, and how many are used. The official test images are the "
            f"test split; all others are split {stratified}."
        )
    return f"How the pooled images of {titles} are split, {stratified}, and how many are used."


def samples(study: Study) -> Iterator[Item]:
    """Images of each class, and how many there are."""
    for dataset, record in study.data.items():
        yield from sample_images.items(study.params.dataset(dataset), record, study.source("data", dataset))


def machines(study: Study) -> Iterator[Item]:
    """Which machines computed what, with their libraries."""
    groups: dict[tuple[tuple[str, str], ...], list[tuple[str, str]]] = {}
    for stage, machine, source in _stages(study):
        groups.setdefault(tuple(_facts(machine).items()), []).append((stage, source))
    if not groups:
        return
    facts = [dict(group) for group in groups]
    users = [_used_for([stage for stage, _ in uses]) for uses in groups.values()]
    keys = list(dict.fromkeys(key for fact in facts for key in fact))
    rows = [["Used for", *users], *([key, *(fact.get(key, ABSENT) for fact in facts)] for key in keys)]
    titles = (
        ["This machine"] if len(facts) == 1 else [f"Machine {place}" for place in range(1, len(facts) + 1)]
    )
    yield table(
        "machines",
        "The machines that computed the results, and the versions of what computed them.",
        pd.DataFrame(rows, columns=["property", *titles]),
        [leading("Property", "property", str), *(words(title, title) for title in titles)],
        [source for uses in groups.values() for _, source in uses],
    )


def _stages(study: Study) -> Iterator[tuple[str, Machine, str]]:
    for family in FAMILIES:
        for key, timing in study.timings[family.stage].items():
            yield family.run, timing.machine, study.source(f"timing/{family.stage}", key)
    for folder, points in study.points.items():
        for key, point in points.items():
            for timing in point.timing.timings if point.timing else ():
                yield point.stage.run, timing.machine, study.source(f"timing/{folder}", key)
    for key, hardware in study.hardware.items():
        yield f"hardware benchmark {key}", hardware.machine, study.source("hardware", key)


def _used_for(stages: list[str]) -> str:
    parts = []
    for stage in dict.fromkeys(stages):
        times = stages.count(stage)
        parts.append(stage if stage.startswith("hardware") else counted(times, stage))
    return listed(parts)


def _facts(machine: Machine) -> dict[str, str]:
    """What stays the same from run to run; the load at the time is in the records."""
    gpus = listed(gpu.model for gpu in machine.gpus) if machine.gpus else "none"
    differs = [f"{name} {versions}" for name, versions in (machine.differs_from_constraints or {}).items()]
    return {
        "Processor": machine.processor_name,
        "Cores": f"{machine.usable_cores} usable of {machine.logical_cores}",
        "Memory": f"{machine.memory_bytes / 2**30:.0f} GiB",
        "Vector extensions": listed(machine.vector_extensions) if machine.vector_extensions else "none",
        "GPU": gpus,
        "System": f"{machine.operating_system}, {machine.kernel}",
        **{name: version for name, version in machine.versions.items() if version != "absent"},
        **({"Not as in constraints.txt": listed(differs)} if differs else {}),
    }

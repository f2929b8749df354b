"""What the hardware part says of a study, and studies whose machine's record is changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections import hardware
from gridpress.study.project import Project
from report.builder import save

ONE = {"device": "cpu", "precision": "fp32", "threads": 1, "memory_format": "contiguous"}
MACHINE = "epyc-2core"
Change = Callable[[dict], None]


def items(study: Study) -> dict[str, Item]:
    found = [item for make in hardware.SECTIONS.values() for item in make(study)]
    assert len({item.reference for item in found}) == len(found)
    return {item.reference: item for item in found}


def prose(study: Study) -> str:
    """All paragraphs on one line: where lines break is nobody's business."""
    sections = {name: list(make(study)) for name, make in hardware.SECTIONS.items()}
    names = ("", "-speedup", "-roofline", "-flops", "-return", "-agreement", "-growth", "-elsewhere")
    values = {"study": study, "hardware": hardware.facts(study)}
    text = "\n".join(paragraphs(f"hardware{name}", sections, **values) for name in names)
    return re.sub(r"[ \n]+", " ", text)


def changed(project: Project, change: Change) -> Study:
    """The study after a change of its machine's record."""
    path = project.record("hardware", MACHINE)
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    save(HardwareRecord.model_validate(content), path)
    return Study.load(project)

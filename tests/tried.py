"""How much was tried: examples of hypothesis, and the bad files and sources that tests refuse.

`make hostile` tries many and records the numbers for the README.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gridpress.system.machine import describe

EXAMPLES = os.environ.get("GRIDPRESS_EXAMPLES")
RECORD = Path(__file__).resolve().parents[1] / "benchmarks" / "results" / "hostile.json"
TALLY: Counter[str] = Counter()
KINDS = {
    "params.yaml": "parameter_files",
    "-S": "parameter_files",
    "records": "records",
    "dvc.lock": "lock_files",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help=f"write {RECORD.name} if all tests pass")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "hostile: a bad file, or a source that delivers one")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed and "hostile" in report.keywords:
        TALLY["bad data, refused"] += 1


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if session.config.getoption("--record") and exitstatus == 0:
        tried: dict[str, Counter[str]] = {name: Counter() for name in KINDS.values()}
        for what, number in TALLY.items():
            kind, _, outcome = what.partition(", ")
            if (
                name := KINDS.get(kind.split()[0])
            ) and outcome != "refused by DVC":  # who leaves the file as it was
                tried[name][outcome] += number
        record = {
            "examples_per_property": int(EXAMPLES or 0),
            "bad_data": TALLY["bad data, refused"],
            **tried,
            "machine": describe().model_dump(include={"processor", "processor_family", "versions"}),
        }
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for what, number in sorted(TALLY.items()):
        terminalreporter.write_line(f"{what}: {number}")

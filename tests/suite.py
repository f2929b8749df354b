"""What the suite as a whole keeps: which tests are the newcomer's, no silent skips, where time goes.

`make test` leaves out the tests that are marked `extended`: those that take long, or need the real data, a
browser or a package client. A test that uses the real data is marked by itself. `make test-all` runs
everything.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import pytest

DATA = "real_data"  # the fixture
BUDGET = 60  # minutes on two cores

# The only reasons to skip: what another machine, processor or user has. Any other skip fails the run.
REASONS = (
    "quarto is not on the PATH",  # and its release can't be had everywhere
    "no disk can be mounted here",  # who is not root, or is in a container
    "the run that must fail would succeed",  # a machine with CUDA
    "this processor has no bf16 instructions that oneDNN uses",
    "this torch was built without oneDNN",
    "the clock of another thread cannot be read here",  # macOS
    "reads /proc, and forks",  # Linux alone
    "the operating system",  # … lacks something, as it says
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "extended: not part of `make test`")
    config.addinivalue_line("markers", "committed: about the committed study, not a study of the tests' own")
    config.pluginmanager.register(Suite(), "the suite")


class Suite:
    """One run."""

    def __init__(self) -> None:
        self.begin = time.monotonic()
        self.seconds: Counter[str] = Counter()
        self.unexpected: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if DATA in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.extended)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[part_of(report.nodeid)] += report.duration
        self._judge(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._judge(report)

    def _judge(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = reason_of(report.longrepr)
            if not reason.startswith(REASONS):
                self.unexpected.append(f"{report.nodeid}: {reason}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        passed = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        if self.unexpected and session.exitstatus in passed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        out = terminalreporter
        if self.unexpected:
            out.section("skipped for a reason that is not in tests/suite.py", red=True, bold=True)
            for line in self.unexpected:
                out.write_line(line)
        out.section("time per part, over all processes")
        for part, seconds in self.seconds.most_common():
            out.write_line(f"{seconds / 60:6.1f} min  {part}")
        taken = (time.monotonic() - self.begin) / 60
        out.write_line(f"{taken:6.1f} min  from begin to end, of a budget of {BUDGET} for `make test-all`")


def part_of(nodeid: str) -> str:
    """The folder below tests/ that a test lies in."""
    folders = nodeid.partition("::")[0].split("/")[:-1]
    return folders[1] if len(folders) > 1 else "tests of single modules"


def reason_of(longrepr: Any) -> str:
    """Why a test was skipped."""
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return str(text).removeprefix("Skipped: ")

"""Hostile values and texts, and what must hold whatever `gridpress check` is given."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from checking import Said, check_in, few, tree, write_study
from gridpress.config.params import load_params
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.project import Project
from tried import EXAMPLES, TALLY

DEADLINE = timedelta(seconds=30)  # of one example: anything near it is a hang

ACTING = {
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
}
ACTING |= {
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.utime",
    "socket.connect",
    "socket.getaddrinfo",
}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def examples(ordinary: int) -> settings:
    """So many examples, always the same; or as many other ones as GRIDPRESS_EXAMPLES says."""
    return settings(
        max_examples=int(EXAMPLES or ordinary),
        derandomize=EXAMPLES is None,
        database=None,
        deadline=DEADLINE,
        print_blob=True,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.large_base_example,
        ],
    )


class Watch:
    """What this process does to files, programs and the network while it is on."""

    def __init__(self) -> None:
        self.seen: list[str] | None = None
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.seen is None:
            return
        if event == "open" and isinstance(arguments[0], (str, bytes)):
            if arguments[2] & WRITING and arguments[0] != os.devnull:
                self.seen.append(f"write {arguments[0]!r}")
        elif event == "subprocess.Popen":
            if Path(os.fsdecode(arguments[1][0])).name not in {"git", "quarto"}:
                self.seen.append(f"run {arguments[1]!r}")
        elif event in ACTING:
            self.seen.append(f"{event} {arguments!r}")

    @contextmanager
    def on(self) -> Iterator[list[str]]:
        self.seen = seen = []
        try:
            yield seen
        finally:
            self.seen = None


@pytest.fixture(scope="session")
def watch() -> Watch:
    return Watch()


def _roomy(_: Path) -> Any:
    return namedtuple("usage", "total used free")(1 << 62, 0, 1 << 62)  # noqa: PYI024


@pytest.fixture(scope="module")
def judge(watch: Watch) -> Iterator[Callable[[Path, str], Said]]:
    """Call `gridpress check` and hold it to what must be true whatever it was given."""
    patch = pytest.MonkeyPatch()
    patch.setattr(shutil, "disk_usage", _roomy)  # a valid plan may need more disk than there is
    warm: set[Path] = set()

    def judged(folder: Path, what: str) -> Said:
        if folder not in warm:  # the first call compiles modules
            check_in(folder)
            warm.add(folder)
        before = tree(folder)
        with watch.on() as seen:
            said = check_in(folder)
        assert seen == []
        assert tree(folder) == before
        assert said.code in {0, 1, 2}
        if said.code == 0:
            assert said.err == ""
            assert said.out.startswith("datasets ")
            plan_is_safe(Project(folder))
        else:
            assert said.err.startswith("gridpress: ")
            assert len(said.err) < 9000
            assert len(said.err.splitlines()) <= 22
            assert "Traceback" not in said.err
            assert all(line.isprintable() for line in said.err[:-1].split("\n"))
        TALLY[f"{what}, {('valid', 'broken', 'refused')[said.code]}"] += 1
        return said

    yield judged
    patch.undo()


def plan_is_safe(project: Project) -> None:
    """Names of stages go into file names and into the commands that DVC gives to a shell."""
    params = load_params(project.params)
    keys = [
        *train_runs(params),
        *svm_runs(params),
        *params.datasets,
        *params.hardware.machines,
    ]
    assert len(keys) >= 2
    for key in keys:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,200}", key)
        assert project.record("train", key).resolve().parent == project.metrics.resolve() / "train"


@pytest.fixture(scope="session")
def base(content_of_smoke: dict[str, Any]) -> dict[str, Any]:
    """Valid parameters: the smoke profile for one dataset."""
    return few(content_of_smoke)


@pytest.fixture(scope="module")
def study(base: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """With all of its records; a test leaves it as it was."""
    return write_study(tmp_path_factory.mktemp("properties") / "study", base)


@pytest.fixture(scope="module")
def bare(base: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Nothing computed yet, which is quicker."""
    project = write_study(tmp_path_factory.mktemp("properties") / "bare", base)
    for path in (project.metrics, project.scratch, project.root / ".git"):
        shutil.rmtree(path)
    (project.root / "dvc.lock").unlink()
    from checking import git  # noqa: PLC0415

    git(project.root, "init", "--quiet")
    git(project.root, "commit", "--quiet", "--allow-empty", "--message", "state")
    return project

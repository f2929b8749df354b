"""The same study, computed by two people who have nothing in common: `make twice`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from end_to_end.conftest import Clone
from gridpress.config.yaml_file import read_yaml
from gridpress.study import profiles

BY_NATURE = ("metrics/timing/", "metrics/hardware/")  # seconds, machine, versions: in files of their own
DEPENDS_ON_THEM = ("metrics", "metrics/hardware", "report/manifest.json")  # in dvc.lock, as folder or digest

# Where a locale is not installed, as de_DE may be, programs fall back to C as they would for a person.
ADA = {
    "USER": "ada",
    "LANG": "de_DE.UTF-8",
    "LC_NUMERIC": "de_DE.UTF-8",
    "TZ": "America/New_York",
    "PYTHONHASHSEED": "1",
}
ZOE = {"USER": "zoë", "LC_ALL": "POSIX", "TZ": "Pacific/Chatham", "PYTHONHASHSEED": "4294967295"}
LOCALE = ("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_NUMERIC")


@dataclass(frozen=True)
class Person:
    """A clone, and the surroundings that its owner calls commands in."""

    clone: Clone
    home: Path
    surroundings: dict[str, str]
    umask: int

    @property
    def root(self) -> Path:
        return self.clone.root

    def start(self, *command: str | Path) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if name not in LOCALE}
        return subprocess.Popen(
            command,
            cwd=self.root if self.root.is_dir() else self.home,
            env={
                **inherited,
                **self.surroundings,
                "LOGNAME": self.surroundings["USER"],
                "HOME": str(self.home),
                "GRIDPRESS_DATA": str(self.clone.data),
            },
            umask=self.umask,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def files(self, folder: str) -> dict[str, bytes]:
        """The content of all files below a folder, by their path in the clone."""
        found = sorted(path for path in (self.root / folder).rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def recorded(self) -> dict[str, object]:
        """The stages in dvc.lock, without what is recorded of timings and hardware."""
        stages = read_yaml(self.root / "dvc.lock")["stages"]
        for stage in stages.values():
            for entries in (stage.get("deps", []), stage.get("outs", [])):
                entries[:] = [
                    entry
                    for entry in entries
                    if entry["path"] not in DEPENDS_ON_THEM and not entry["path"].startswith(BY_NATURE)
                ]
        return dict(stages)


def side_by_side(people: list[Person], *command: str) -> None:
    """Run a command of both at the same time."""
    processes = [person.start(*command) for person in people]
    try:
        for process in processes:
            output, _ = process.communicate(timeout=600)
            assert process.returncode == 0, output
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def people(pristine, tmp_path_factory) -> list[Person]:
    """Both have computed the smoke study from nothing, at the same time."""
    folder = tmp_path_factory.mktemp("twice")
    people = []
    for name, surroundings, umask in (("ada/study", ADA, 0o022), ("Zoë K./Übung – zwei", ZOE, 0o077)):
        clone = Clone(folder / name, pristine.data)
        clone.root.parent.mkdir()
        home = clone.root.parent / "home"
        home.mkdir()
        person = Person(clone, home, surroundings, umask)
        side_by_side([person], "git", "clone", "--quiet", str(pristine.root), str(clone.root))
        profiles.apply(clone.project, "smoke")
        shutil.rmtree(clone.project.metrics)
        (clone.root / "dvc.lock").unlink()
        people.append(person)
    side_by_side(people, "gridpress", "repro", "--jobs", "1")
    return people


def differing(people: list[Person], folder: str) -> list[str]:
    ada, zoe = (person.files(folder) for person in people)
    assert list(ada) == list(zoe)
    return [path for path, content in ada.items() if zoe[path] != content]


def test_records_and_summary_are_the_same_bytes_and_only_timings_and_hardware_differ(people):
    differ = differing(people, "metrics")
    sys.stdout.write("\n".join(["These hold seconds and the machine, and so differ:", *differ, ""]))
    assert [path for path in differ if not path.startswith(BY_NATURE)] == []
    same = set(people[0].files("metrics")) - set(differ)
    assert {path.split("/")[1] for path in same} >= {
        "data",
        "network",
        "train",
        "svm",
        "baseline",
        "summary.json",
    }


def test_dvc_recorded_the_same(people):
    ada, zoe = (person.recorded() for person in people)
    assert ada == zoe
    assert any("metrics/train/" in out["path"] for stage in ada.values() for out in stage.get("outs", []))


def test_from_the_same_timings_figures_page_and_pdf_are_the_same_bytes(people):
    ada, zoe = people
    for folder in BY_NATURE:
        shutil.rmtree(zoe.root / folder)
        shutil.copytree(ada.root / folder, zoe.root / folder)
    shutil.copy(ada.root / "dvc.lock", zoe.root)  # else the page says that the timings were edited
    for person in people:
        shutil.rmtree(person.root / "report" / "figures")
        for path in (*person.clone.project.rendered, person.clone.project.manifest):
            path.unlink()
    side_by_side(people, "gridpress", "report")
    assert differing(people, "report") == []
    rendered = ada.files("report")
    assert {"report/report.html", "report/report.pdf", "report/manifest.json"} <= set(rendered)
    assert sum(path.startswith("report/figures/") for path in rendered) >= 10

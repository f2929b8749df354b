"""What a change makes stale, by DVC's own judgement of the committed study.

A run depends on its data, its network's file and the code that computes it; adding a dataset, a network or a
kind of classifier, or mending a citation, leaves every finished run as it is.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from conftest import ROOT
from gridpress.config.params import load_params
from gridpress.config.yaml_file import read_yaml
from gridpress.families.registry import FAMILIES
from gridpress.pipeline.dvc.hashes import folder_md5, md5
from gridpress.pipeline.lockfile.entries import dump, load
from gridpress.study.project import Project

pytestmark = pytest.mark.extended
PACKAGE = Path("src") / "gridpress"
CODE = [
    *(PACKAGE / name for name in ("data", "evaluation", "training", "networks/building", "seeding.py")),
    *(PACKAGE / "classical" / name for name in ("svc.py", "baselines.py", "fitting.py")),
    *(Path("metrics") / "network" / f"{name}.json" for name in ("resnet18", "resnet50")),
]


@pytest.fixture
def clone(tmp_path) -> Path:
    """The repository as it is committed, with runs as if computed by its code; the data are not fetched."""
    root = tmp_path / "study"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(root)], check=True)
    entries = load(root / "dvc.lock")
    pipeline = read_yaml(root / "dvc.yaml")["stages"]
    for stage, names in two_of_each(root).items():
        code = [dep for dep in pipeline[stage]["deps"] if dep.startswith("src/")]
        for name in names:
            data = [dep for dep in entries[name]["deps"] if dep["path"].startswith("data/")]
            data += [dep for dep in entries[name]["deps"] if dep["path"].startswith("metrics/network/")]
            now = [{"path": path, "hash": "md5", "md5": digest(root / path)} for path in code]
            entries[name].update(cmd=pipeline[stage]["cmd"], deps=[*data, *now])
    (root / "dvc.lock").write_text(dump(entries), encoding="utf-8")
    return root


def digest(path: Path) -> str | None:
    """The hash that DVC has of code."""
    return folder_md5(path) if path.is_dir() else md5(path.read_bytes())


def two_of_each(root: Path) -> dict[str, list[str]]:
    """The first and the last run of each kind."""
    params = load_params(Project(root).params)
    stages = {family.stage: [f"{family.stage}@{key}" for key in family.runs(params)] for family in FAMILIES}
    return {stage: [names[0], names[-1]] for stage, names in stages.items()}


def status(root: Path) -> dict[str, Any]:
    """What `dvc status` says of these runs, by stage."""
    names = [name for names in two_of_each(root).values() for name in names]
    done = subprocess.run(
        ["dvc", "status", "--json", *names], cwd=root, capture_output=True, text=True, check=True
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def changed(said: dict[str, Any], path: Path) -> set[str]:
    """The stages of which `dvc status` says that a dependency changed."""
    return {
        name
        for name, parts in said.items()
        for part in parts
        if isinstance(part, dict) and path.as_posix() in part.get("changed deps", {})
    }


def append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_citation_and_another_dataset_network_or_classifier_make_no_run_stale(clone):
    before = status(clone)
    declared = clone / "data" / "datasets"
    replace(declared / "mnist.yaml", "LeCun, Y., Bottou, L.", "LeCun, Yann, Bottou, Léon")
    replace(declared / "mnist.yaml", "title: MNIST", "title: MNIST digits")
    append(declared / "other.yaml", (declared / "mnist.yaml").read_text(encoding="utf-8"))
    append(clone / PACKAGE / "networks" / "own" / "another.py", '"""Another network."""\n')
    append(clone / PACKAGE / "networks" / "own" / "lenet5.py", "# another line\n")
    replace(clone / PACKAGE / "networks" / "names.py", '    "resnet18"', '    "resnet19",\n    "resnet18"')
    append(clone / PACKAGE / "families" / "forest.py", '"""Random forests, as a family of classifiers."""\n')
    append(clone / PACKAGE / "families" / "registry.py", "# another family\n")
    append(clone / PACKAGE / "forests" / "__init__.py", '"""Random forests."""\n')
    append(clone / PACKAGE / "forests" / "fit.py", '"""Fits one."""\n')
    assert {part for path in CODE for part in changed(before, path)} == set()
    assert status(clone) == before


@pytest.mark.parametrize(
    ("stage", "module", "dependency"),
    [
        ("train", "training/loop.py", "training"),
        ("svm", "classical/svc.py", "classical/svc.py"),
        ("baseline", "classical/baselines.py", "classical/baselines.py"),
    ],
)
def test_a_line_of_code_that_computes_runs_makes_those_of_its_kind_stale_and_no_others(
    clone, stage, module, dependency
):
    assert changed(status(clone), PACKAGE / dependency) == set()
    append(clone / PACKAGE / module, "# another line\n")
    assert changed(status(clone), PACKAGE / dependency) == set(two_of_each(clone)[stage])


def test_a_line_in_a_networks_file_makes_its_own_runs_stale_and_no_others(clone):
    """By the record of the stage `network`, which DVC runs again whatever file of the folder changed."""
    params = YAML().load(clone / "params.yaml")
    params["train"]["grid"]["model"] = ["resnet18", "lenet5"]
    YAML().dump(params, clone / "params.yaml")
    records = {name: clone / "metrics" / "network" / f"{name}.json" for name in ("resnet18", "lenet5")}

    def noted():
        for name in records:
            subprocess.run(["gridpress", "network", name], cwd=clone, check=True, capture_output=True)
        return {name: path.read_bytes() for name, path in records.items()}

    before = noted()
    append(clone / PACKAGE / "networks" / "own" / "mlp.py", "# another line\n")
    assert noted() == before
    append(clone / PACKAGE / "networks" / "own" / "lenet5.py", "# another line\n")
    after = noted()
    assert {name for name in records if after[name] != before[name]} == {"lenet5"}


def test_another_order_of_a_datasets_parts_makes_its_runs_stale_and_no_others(clone):
    path = clone / "data" / "datasets" / "mnist.yaml"
    declaration = path.relative_to(clone)
    assert changed(status(clone), declaration) == set()
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["parts"].reverse()
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    of_mnist = {name for names in two_of_each(clone).values() for name in names if "@mnist-" in name}
    assert of_mnist
    assert changed(status(clone), declaration) == of_mnist

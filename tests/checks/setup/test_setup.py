from __future__ import annotations

import fcntl
import json
import os
import shlex
import shutil
import subprocess
from collections import namedtuple
from secrets import token_urlsafe

import pytest

from checking import check_in, few, git, tree, write_study
from conftest import DECLARED, ROOT
from gridpress.checks.setup import disk
from gridpress.config.params import Params, parse_params
from gridpress.errors import InputError
from gridpress.pipeline.lockfile.entries import read as read_entries
from gridpress.pipeline.lockfile.keeper import restore
from gridpress.pipeline.stages import fetch
from gridpress.report.sections.hardware.counting import cost
from gridpress.study.project import Project

RUN = "train/mnist-resnet18-16-sgd-0.001-fp32-device-0.json"


@pytest.fixture(scope="module")
def params(content_of_smoke) -> Params:
    return parse_params(few(content_of_smoke), DECLARED)


@pytest.fixture(scope="module")
def whole(content_of_smoke, tmp_path_factory) -> Project:
    """Never change it."""
    return write_study(tmp_path_factory.mktemp("whole") / "study", few(content_of_smoke))


@pytest.fixture
def study(whole, tmp_path) -> Project:
    shutil.copytree(whole.root, tmp_path / "a study", symlinks=True)
    return Project(tmp_path / "a study")


def put_data(project):
    """Files of the right sizes: `check` reads none."""
    project.raw("mnist").mkdir(parents=True, exist_ok=True)
    for name, pin in DECLARED["mnist"].pins.items():
        with (project.raw("mnist") / name).open("wb") as file:
            file.truncate(pin.size)


def lock(project):
    return project.root / "dvc.lock"


def follow(project, said):
    """Call the first command of git, cp or rm that a message names."""
    [command, *_] = [
        part
        for part in said.err.replace("\n", " ").split("`")[1::2]
        if part.split()[0] in {"git", "cp", "rm"}
    ]
    subprocess.run(shlex.split(command), cwd=project.root, check=True, capture_output=True)


def test_nothing_is_wrong_with_a_whole_study_and_nothing_is_written(study):
    before = tree(study.root)
    said = check_in(study.root)
    assert (said.code, said.err) == (0, "")
    assert "!" not in said.out
    assert said.line("packages") == "all 2 as in constraints.txt"
    assert said.line("git") == "all results are committed"
    assert said.line("DVC") == "dvc.lock is whole"
    assert said.line("records") == "11 of 11 there, all valid"
    assert tree(study.root) == before


def test_all_lines_are_aligned(study):
    lines = check_in(study.root).out.splitlines()
    assert {line.index(line.split(maxsplit=1)[1]) for line in lines} == {10}


def test_what_is_wrong_with_params_yaml_comes_first_and_is_exit_code_2(study):
    study.params.write_text(study.params.read_text().replace("epochs: 2", "epochs: 0"))
    shutil.rmtree(study.metrics)
    said = check_in(study.root)
    assert (said.code, said.out) == (2, "")
    assert said.err == "gridpress: params.yaml: train.epochs is 0; it must be a whole number from 1\n"


def test_packages_that_are_missing_or_of_another_version_are_named(study):
    (study.root / "pyproject.toml").write_text(
        '[project]\ndependencies = ["pydantic", "Ruamel_YAML", "no-such-package[extra]>=1"]\n'
    )
    (study.root / "constraints.txt").write_text("pydantic==0.1\nruamel.yaml==0.2+cpu\nno-such-package==1\n")
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("packages") == "! 1 missing, 2 of other versions"
    assert "not installed: no-such-package: `pip install" in said.err
    assert " instead of 0.1" in said.err
    assert " instead of 0.2" in said.err


def test_a_local_build_of_the_pinned_version_is_the_pinned_version(study, monkeypatch):
    (study.root / "constraints.txt").write_text("pydantic==2.14.1\nruamel.yaml==3\n")
    versions = {"pydantic": "2.14.1+cpu", "ruamel.yaml": "3"}
    monkeypatch.setattr("gridpress.checks.setup.environment.installed", versions.get)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
@pytest.mark.parametrize("text", [None, b"\xff[", b"[project"])
def test_without_pins_it_says_what_brings_them_back(study, name, text):
    if text is None:
        (study.root / name).unlink()
    else:
        (study.root / name).write_bytes(text)
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_python_that_is_too_old_is_named(study):
    path = study.root / "pyproject.toml"
    path.write_text(path.read_text().replace("3.11", "3.99"))
    said = check_in(study.root)
    assert said.code == 1
    assert "but Gridpress needs >=3.99" in said.err


@pytest.mark.parametrize(
    ("script", "code", "line"),
    [
        (None, 0, "not installed: the built-in renderer is used"),
        ("echo 1.9.37", 0, "1.9.37"),
        ("echo 1.8.27", 0, "1.8.27, older than 1.9: the built-in renderer is used"),
        ("exit 3", 1, "! does not start"),
    ],
)
def test_quarto_is_optional_but_not_broken(study, tmp_path, monkeypatch, script, code, line):  # noqa: PLR0917
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(shutil.which("git"))
    (tools / "sh").symlink_to("/bin/sh")
    if script is not None:
        (tools / "quarto").write_text(f"#!/bin/sh\n{script}\n")
        (tools / "quarto").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    said = check_in(study.root)
    assert (said.code, said.line("Quarto")) == (code, line)


def test_too_small_a_disk_is_named_with_what_is_needed(study, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 5000, 5000))
    said = check_in(study.root)
    assert said.code == 1
    assert "0.1 GB are free, but data and checkpoints of what is missing take up to 0.3 GB" in said.err


def test_what_must_be_computed_needs_more_disk(study):
    def needed():
        return float(check_in(study.root).line("disk").split()[-4])

    before = needed()
    shutil.rmtree(study.metrics / "train")
    assert needed() == pytest.approx(before + 4 * 11_181_642 * (2 + 3) / 1e9, abs=0.11)


@pytest.mark.parametrize("model", disk.PARAMETERS)
def test_a_checkpoint_is_as_large_as_the_network(model):
    assert disk.PARAMETERS[model] == cost(model, 3, 28).parameters


def test_data_are_there_or_not_fetched_yet_and_neither_is_a_fault(study):
    assert check_in(study.root).line("data").startswith("mnist not fetched; `gridpress repro` does it")
    study.raw("mnist").mkdir(parents=True)
    assert check_in(study.root).line("data").startswith("mnist not fetched")
    put_data(study)
    said = check_in(study.root)
    assert (said.code, said.line("data")) == (0, "all files there")


def test_a_data_folder_that_leads_out_of_the_repository_is_named_before_anything_is_fetched(study, tmp_path):
    """DVC stops at it after fetching."""
    disk = tmp_path / "another disk"
    disk.mkdir()
    (study.root / "data").mkdir(exist_ok=True)
    (study.root / "data" / "raw").symlink_to(disk)
    said = check_in(study.root)
    assert (said.code, said.line("data")) == (1, "! outside of the repository")
    with pytest.raises(InputError, match="link each dataset") as refused:
        fetch.run(study, "mnist", None)
    assert str(refused.value)[:150] in said.err
    disk.rmdir()
    assert check_in(study.root).line("data") == "! outside of the repository"  # a disk that is not there now
    disk.mkdir()
    (study.root / "data" / "raw").unlink()
    (study.root / "data" / "raw").mkdir()
    (study.root / "data" / "raw" / "mnist").symlink_to(disk)
    assert check_in(study.root).line("data").startswith("mnist not fetched")


def test_what_dvc_would_take_for_other_data_is_named(study):
    put_data(study)
    folder = study.raw("mnist")
    (folder / "notes.txt").touch()
    (folder / f".{token_urlsafe(16)}.tmp").touch()  # DVC's; `gridpress repro` deletes it
    (folder / "t10k-images-idx3-ubyte").unlink()
    (folder / "t10k-images-idx3-ubyte").symlink_to("nowhere")
    (folder / "t10k-labels-idx1-ubyte").write_bytes(b"cut")
    (folder / "train-labels-idx1-ubyte").unlink()
    said = check_in(study.root)
    assert (said.code, said.line("data")) == (1, "! not as they were fetched")
    assert "data/raw/mnist: notes.txt does not belong here" in said.err
    assert "train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte is missing" in said.err
    assert "`gridpress fetch mnist` fetches it" in said.err


def test_a_folder_outside_of_git_is_named(study):
    shutil.rmtree(study.root / ".git")
    said = check_in(study.root)
    assert said.code == 1
    assert "git: this is no git repository, but DVC needs one" in said.err


def test_a_repository_without_a_commit_is_named_as_dvc_has_no_experiments_in_it(study):
    shutil.rmtree(study.root / ".git")
    git(study.root, "init", "--quiet")
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("git") == "! no commit yet"
    assert (
        "`dvc exp run` needs a commit: `git add --all` and `git commit --message begin` make one" in said.err
    )
    git(study.root, "add", "--all")
    git(study.root, "commit", "--message", "begin")
    assert check_in(study.root).code == 0


def test_a_study_of_another_user_is_named_with_what_lets_git_read_it(study, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    said = check_in(study.root)
    assert said.code == 1
    assert (
        "the study belongs to another user, so git refuses it: `git config --global --add safe.directory"
        in said.err
    )


def test_results_of_other_parameters_are_counted_and_no_fault(study):
    text = study.params.read_text()
    study.params.write_text(text.replace("epochs: 2", "epochs: 3", 1))
    said = check_in(study.root)
    assert said.code == 0
    assert said.line("records") == (
        "11 of 11 there, all valid, 2 results of other parameters; `gridpress repro` computes them again"
    )


def test_without_git_it_says_so(study, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    said = check_in(study.root)
    assert said.code == 1
    assert "git is not installed" in said.err


def test_results_that_are_not_committed_are_counted_and_no_fault(study):
    study.record("hardware", "here").write_text(study.record("hardware", "here").read_text() + "\n")
    (study.metrics / "train" / "another.json").write_text("{}")
    (study.root / "elsewhere.txt").write_text("no result")
    said = check_in(study.root)
    assert (said.code, said.line("git")) == (0, "2 results are not committed")


def test_a_study_below_another_repository_has_its_own_files(study):
    shutil.rmtree(study.root / ".git")
    outside = study.root.parent
    git(outside, "init", "--quiet")
    git(outside, "add", "--all")
    git(outside, "commit", "--quiet", "--message", "state")
    (study.metrics / RUN).unlink()
    said = check_in(study.root)
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_lock_that_git_left_is_named_once_it_is_old(study):
    left = study.root / ".git" / "index.lock"
    left.touch()
    assert check_in(study.root).code == 0
    os.utime(left, (1, 1))
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_lost_dvc_lock_comes_back_by_the_command_named(study):
    lock(study).unlink()
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("DVC") == "! dvc.lock is missing"
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_dvc_lock_that_was_never_committed_comes_back_from_its_copy(study):
    git(study.root, "rm", "--quiet", "dvc.lock")
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


def test_results_without_any_dvc_lock_are_named(study):
    git(study.root, "rm", "--quiet", "dvc.lock")
    git(study.root, "commit", "--quiet", "--message", "no lock")
    shutil.rmtree(study.scratch)
    said = check_in(study.root)
    assert said.code == 1
    assert "dvc.lock has no entry for 4 results, such as metrics/train/" in said.err


def test_before_anything_was_computed_nothing_is_wrong(study):
    for path in (study.metrics, study.scratch):
        shutil.rmtree(path)
    lock(study).unlink()
    git(study.root, "add", "--all")
    said = check_in(study.root)
    assert said.code == 0
    assert said.line("DVC") == "nothing recorded yet"
    assert said.line("records") == "0 of 11 there, all valid; `gridpress repro` computes the rest"


def test_a_dvc_lock_cut_anywhere_is_found_as_repro_finds_it(study, params, capsys):
    text = lock(study).read_bytes()
    seen = set()
    for length in [*range(0, len(text), 37), len(text) - 1, len(text)]:
        lock(study).write_bytes(text[:length])
        said = check_in(study.root)
        restore(study, params)
        assert (said.code == 1) == ("restored" in capsys.readouterr().err), length
        assert read_entries(lock(study).read_text()) == read_entries(text.decode())
        seen.add(said.line("DVC"))
    assert {"! dvc.lock is broken", "! dvc.lock is shortened", "dvc.lock is whole"} <= seen


def test_a_shortened_dvc_lock_is_named_with_what_it_lost(study, params):
    lines = lock(study).read_text().splitlines(keepends=True)
    begins = [number for number, line in enumerate(lines) if line.startswith("  svm@")]
    lock(study).write_text("".join(lines[: begins[-1]]))
    said = check_in(study.root)
    assert said.code == 1
    assert (
        "dvc.lock has lost 1 finished stages, such as svm@mnist-rbf-C1-gscale: `gridpress repro`" in said.err
    )
    restore(study, params)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize(
    "text",
    ["stages: 3\n", "[]\n", "schema: '3.0'\nstages: {}\n", "\t\n", "schema: '2.0'\nstages: {a: b}\n", "\0\n"],
)
def test_what_is_no_dvc_lock_is_broken_and_git_has_the_good_one(study, text):
    (study.scratch / "dvc.lock.good").unlink()
    lock(study).write_text(text)
    said = check_in(study.root)
    assert said.code == 1
    assert read_entries(text) is None
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_missing_dvc_folder_comes_back_by_the_command_named(study):
    shutil.rmtree(study.root / ".dvc")
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize("text", ["{", "[]", '{"write": {"a": 3}}', '{"read": {"a": [{"cmd": "x"}]}}', "\0"])
def test_a_broken_list_of_locks_is_removed_by_the_command_named(study, text):
    rwlock = study.root / ".dvc" / "tmp" / "rwlock"
    rwlock.write_text(text)
    said = check_in(study.root)
    assert said.code == 1
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_lock_is_orphaned_if_its_process_began_after_it(study):
    rwlock = study.root / ".dvc" / "tmp" / "rwlock"
    rwlock.write_text(json.dumps({"write": {"a": {"pid": os.getpid(), "cmd": "dvc repro"}}, "read": {}}))
    assert check_in(study.root).code == 0
    os.utime(rwlock, (1, 1))
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("DVC") == "! an orphaned lock"
    follow(study, said)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize("held", ["scratch/repro.lock", ".dvc/tmp/lock"])
def test_while_dvc_is_at_work_what_it_removed_is_no_fault(study, held):
    (study.metrics / RUN).unlink()
    with (study.root / held).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        said = check_in(study.root)
    assert said.code == 0
    assert said.line("DVC") == "at work now"
    assert check_in(study.root).code == 1


def test_records_that_an_interrupted_stage_removed_come_back_by_the_command_named(study):
    (study.metrics / RUN).unlink()
    (study.metrics / "timing" / RUN).unlink()
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("records") == "! 9 of 11 there, all valid"
    assert "2 records were deleted, as by a stage that was interrupted, such as metrics/train/" in said.err
    follow(study, said)
    assert check_in(study.root).code == 0


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _: "", "is not JSON"),
        (lambda text: text[:-20], "is not JSON"),
        (
            lambda text: text.replace('"schema_version": 2', '"schema_version": 7'),
            "this record has schema version 7",
        ),
        (lambda text: text.replace('"test_accuracy": ', '"test_accuracy": 1'), "less than or equal to 1"),
        (lambda text: text.replace('"epochs": 2', '"epochs": "2"'), "epochs is '2'"),
        (lambda text: text.replace("resnet18", "resnet20"), "model is 'resnet20'; allowed:"),
        (
            lambda text: text.replace("-sgd-", "-adam-"),
            "is the record of mnist-resnet18-16-adam-0.001-fp32-device-0",
        ),
    ],
    ids=["empty", "cut", "schema", "outside", "type", "unknown network", "of another run"],
)
def test_a_broken_record_is_named_and_comes_back_by_the_command_named(study, change, reason):
    path = study.metrics / RUN
    path.write_text(change(path.read_text()))
    said = check_in(study.root)
    assert said.code == 1
    assert said.line("records") == "! 11 of 11 there, 1 broken"
    assert f"gridpress: metrics/{RUN}" in said.err
    assert reason in said.err
    assert str(study.root) not in said.err
    follow(study, said)
    assert check_in(study.root).code == 0


def test_a_broken_record_that_was_never_committed_is_computed_again(study):
    git(study.root, "rm", "--quiet", "--cached", f"metrics/{RUN}")
    (study.metrics / RUN).write_text("{")
    said = check_in(study.root)
    assert said.code == 1
    assert f"delete metrics/{RUN}: `gridpress repro` computes what is missing" in said.err


def test_however_much_is_broken_the_message_stays_short(study):
    for path in study.metrics.rglob("*.json"):
        path.write_text("{" * 3000)
    said = check_in(study.root)
    assert said.code == 1
    assert len(said.err.splitlines()) <= 22
    assert len(said.err) < 6000


def test_a_missing_package_is_a_message_whatever_the_command(study, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tabulate", None)
    monkeypatch.delitem(__import__("sys").modules, "gridpress.pipeline.plan", raising=False)
    said = check_in(study.root)
    assert said.code == 1
    assert "the package tabulate is not installed; `pip install" in said.err


def test_the_examples_in_the_readme_are_what_is_printed():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = readme.split("$ gridpress check\n")[1].split("```")[0]
    here = check_in(ROOT).out
    same = ("datasets", "images", "train", "svm", "hardware", "profiles")
    for line in example.splitlines():
        if line.split()[0] in same:
            assert line in here.splitlines()
    assert [line.split()[0] for line in example.splitlines()] == [
        line.split()[0] for line in here.splitlines()
    ]

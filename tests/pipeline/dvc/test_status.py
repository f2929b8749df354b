"""What is out of date is what DVC would run, with a digest of what decides it."""

from __future__ import annotations

import errno
import shutil
import subprocess

import pytest
from dvc.exceptions import DvcException

from gridpress.errors import GridpressError
from gridpress.pipeline.dvc import status
from gridpress.pipeline.dvc.hashes import md5
from gridpress.study.project import Project

PIPELINE = """
stages:
  fetch:
    matrix:
      dataset: [a]
    cmd: mkdir -p raw && echo ${item.dataset} > raw/a
    outs: [{raw/a: {cache: false}}]
  train:
    matrix:
      seed: [0, 1]
    cmd: cat code.py raw/a > out${item.seed}
    deps: [code.py, raw/a]
    params: [epochs]
    outs: [{"out${item.seed}": {cache: false}}]
  summarize:
    cmd: cat out0 out1 > summary
    deps: [out0, out1]
    outs: [{summary: {cache: false}}]
"""
FILES = {"dvc.yaml": PIPELINE, "params.yaml": "epochs: 1\nother: 1\n", "code.py": "one\n"}
OTHER_COMMAND = PIPELINE.replace("cat code.py raw/a >", "cat raw/a code.py >")
OTHER_PARAMETERS = PIPELINE.replace("[epochs]", "[epochs, other]")
TRAIN = {"train@0", "train@1"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """All computed by `dvc repro`; never change it."""
    root = tmp_path_factory.mktemp("finished") / "study"
    root.mkdir()
    for name, text in {
        "dvc.yaml": PIPELINE,
        "params.yaml": "epochs: 1\nother: 1\n",
        "code.py": "one\n",
    }.items():
        (root / name).write_text(text)
    for command in (["dvc", "init", "--no-scm", "--quiet"], ["dvc", "repro", "--quiet"]):
        subprocess.run(command, cwd=root, check=True, capture_output=True)
    return root


@pytest.fixture
def study(finished, tmp_path):
    return Project(shutil.copytree(finished, tmp_path / "study"))


def put(study, name, text):
    (study.root / name).write_text(text)


def test_the_stages_come_by_name_in_the_order_of_dvc_yaml(study):
    with status.opened(study) as repo:
        assert [*status.stages(repo)] == ["fetch@a", "train@0", "train@1", "summarize"]


def test_of_a_finished_study_nothing_is_out_of_date(study):
    assert status.stale(study) == {}
    assert status.stale_after(study, {}) == []
    assert set(status.stale(study, everything=True)) == TRAIN | {"fetch@a", "summarize"}


@pytest.mark.parametrize(
    ("name", "text", "stale"),
    [
        ("code.py", "two\n", TRAIN),
        ("params.yaml", "epochs: 2\nother: 1\n", TRAIN),
        ("params.yaml", "epochs: 1\nother: 2\n", set()),
        ("out0", "edited\n", {"train@0", "summarize"}),
        ("dvc.yaml", OTHER_COMMAND, TRAIN),
    ],
)
def test_a_stage_is_out_of_date_whose_inputs_or_results_are_not_those_recorded(study, name, text, stale):
    put(study, name, text)
    assert set(status.stale(study)) == stale
    assert set(status.stale_after(study, {})) == stale


@pytest.mark.parametrize(
    ("name", "text", "differs"),
    [
        ("code.py", "two\n", True),
        ("raw/a", "other\n", True),
        ("params.yaml", "epochs: 2\nother: 1\n", True),
        ("dvc.yaml", OTHER_COMMAND, True),
        ("params.yaml", "epochs: 1\nother: 2\n", False),
        ("out0", "edited\n", False),
        ("summary", "edited\n", False),
    ],
)
def test_the_digest_is_of_everything_that_decides_a_result_and_of_nothing_else(study, name, text, differs):
    before = status.stale(study, everything=True)
    put(study, name, text)
    after = status.stale(study, everything=True)
    assert (before["train@0"] != after["train@0"]) is differs
    assert before["train@0"] != before["train@1"]


def test_what_is_not_computed_side_by_side_or_lacks_an_input_has_no_digest(study):
    found = status.stale(study, everything=True)
    assert (found["fetch@a"], found["summarize"]) == ("", "")
    assert found["train@0"]
    (study.root / "code.py").unlink()
    assert status.stale(study, everything=True)["train@0"] == ""


def test_data_that_will_be_fetched_make_no_run_stale_but_what_else_changed_does(study):
    (study.root / "raw" / "a").unlink()
    assert set(status.stale(study)) == TRAIN | {"fetch@a"}
    assert status.stale_after(study, {}) == ["fetch@a"]
    put(study, "code.py", "two\n")
    assert status.stale_after(study, {}) == ["fetch@a", "train@0", "train@1"]


def test_a_file_that_will_be_written_first_counts_as_what_it_will_be(study):
    path, now = study.root / "code.py", (study.root / "code.py").read_bytes()
    put(study, "code.py", "two\n")
    assert status.stale_after(study, {path: md5(now)}) == []
    assert status.stale_after(study, {path: md5(b"three")}) == ["train@0", "train@1"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("code.py", "two\n", ["code.py"]),
        ("out0", "edited\n", ["out0, which is not as dvc.lock records it"]),
        (
            "dvc.yaml",
            OTHER_COMMAND,
            ["dvc.yaml, whose command is another one"],
        ),
        (
            "dvc.yaml",
            PIPELINE.replace("[epochs]", "[epochs, other]"),
            ["dvc.yaml, which names other parameters"],
        ),
    ],
)
def test_what_changed_of_a_stage_is_named(study, name, text, said):
    put(study, name, text)
    assert status.changed_inputs(study, ["train@0", "unknown"], {}) == {"train@0": said}


def test_a_file_that_will_be_written_as_another_one_has_changed(study):
    path = study.root / "code.py"
    assert status.changed_inputs(study, ["train@0"], {path: md5(path.read_bytes())}) == {"train@0": []}
    assert status.changed_inputs(study, ["train@0"], {path: md5(b"three")}) == {"train@0": ["code.py"]}


def test_what_dvc_cannot_read_is_told_in_its_words(study):
    put(study, "dvc.yaml", "stages: {train: 1}\n")
    with pytest.raises(GridpressError, match=r"^DVC: .*dvc\.yaml"):
        status.stale(study)


def test_every_reason_of_an_error_is_told_once(study):
    with pytest.raises(GridpressError, match=r"^DVC: cannot start: too old$"), status.translated(study):
        raise DvcException("cannot start") from ValueError("too old")
    with pytest.raises(GridpressError, match=r"^DVC: same$"), status.translated(study):
        raise DvcException("same") from ValueError("same")


@pytest.mark.parametrize("path", [None, "dvc.lock"])
def test_a_full_disk_is_named_with_the_file_or_else_the_study(study, path):
    with pytest.raises(GridpressError) as caught, status.translated(study):
        raise OSError(errno.ENOSPC, "No space left on device", path)
    assert str(caught.value) == f"DVC in {path or study.root}: No space left on device"

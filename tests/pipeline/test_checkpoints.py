from __future__ import annotations

import hashlib

import pytest

from gridpress.pipeline.checkpoints import checkpoint_path, discard_recorded, read, write
from gridpress.study.project import Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture
def code(tmp_path):
    path = tmp_path / "training.py"
    path.write_text("steps = 1\n")
    return path


def test_other_parameters_or_other_code_mean_another_checkpoint(project, code):
    paths = {checkpoint_path(project, "run", {"epochs": epochs}, [code]) for epochs in (1, 2)}
    assert checkpoint_path(project, "run", {"epochs": 1}, [code]) in paths
    code.write_text("steps = 2\n")
    paths.add(checkpoint_path(project, "run", {"epochs": 1}, [code]))
    assert len(paths) == 3


def test_checkpoints_go_when_dvc_has_recorded_the_run_and_stay_until_then(project, code):
    waiting = {}
    for key in ("recorded", "changed since", "never recorded"):
        waiting[key] = checkpoint_path(project, f"train@{key}", {}, [code])
        waiting[key].parent.mkdir(parents=True)
        waiting[key].touch()
        record = project.record("train", key)
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text(key)
    digest = hashlib.md5(b"recorded").hexdigest()
    entries = "".join(
        f"  train@{key}:\n    cmd: gridpress train\n"
        f"    outs:\n    - path: metrics/train/{key}.json\n      md5: {digest}\n"
        for key in ("recorded", "changed since")
    )
    (project.root / "dvc.lock").write_text(f"schema: '2.0'\nstages:\n{entries}")
    discard_recorded(project)
    assert {key for key, path in waiting.items() if path.exists()} == {"changed since", "never recorded"}


def test_a_study_without_checkpoints_or_lock_is_left_alone(project):
    discard_recorded(project)
    assert list(project.root.iterdir()) == []


def test_a_checkpoint_is_read_as_it_was_written_and_not_at_all_when_the_disk_changed_it(tmp_path):
    path = tmp_path / "runs" / "run.pt"
    assert read(path) is None
    write(path, b"weights")
    assert read(path) == b"weights"
    whole = path.read_bytes()
    for broken in (b"", whole[:20], whole[:-1], whole[:-1] + b"X", b"X" + whole[1:], whole + b"X"):
        path.write_bytes(broken)
        assert read(path) is None

from __future__ import annotations

import pytest

from gridpress.config import yaml_file
from gridpress.config.yaml_file import read_yaml
from gridpress.errors import InputError


def test_yaml_is_read_as_version_1_2_as_dvc_does(tmp_path):
    (tmp_path / "a.yaml").write_text("a: [1e-4, 2.5e-05, on, 010]\n")
    assert read_yaml(tmp_path / "a.yaml") == {"a": [1e-4, 2.5e-05, "on", 10]}


@pytest.mark.parametrize("text", ["a: [1\nb: 2", "a: 1\na: 2", "a: !!python/object:os.system x", "\ta: 1"])
def test_broken_yaml_is_named_with_its_line(tmp_path, text):
    (tmp_path / "params.yaml").write_text(text)
    with pytest.raises(InputError, match=r"params\.yaml, line \d+, column \d+: not valid YAML"):
        read_yaml(tmp_path / "params.yaml")


def test_bytes_that_are_no_text_are_named(tmp_path):
    (tmp_path / "params.yaml").write_bytes(b"a: \xff")
    with pytest.raises(InputError, match=r"params\.yaml: not UTF-8 text"):
        read_yaml(tmp_path / "params.yaml")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"params\.yaml is missing"):
        read_yaml(tmp_path / "params.yaml")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    with (tmp_path / "params.yaml").open("wb") as file:
        file.truncate(yaml_file.LARGEST + 1)
    with pytest.raises(InputError, match=r"params\.yaml: \d+ bytes"):
        read_yaml(tmp_path / "params.yaml")


def test_aliases_and_merges_are_written_out(tmp_path):
    (tmp_path / "params.yaml").write_text("a: &a [1, 2]\nb: *a\nc: {<<: {d: *a}}")
    assert read_yaml(tmp_path / "params.yaml") == {"a": [1, 2], "b": [1, 2], "c": {"d": [1, 2]}}


def test_what_dvc_would_refuse_is_refused_with_its_place(tmp_path):
    (tmp_path / "mnist.yaml").write_text("title: MNIST\nsources: [{mirror: https://example.org}]\n")
    with pytest.raises(InputError, match=r"mnist\.yaml, line 2, column \d+: not valid YAML: .*unexpected"):
        read_yaml(tmp_path / "mnist.yaml")

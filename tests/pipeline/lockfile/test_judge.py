from __future__ import annotations

import hashlib
from json import dumps

import pytest

from gridpress.pipeline.dvc.hashes import folder_md5
from gridpress.pipeline.lockfile.judge import (
    changed_files,
    changed_parameters,
    changed_sources,
    edited_results,
    in_place,
    lost,
    parameter_files,
)


def file(root, name, text):
    (root / name).write_bytes(text)
    return {"path": name, "hash": "md5", "md5": hashlib.md5(text).hexdigest(), "size": len(text)}


@pytest.fixture
def entry(tmp_path):
    return {
        "cmd": "gridpress train",
        "deps": [file(tmp_path, "code.py", b"one\ntwo\n")],
        "params": {"params.yaml": {"train.epochs": 5, "train.grid": {"seed": [0]}}},
        "outs": [file(tmp_path, "result.json", b"{\n}\n")],
    }


def test_an_entry_is_in_place_while_its_results_are_what_it_says(tmp_path, entry):
    assert in_place(tmp_path, entry)
    (tmp_path / "result.json").write_text("{}")
    assert not in_place(tmp_path, entry)
    (tmp_path / "result.json").unlink()
    assert not in_place(tmp_path, entry)
    assert not in_place(tmp_path, {"cmd": "nothing comes out"})


def test_changed_parameters_are_named_by_file_and_key(tmp_path, entry):
    def changed(**files):
        for name, content in files.items():
            (tmp_path / f"{name}.yaml").write_text(dumps(content), encoding="utf-8")
        return changed_parameters(entry, parameter_files(tmp_path))

    entry["params"]["mnist.yaml"] = {"parts": [{"number": 2}, {"number": 1}]}
    parts = {"title": "MNIST", "parts": [{"number": 2}, {"number": 1}]}
    assert changed(params={"train": {"epochs": 5, "grid": {"seed": [0]}}}, mnist=parts) == []
    assert changed(params={"train": {"epochs": 6, "grid": {"seed": [0]}}}) == ["params.yaml, train.epochs"]
    assert changed(params={"train": 3}) == ["params.yaml, train.epochs", "params.yaml, train.grid"]
    (tmp_path / "params.yaml").unlink()
    assert changed() == ["params.yaml, train.epochs", "params.yaml, train.grid"]
    entry["params"].pop("params.yaml")
    assert changed(mnist={**parts, "title": "Digits"}) == []
    assert changed(mnist={"parts": parts["parts"][::-1]}) == ["mnist.yaml, parts"]


def test_changed_code_is_named_with_the_number_of_runs(tmp_path, entry):
    assert changed_files(tmp_path, entry) == []
    assert [*changed_sources(tmp_path, [entry, entry])] == []
    (tmp_path / "code.py").write_text("three\n")
    assert changed_files(tmp_path, entry) == ["code.py"]
    [line] = changed_sources(tmp_path, [entry, entry])
    assert line.startswith("code.py: changed since 2 runs used it; `gridpress repro` asks")


def test_a_folder_of_code_that_changed_is_named_as_a_whole(tmp_path, entry):
    folder = tmp_path / "src" / "code"
    folder.mkdir(parents=True)
    (folder / "loop.py").write_text("one\n")
    entry["deps"] = [{"path": "src/code", "hash": "md5", "md5": folder_md5(folder), "nfiles": 1}]
    assert [*changed_sources(tmp_path, [entry])] == []
    (folder / "loop.py").write_bytes(b"one\r\n")
    [line] = changed_sources(tmp_path, [entry])
    assert line.startswith("src/code: changed since 1 run used it; Git converted its line ends")
    (folder / "loop.py").write_text("two\n")
    assert changed_files(tmp_path, entry) == ["src/code"]
    [line] = changed_sources(tmp_path, [entry])
    assert line.startswith("src/code: changed since 1 run used it; `gridpress repro` asks")


def test_line_ends_that_git_converted_are_told_from_an_edit(tmp_path, entry):
    for path in (tmp_path / "code.py", tmp_path / "result.json"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    [source] = changed_sources(tmp_path, [entry])
    [result] = edited_results(tmp_path, ["result.json"], [entry])
    assert "Git converted its line ends (core.autocrlf)" in source
    assert "Git converted its line ends (core.autocrlf)" in result


def test_an_edited_result_is_named_with_both_hashes(tmp_path, entry):
    assert [*edited_results(tmp_path, ["result.json"], [entry])] == []
    (tmp_path / "result.json").write_text("{}")
    [line] = edited_results(tmp_path, ["result.json"], [entry])
    assert line.startswith("result.json: not the file that dvc.lock records (MD5 ")
    assert hashlib.md5(b"{}").hexdigest() in line
    assert [*edited_results(tmp_path, ["another.json"], [entry])] == []


def test_what_is_missing_cut_or_untrue_is_lost_and_what_is_newer_is_not(tmp_path, entry):
    true = {"a": entry}
    cut = {key: value for key, value in entry.items() if key != "outs"}
    untrue = {**entry, "outs": [{**entry["outs"][0], "md5": "0" * 32}]}
    newer = {**entry, "deps": []}
    assert lost(tmp_path, {}, true) == true
    assert lost(tmp_path, {"a": cut}, true) == true
    assert lost(tmp_path, {"a": untrue}, true) == true
    assert lost(tmp_path, {"a": newer}, true) == {}
    assert lost(tmp_path, {"a": entry}, true) == {}


def test_an_entry_of_a_list_is_a_parameter_as_dvc_counts_it():
    entry = {"params": {"params.yaml": {"train.grid.seed.0": 0, "train.grid.seed.5": None}}}
    assert changed_parameters(entry, lambda _: {"train": {"grid": {"seed": [0, 1]}}}) == []
    assert changed_parameters(entry, lambda _: {"train": {"grid": {"seed": [7]}}}) == [
        "params.yaml, train.grid.seed.0"
    ]

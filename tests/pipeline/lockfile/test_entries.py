from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from gridpress.pipeline.lockfile.entries import dump, is_conflicted, names, read, read_beginning, sides
from properties.conftest import examples
from properties.hostile import edited


def entry(name: str) -> dict:
    def file(path: str) -> dict:
        return {"path": path, "hash": "md5", "md5": hashlib.md5(path.encode()).hexdigest(), "size": 47}

    return {
        "cmd": f'gridpress {name.partition("@")[0]} "$DVC_STAGE"',
        "deps": [file("src/gridpress/data"), {**file("data/raw/mnist"), "nfiles": 4}],
        "params": {"params.yaml": {"train.epochs": 5, "train.milestones": [3], "svm.scaling": "standard"}},
        "outs": [file(f"metrics/{name.replace('@', '/')}.json")],
    }


NAMES = ["fetch@mnist", "train@mnist-resnet18-16-sgd-0.001-fp32-device-default-0", "svm@mnist-rbf-C1-gscale"]
SMALL = dump({name: entry(name) for name in [*NAMES, "summarize"]})


def accepted_by_dvc(text: str) -> bool:
    from dvc.schema import COMPILED_LOCKFILE_SCHEMA  # noqa: PLC0415
    from dvc.utils.serialize import parse_yaml  # noqa: PLC0415

    try:
        COMPILED_LOCKFILE_SCHEMA(parse_yaml(text, "dvc.lock"))
    except Exception:  # noqa: BLE001  # DVC itself ends with a traceback at some of them
        return False
    return True


@pytest.mark.committed
def test_the_committed_file_is_read_and_written_as_dvc_does_it():
    whole = (ROOT / "dvc.lock").read_text(encoding="utf-8")
    entries = read(whole)
    assert accepted_by_dvc(whole)
    assert dump(entries) == whole
    assert names(whole) == entries.keys()


@examples(60)
@given(data=st.data())
def test_no_file_is_read_that_dvc_would_refuse(data):
    text = data.draw(edited(SMALL)).decode(errors="replace")
    if read(text) is not None:
        assert accepted_by_dvc(text)


@pytest.mark.parametrize("cut", range(1, len(SMALL), 97))
def test_of_a_file_that_is_cut_the_entries_before_the_cut_are_read(cut):
    entries, left = read(SMALL), read_beginning(SMALL[:-cut])
    assert list(left) == list(entries)[: len(left)]
    assert all(entries[name] == entry for name, entry in left.items())
    assert len(left) == max(0, len(names(SMALL[:-cut])) - 1)


@pytest.mark.parametrize("base", ["", "||||||| base\nold\n"], ids=["merge", "diff3"])
def test_a_conflicted_text_has_two_sides(base):
    text = (
        f"a\n<<<<<<< HEAD\nb\nb\n{base}=======\nc\n>>>>>>> other\nd\n<<<<<<< HEAD\n=======\ne\n>>>>>>> "
        "other\n"
    )
    assert is_conflicted(text)
    assert sides(text) == ("a\nb\nb\nd\n", "a\nc\nd\ne\n")


def test_an_unconflicted_text_has_no_marks():
    assert not is_conflicted(SMALL)
    assert not is_conflicted("a: <<<<<<< no mark\n")

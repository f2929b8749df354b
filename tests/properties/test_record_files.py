"""Whatever a record or dvc.lock holds: it is valid, or named in one clear message."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridpress.families.registry import FAMILIES

from .conftest import examples
from .hostile import STRINGS, edited, mutated

pytestmark = pytest.mark.extended

RUNS = [kind for family in FAMILIES for kind in (family.stage, f"timing/{family.stage}")]
KINDS = ["data", *RUNS, "hardware"]


@pytest.fixture(scope="module", params=[*KINDS, "images"])
def record(request, study):
    """A record of each kind; whatever a test makes of it, it comes back."""
    path = study.images if request.param == "images" else min((study.metrics / request.param).glob("*.json"))
    whole = path.read_bytes()
    yield path
    path.write_bytes(whole)


def blamed(said, study, path):
    """The first line names the file, and a command that brings it back."""
    name = path.relative_to(study.root).as_posix()
    assert said.err.startswith(f"gridpress: {name}")
    edited = "not the file that dvc.lock records" in said.err
    assert edited or re.fullmatch(r"! (\d+) of \1 there, 1 broken", said.line("records"))
    assert f"`git checkout -- {name}` brings" in said.err


@examples(12)
@given(data=st.data())
def test_content(study, record, judge, data):
    whole = record.read_bytes()
    try:
        made = data.draw(mutated(json.loads(whole)))
        record.write_text(
            json.dumps(made, ensure_ascii=data.draw(st.booleans())), encoding="utf-8", errors="replace"
        )
        said = judge(study.root, "records by content")
        assert said.code in {0, 1}
        if said.code == 1:
            blamed(said, study, record)
    finally:
        record.write_bytes(whole)


@examples(8)
@given(data=st.data())
def test_text(study, record, judge, data):
    whole = record.read_bytes()
    try:
        record.write_bytes(data.draw(edited(whole.decode())))
        said = judge(study.root, "records by text")
        assert said.code in {0, 1}
        if said.code == 1:
            blamed(said, study, record)
    finally:
        record.write_bytes(whole)


@examples(30)
@given(data=st.data())
def test_dvc_lock(study, judge, data):
    path = study.root / "dvc.lock"
    whole = path.read_bytes()
    try:
        path.write_bytes(data.draw(edited(whole.decode())))
        said = judge(study.root, "dvc.lock")
        assert said.code in {0, 1}
        assert ("dvc.lock" in said.err) == (said.code == 1)
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("record", ["train"], indirect=True)
@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 100_000,
        "9" * 100_000,
        "NaN",
        '{"schema_version": 1e999}',
        '{"schema_version": ' + "9" * 4000 + "}",
        "{" + ",".join(f'"k{number}": {number}' for number in range(200_000)) + "}",
        json.dumps({text: text for text in STRINGS}),
    ],
    ids=["deep list", "deep map", "number", "NaN", "infinite", "huge version", "many keys", "strings"],
)
def test_bombs_are_named_by_the_real_command(study, record, text):
    whole = record.read_bytes()
    try:
        record.write_text(text)
        done = subprocess.run(
            ["gridpress", "check"],
            cwd=study.root,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "COLUMNS": "200"},
        )
    finally:
        record.write_bytes(whole)
    assert done.returncode == 1
    assert done.stderr.startswith(f"gridpress: {record.relative_to(study.root).as_posix()}")
    assert len(done.stderr) < 9000
    assert "Traceback" not in done.stderr

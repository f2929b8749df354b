from __future__ import annotations

import base64
import json
import math

import numpy as np
import pytest
from pydantic import BaseModel

from gridpress.errors import GridpressError
from gridpress.study.records.data import DataRecord, Sample
from gridpress.study.records.runs import Predictions
from gridpress.study.records.store import LARGEST, dumps, load, save

RECORD = DataRecord(
    schema_version=DataRecord.current,
    dataset="mnist",
    sha256={"train-images-idx3-ubyte": "ab"},
    images=20,
    shape=[1, 28, 28],
    class_counts=[2] * 10,
    labels=base64.b64encode(np.tile(np.arange(10, dtype="<u2"), 2).tobytes()).decode(),
    duplicates=[[1, 11]],
    samples=[Sample(index=3, label=7, pixels=base64.b64encode(bytes(784)).decode())],
)


def test_a_record_comes_back_as_it_was_written(tmp_path):
    save(RECORD, tmp_path / "metrics" / "mnist.json")
    assert load(DataRecord, tmp_path / "metrics" / "mnist.json") == RECORD


def test_a_record_under_the_name_of_another_is_named(tmp_path):
    save(RECORD, tmp_path / "fashion_mnist.json")
    with pytest.raises(GridpressError, match=r"fashion_mnist\.json is the record of mnist"):
        load(DataRecord, tmp_path / "fashion_mnist.json")


def test_a_file_larger_than_any_record_is_not_even_read(tmp_path):
    with (tmp_path / "mnist.json").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(GridpressError, match=r"mnist\.json is larger than any record"):
        load(DataRecord, tmp_path / "mnist.json")


def test_numbers_of_a_list_stand_on_one_line_and_the_json_is_the_same():
    answers = Predictions(index=[3, 41, 59], predicted=[1, 2, 3])
    text = dumps(answers)
    assert text == '{\n "index": [3, 41, 59],\n "predicted": [1, 2, 3]\n}\n'
    assert json.loads(text) == answers.model_dump()


def test_text_that_looks_like_a_list_of_numbers_is_left_alone():
    hostile = RECORD.model_copy(update={"dataset": '[\n 1,\n 2\n] "quoted" <script>'})
    assert json.loads(dumps(hostile))["dataset"] == hostile.dataset


def test_a_number_that_json_lacks_is_never_written():
    class Loss(BaseModel):
        loss: float

    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps(Loss(loss=math.nan))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda r: r | {"schema_version": 0},
            "schema version 0, this Gridpress reads 3; `gridpress repro` computes it again",
        ),
        (lambda r: r | {"schema_version": "\ud800"}, "schema version \\ud800, this"),
        (lambda r: {k: v for k, v in r.items() if k != "images"}, "images is missing"),
        (lambda r: r | {"extra": 1}, "extra is not a known key"),
        (lambda r: r | {"images": "many"}, "images is 'many'"),
        (lambda r: r | {"images": "20"}, "images is '20'"),
        (lambda r: r | {"images": -1}, "images is -1"),
        (lambda r: r | {"class_counts": [math.inf]}, "class_counts.0 is inf"),
        (
            lambda r: r | {"samples": [{"index": 3, "label": 7, "pixels": "AA=="}]},
            "a sample does not hold 784 pixels",
        ),
        (lambda r: [r], "must hold keys and values"),
    ],
    ids=[
        "older schema",
        "schema of half a character",
        "missing key",
        "unknown key",
        "wrong type",
        "number as text",
        "below 0",
        "not finite",
        "no image",
        "no mapping",
    ],
)
def test_a_record_that_is_not_what_it_should_be_is_named(tmp_path, change, message):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(change(RECORD.model_dump())))
    with pytest.raises(GridpressError) as fault:
        load(DataRecord, path)
    assert message in str(fault.value)
    assert str(path) in str(fault.value)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\x00"])
def test_a_file_that_is_no_json_is_named(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(GridpressError, match=r"a\.json is not JSON"):
        load(DataRecord, tmp_path / "a.json")


def test_a_missing_record_is_named_with_what_makes_it(tmp_path):
    with pytest.raises(GridpressError, match=r"a\.json is missing; `dvc repro` makes it"):
        load(DataRecord, tmp_path / "a.json")

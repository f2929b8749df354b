from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from gridpress.messages import MOST_FAULTS, counted, explain, nearest, not_allowed, one_line


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "run", "0 runs"),
        (1, "run", "1 run"),
        (2, "finished stage", "2 finished stages"),
        (1, "result of other parameters", "1 result of other parameters"),
        (3, "result of other parameters", "3 results of other parameters"),
    ],
)
def test_a_count_and_its_noun_agree(number, noun, said):
    assert counted(number, noun) == said


def test_a_typo_gets_the_nearest_allowed_value():
    assert nearest("mnits", ["mnist", "fashion_mnist"]) == " Did you mean mnist?"
    assert nearest("cat", ["mnist", "fashion_mnist"]) == ""
    said = not_allowed("MODEL", "resnet1", ["resnet18", "vgg11"])
    assert said == "MODEL is 'resnet1'; allowed: resnet18, vgg11. Did you mean resnet18?"


def test_a_quoted_value_cannot_move_the_cursor_or_break_the_line():
    assert one_line("a\nb\x1b[2J\u202ec") == "a\\nb\\x1b[2J\\u202ec"
    assert len(one_line("x" * 9000)) == 400


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    epochs: Annotated[int, Field(ge=1)] = 1
    way: Literal["fast", "slow"] = "fast"


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    names: Annotated[list[str], Field(min_length=1, max_length=2)]
    inner: Inner = Inner()
    by_name: dict[str, Inner] = {}

    @field_validator("names")
    @classmethod
    def _known(cls, names: list[str]) -> list[str]:
        if "x" in names:
            raise ValueError("may not hold x")
        return names

    @model_validator(mode="after")
    def _whole(self) -> Outer:
        if self.inner.epochs > 9 and len(self.names) > 1:
            raise ValueError("is too much")
        return self


def explained(content: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Outer.model_validate(content)
    return explain(caught.value, Outer, "a.yaml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "names is missing"),
        ({"names": "a"}, "names is 'a'; it must be a list, even of one value"),
        ({"names": []}, "names is []; it needs at least one entry"),
        ({"names": ["a"] * 3}, "names holds more than 2 values"),
        ({"names": ["x"]}, "names is ['x']; it may not hold x"),
        ({"names": ["a", "b"], "inner": {"epochs": 10}}, "is too much"),
        ({"names": ["a"], "inner": 3}, "inner is 3; it must hold keys and values"),
        ({"names": ["a"], "inner": {"way": "fst"}}, "inner.way is 'fst'; allowed: 'fast' or 'slow'"),
        (
            {"names": ["a"], "inner": {"epochs": 0}},
            "inner.epochs is 0; it must be greater than or equal to 1",
        ),
        (
            {"names": ["a"], "inner": {"epoch": 1}},
            "inner.epoch is not a known key. Did you mean `epochs`? Allowed here: epochs, way",
        ),
        (
            {"names": ["a"], "by_name": {"b": {"wax": 1}}},
            "by_name.b.wax is not a known key. Did you mean `way`? Allowed here: epochs, way",
        ),
        (
            {"names": ["a"], "other": 1},
            "other is not a known key. Allowed here: by_name, inner, names",
        ),
        (
            {"names": ["a"], "[object]": 1},
            "[object] is not a known key. Allowed here: by_name, inner, names",
        ),
        (
            {"names": ["a"], "inner": {"[key]": 1}},
            "inner.[key] is not a known key. Allowed here: epochs, way",
        ),
        ("text", "the file is 'text'; it must hold keys and values"),
        (
            {"names": 10**5000},
            "names is a number of thousands of digits, or holds one; it must be a list, even",
        ),
    ],
)
def test_a_fault_is_named_by_file_and_key_with_its_value_and_what_is_allowed(content, said):
    assert explained(content).startswith(f"a.yaml: {said}")


def test_every_fault_has_a_line_and_of_many_the_rest_is_counted():
    many = explained({"names": ["a"]} | {f"key{number}": 1 for number in range(MOST_FAULTS + 2)})
    assert len(many.splitlines()) == MOST_FAULTS + 1
    assert many.splitlines()[-1] == "a.yaml: and 2 more faults"
    assert "more fault" not in explained({"names": ["a"]} | {f"key{n}": 1 for n in range(MOST_FAULTS)})


def test_a_long_value_of_a_fault_is_cut_and_cannot_move_the_cursor():
    said = explained({"names": ["a"], "inner": {"way": "\x1b[2J" + "y" * 9000}})
    assert said.startswith("a.yaml: inner.way is '\\x1b[2J")
    assert "…; allowed: 'fast' or 'slow'" in said
    assert len(said) < 200

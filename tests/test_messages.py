from __future__ import annotations

import pytest

from gridpress.messages import counted, nearest, not_allowed, one_line


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

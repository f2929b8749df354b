from __future__ import annotations

import base64

import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from gridpress.report.presentation import style
from gridpress.report.presentation.pictures import in_lines, picture


def width(text: str) -> float:
    """In points."""
    return text_to_path.get_text_width_height_descent(text, FontProperties(size=style.SMALLEST_SIZE), False)[
        0
    ]


@pytest.mark.parametrize("columns", [2, 5, 10])
def test_a_line_of_a_name_is_no_wider_than_its_column(columns):
    name = "great northern diver of the western isles"
    lines = in_lines(name, columns).splitlines()
    assert " ".join(lines) == name
    assert all(width(line) <= 72 * style.TEXT_WIDTH / columns for line in lines)


def test_more_columns_make_more_lines_and_short_names_have_one():
    name = "great northern diver"
    assert len(in_lines(name, 12).splitlines()) > len(in_lines(name, 2).splitlines()) == 1
    assert in_lines("7", 10) == "7"


def test_a_name_that_takes_more_lines_than_it_may_ends_in_an_ellipsis():
    lines = in_lines("great northern diver of the western isles", 12, 2).splitlines()
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_pixels_are_drawn_as_stored_with_channels_last():
    grey = np.arange(12, dtype=np.uint8).reshape(1, 3, 4)
    colour = np.arange(36, dtype=np.uint8).reshape(3, 3, 4)
    assert np.array_equal(picture(base64.b64encode(grey.tobytes()).decode(), (1, 3, 4)), grey[0])
    drawn = picture(base64.b64encode(colour.tobytes()).decode(), (3, 3, 4))
    assert drawn.shape == (3, 4, 3)
    assert np.array_equal(drawn[..., 2], colour[2])

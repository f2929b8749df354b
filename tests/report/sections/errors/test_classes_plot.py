from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from gridpress.config.dataset import LONGEST_TEXT
from gridpress.report.presentation import style
from gridpress.report.presentation.style import SMALLEST_SIZE
from gridpress.report.sections.errors.classes_plot import LONGEST_NAME
from gridpress.report.sections.errors.confusion_matrices import items
from report.sections.errors.made_up import confused

CASES = [(number, 900, length) for number in (2, 7, 10, 49) for length in (9, LONGEST_NAME, LONGEST_TEXT)]


@pytest.fixture
def drawn(study, request) -> Iterator[Figure]:
    """The matrices of so many classes, of so many images each, with names of some length."""
    style.apply()
    figure = next(iter(items(confused(study, *request.param)))).draw()
    figure.draw_without_rendering()
    yield figure
    plt.close(figure)


def words(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


@pytest.mark.parametrize("drawn", [*CASES, (10, 9999, 9), (10, 9999, LONGEST_TEXT)], indirect=True)
def test_all_text_can_be_read_and_lies_on_a_page_without_touching_other_text(drawn):
    width, height = drawn.get_size_inches()
    assert width == style.TEXT_WIDTH
    assert height <= style.PAGE_HEIGHT + 1e-6
    boxes = [(text.get_text(), text.get_window_extent()) for text in words(drawn)]
    assert all(text.get_fontsize() >= SMALLEST_SIZE for text in words(drawn))
    for text, box in boxes:
        assert drawn.bbox.x0 <= box.x0 < box.x1 <= drawn.bbox.x1, text
        assert drawn.bbox.y0 <= box.y0 < box.y1 <= drawn.bbox.y1, text
    touching = [(a[0], b[0]) for a, b in combinations(boxes, 2) if a[1].overlaps(b[1])]
    assert touching == []


@pytest.mark.parametrize("drawn", [(10, 123456, LONGEST_TEXT)], indirect=True)
def test_numbers_too_wide_for_two_panels_become_smaller(drawn):
    sizes = {text.get_fontsize() for axes in drawn.axes for text in axes.texts}
    assert len(sizes) == 1
    assert sizes.pop() < SMALLEST_SIZE


@pytest.mark.parametrize("drawn", [(10, 900, LONGEST_NAME + 1)], indirect=True)
def test_long_names_stand_below_the_panels_and_number_their_classes(drawn):
    [key] = drawn.texts
    assert key.get_text().splitlines()[3] == f"4  class 003{'m' * (LONGEST_NAME - 8)}"
    assert [label.get_text() for label in drawn.axes[0].get_xticklabels()] == [
        str(place) for place in range(1, 11)
    ]


@pytest.mark.parametrize("drawn", [(49, 900, 9)], indirect=True)
def test_a_panel_says_which_part_of_the_errors_it_shows(drawn):
    numbers = [int(text.get_text()) for text in drawn.axes[0].texts]
    wrong = sum(number for number in numbers if number < 450)
    assert drawn.axes[0].get_title(loc="left").splitlines()[1].startswith(f"{wrong:,}".replace(",", "\u202f"))

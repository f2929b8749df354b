"""A table of column specifications over a data frame."""

from __future__ import annotations

from math import nan

import pandas as pd
import pytest

from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import ABSENT, percent, points
from gridpress.report.presentation.tables import Column, durations, interval, leading, span, table, words

DATA = pd.DataFrame(
    {
        "dataset": ["mnist", "mnist", "letters"],
        "model": ["resnet18", "resnet50", "resnet50"],
        "accuracy": [0.98, 0.97, 0.91],
        "low": [0.97, nan, 0.90],
        "high": [0.99, nan, 0.92],
        "best": [True, False, True],
        "chosen": [True, False, False],
        "record": ["#one", None, "#three"],
    }
)
NAMES = [leading("Dataset", "dataset"), leading("Network", "model")]


def made(*columns, data=DATA, **kwargs):
    return table("numbers", "Numbers.", data, [*NAMES, *columns], ["metrics/a.json"], **kwargs)


def number(text, **kwargs):
    return Cell(text, align="right", **kwargs)


def test_a_row_of_the_frame_is_a_row_of_the_table_in_its_columns_format():
    found = made(Column(title="Accuracy (%)", of="accuracy", format=percent))
    assert [row[-1] for row in found.body] == [number("98.00"), number("97.00"), number("91.00")]
    assert found.head == [[Header("Dataset"), Header("Network"), Header("Accuracy (%)", align="right")]]


def test_its_data_and_sources_are_kept():
    found = made(words("Record", "record"))
    assert found.data is DATA
    assert found.sources == ["metrics/a.json"]


def test_neighbouring_rows_share_a_leading_cell():
    found = made()
    assert found.body[0] == [Cell("mnist", head=True, rows=2), Cell("ResNet-18", head=True)]
    assert found.body[1] == [Cell("ResNet-50", head=True)]


def test_a_leading_cell_ends_where_one_before_it_does():
    found = made()
    assert found.body[2] == [Cell("letters", head=True), Cell("ResNet-50", head=True)]


def test_a_cell_may_show_several_columns_in_their_order():
    found = made(Column(title="Both", of=("high", "low"), format="{:.2f}, {:.2f}".format))
    assert found.body[0][-1].text == "0.99, 0.97"


def test_bold_marked_and_link_come_from_columns_of_the_frame():
    column = Column(title="", of="accuracy", format=percent, bold="best", marked="chosen", link="record")
    first, second, third = (row[-1] for row in made(column).body)
    assert first == number("98.00", bold=True, marked=True, link="#one")
    assert second == number("97.00")
    assert third == number("91.00", bold=True, link="#three")


@pytest.mark.parametrize("absent", [None, nan])
def test_a_missing_address_leads_nowhere(absent):
    found = made(Column(title="", of="accuracy", link="record"), data=DATA.assign(record=absent))
    assert {row[-1].link for row in found.body} == {None}


def test_a_column_may_be_bold_throughout():
    assert all(row[-1].bold for row in made(Column(title="", of="accuracy", bold=True)).body)


def test_titles_of_one_group_stand_below_its_own():
    found = made(
        Column(title="Mean", of="accuracy", group="Accuracy"),
        Column(title="Least", of="low", group="Accuracy"),
        Column(title="Most", of="high"),
    )
    assert found.head == [
        [
            Header("Dataset", rows=2),
            Header("Network", rows=2),
            Header("Accuracy", align="center", columns=2),
            Header("Most", align="right", rows=2),
        ],
        [Header("Mean", align="right"), Header("Least", align="right")],
    ]


def test_a_group_of_one_column_is_aligned_with_its_numbers():
    found = made(Column(title="Mean", of="accuracy", group="Accuracy"))
    assert found.head[0][-1] == Header("Accuracy", align="right")


def test_words_are_left_aligned_and_name_no_row():
    cell = made(words("Record", "record")).body[0][-1]
    assert (cell.align, cell.head) == ("left", False)


def test_notes_stand_below_over_all_other_columns():
    found = made(words("Record", "record"), notes={"gpu": "was not there"})
    assert found.body[-1] == [Cell("gpu", head=True), Cell("was not there", columns=2)]


def test_an_interval_does_not_break_and_is_absent_where_it_is_not_known():
    texts = [row[-1].text for row in made(interval("low", "high")).body]
    assert texts == ["97.00\u00a0to\u00a099.00", ABSENT, "90.00\u00a0to\u00a092.00"]


def test_an_interval_is_in_the_format_of_its_column():
    found = made(interval("low", "high", title="Interval (points)", format=points, group="Gap"))
    assert found.head[1] == [Header("Interval (points)", align="right")]
    assert found.body[0][-1].text == span(0.97, 0.99, points) == "+97.00\u00a0to\u00a0+99.00"


def test_durations_of_a_column_have_as_many_decimals():
    data = DATA.assign(seconds=[12.3456, nan, 100.0])
    texts = [row[-1].text for row in made(durations("Time (s)", "seconds", data), data=data).body]
    assert texts == ["12.3", ABSENT, "100.0"]


def test_every_table_can_be_written(tmp_path):
    column = Column(title="Accuracy", of="accuracy", group="Test", bold="best", link="record")
    text = made(column, notes={"gpu": "was not there"}).markdown(tmp_path)
    assert "#tbl-numbers" in text
    assert '<a href="#one">' in text


def test_what_is_missing_is_neither_bold_nor_marked():
    column = Column(title="", of="accuracy", bold="best", marked="chosen")
    cells = [row[-1] for row in made(column, data=DATA.assign(best=nan, chosen=[None, True, nan])).body]
    assert [(cell.bold, cell.marked) for cell in cells] == [(False, False), (False, True), (False, False)]

from __future__ import annotations

import pytest
from rich.console import Console

from gridpress.pipeline.repro import view as module
from gridpress.pipeline.repro.estimate import longest_first, makespan
from gridpress.pipeline.repro.view import View
from gridpress.progress import clock


def test_time_left_is_that_of_the_longest_run_or_of_all_shared_out():
    seconds = {"a": 10.0, "b": 20.0, "c": 60.0}
    assert makespan(seconds, seconds, jobs=1) == 90
    assert makespan(seconds, seconds, jobs=3) == 60
    assert makespan([], {}, jobs=3) == 0
    assert makespan(seconds, {**seconds, "b": None}, jobs=1) is None


def test_unknown_runs_begin_first_and_short_ones_last():
    assert longest_first(["a", "b", "c"], {"a": 1.0, "b": None, "c": 5.0}) == ["b", "c", "a"]


def test_plain_lines_say_what_runs_where_and_what_became_of_it(capsys):
    with View({"train@a": 100.0, "train@b": 100.0, "svm@c": None}, jobs=2) as view:
        view.progress("train@a", "0", 0.0, "starts")
        view.progress("train@a", "0", 0.5, None)
        view.progress("train@b", "1", 0.0, "starts")
        view.progress("train@b", "2", 0.0, "starts")
        view.done("train@a")
        view.fail("train@b", "no [bold]luck")
    lines = capsys.readouterr().err.splitlines()
    assert lines[:3] == [
        "Running stage 'train@a': worker 0",
        "Running stage 'train@b': worker 1",
        "Running stage 'train@b' again, after worker 1 was lost: worker 2",
    ]
    assert lines[3].startswith("Finished stage 'train@a' in ")
    assert lines[4] == "Failed stage 'train@b': no [bold]luck"
    assert view.state() == "1 of 3 done, 1 failed"


def test_in_a_terminal_each_worker_has_a_line(monkeypatch, tmp_path):
    with (tmp_path / "terminal").open("w") as file:
        terminal = Console(file=file, force_terminal=True, width=120)
        monkeypatch.setattr(module, "console", terminal)
        with View({"train@a": None, "svm@b": 8.0}, jobs=2) as view:
            view.progress("train@a", "0", 0.25, "epoch 1/4")
            view.progress("svm@b", "1", 0.0, "starts")
            table = view.table()
    assert table.row_count == 3
    shown = (tmp_path / "terminal").read_text()
    assert "worker 0" in shown
    assert "25%" in shown
    assert "epoch 1/4" in shown


@pytest.mark.parametrize(("seconds", "said"), [(5, "5 s"), (60, "1 min 00 s"), (3725, "1 h 02 min")])
def test_durations_are_said_as_people_do(seconds, said):
    assert clock(seconds) == said

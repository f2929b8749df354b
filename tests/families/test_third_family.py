"""A third kind of classifier is known wherever families are told apart; none of these places names two."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    folder = tmp_path_factory.mktemp("third") / "study"
    done = subprocess.run(
        [sys.executable, "-m", "families.third", str(folder)],
        cwd=TESTS,
        env={**os.environ, "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_its_records_are_asked_for_and_read(said):
    assert "metrics/centroid/mnist-euclidean.json" in said["missing before"]
    assert not [path for path in said["missing"] if "centroid" in path]
    assert said["wanted"] == ["mnist-euclidean.json"]
    assert said["committed"] == ["centroid@mnist-euclidean"]


def test_it_is_summarized_and_has_no_learning_curve(said):
    assert said["summary"]["validation_accuracy"] == 0.8
    assert said["curves"] == []


def test_what_validation_chose_of_it_has_its_name_its_time_and_no_interval_over_seeds(said):
    assert said["best"] == ["Nearest centroid (euclidean)", 0.25, 1, True]
    assert said["hardest"][-1] == "Nearest centroid (euclidean)"


def test_a_record_of_it_that_contradicts_itself_is_found(said):
    assert "0.5" in said["contradiction"]["metrics/centroid/mnist-euclidean.json"]


def test_the_report_lists_its_commands_and_compares_it_with_the_others(said):
    assert said["commands"]
    assert {"machines", "cross", "methods", "misses-mnist", "provenance"} <= {*said["items"]}

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from suite import REASONS, part_of

HERE = Path(__file__).parent


@pytest.fixture
def run(tmp_path):
    """Runs pytest on one file, with the suite's rules; exit code and output."""

    def run(text: str, *options: str) -> tuple[int, str]:
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        (tmp_path / "conftest.py").write_text('pytest_plugins = ["suite"]\n')
        (tmp_path / "test_it.py").write_text(f"import pytest\n{text}")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(HERE)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return run


SKIP = '@pytest.mark.skipif(True, reason="{}")\ndef test_it(): pass\ndef test_other(): pass\n'


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["alone", "with workers"])
def test_a_skip_for_another_reason_fails_the_run_and_is_named(run, options):
    code, said = run(SKIP.format("no time"), *options)
    assert code == 1
    assert "test_it.py::test_it: no time" in said


def test_a_skip_for_a_reason_on_the_list_does_not(run):
    code, said = run(SKIP.format(f"{REASONS[0]}, here"))
    assert code == 0
    assert "1 passed, 1 skipped" in said


def test_a_module_that_skips_itself_is_seen(run):
    code, said = run('pytest.skip("no reason", allow_module_level=True)')
    assert code == 1
    assert "no reason" in said


def test_a_test_of_the_real_data_is_an_extended_one(run):
    text = (
        "@pytest.fixture\ndef real_data(): return 1\n@pytest.fixture\ndef study(real_data): return 2\n"
        "def test_quick(): pass\ndef test_long(study): pass\n@pytest.mark.extended\ndef test_marked(): pass\n"
    )
    code, said = run(text, "-m", "not extended")
    assert code == 0
    assert "1 passed, 2 deselected" in said


def test_the_time_of_each_part_is_printed(run):
    _, said = run("def test_quick(): pass\n")
    assert "min  tests of single modules" in said
    assert part_of("tests/report/test_x.py::test_y[z]") == "report"
    assert part_of("tests/test_x.py::test_y") == "tests of single modules"

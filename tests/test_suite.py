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


PACKAGE = HERE.parent / "src" / "gridpress"

# What is about something else than one module, package, template or filter of the same place and name.
NO_MIRROR = {
    "benchmarks/test_benchmarks.py": "the package benchmarks/ beside src/",
    "end_to_end": "a whole study, from a clean checkout to the report",
    "families/test_third_family.py": "all that tells families apart, with a made-up one",
    "pipeline/repro/test_killed.py": "repro as a whole, killed at any time",
    "pipeline/repro/test_merged.py": "repro as a whole, after a merge",
    "pipeline/repro/test_persist.py": "dvc.yaml: a finished result stays until its successor is finished",
    "pipeline/repro/test_queue.py": "repro as a whole, in dvc exp run --queue",
    "pipeline/repro/test_unwritable.py": "repro as a whole, on a full or read-only disk",
    "pipeline/test_dvc_yaml.py": "dvc.yaml: what a stage depends on",
    "pipeline/test_staleness.py": "dvc.yaml: which edits make which runs stale",
    "properties": "whatever files hold, made up by hypothesis",
    "report/test_hostile_text.py": "the report as a whole, of texts that attack it",
    "report/test_no_literals.py": "the report as a whole: no number is typed into a template",
    "study/test_published_profiles.py": "profiles/study-a.yaml and its relatives",
    "test_any_study.py": "all stages, of another dataset and other networks",
    "test_constraints.py": "constraints.txt",
    "test_dependencies.py": "pyproject.toml",
    "test_environment.py": "environment.py",
    "test_gallery.py": "docs/gallery",
    "test_guard.py": "tests/guard",
    "test_installation.py": "the installed package, without this repository",
    "test_layers.py": "the imports of all modules",
    "test_suite.py": "tests/suite.py",
}


def is_mirror(test: Path) -> bool:
    """Whether something of its name lies where the test does: a file, a folder, or that folder itself."""
    place, name = PACKAGE / test.parent, test.stem.removeprefix("test_")
    return place.is_dir() and (
        place.name == name or any(path.name.partition(".")[0] == name for path in place.iterdir())
    )


def test_every_test_lies_where_what_it_tests_does_or_says_what_it_is_about():
    tests = [path.relative_to(HERE) for path in HERE.rglob("test_*.py")]
    assert len(tests) > 100
    others = [test.as_posix() for test in tests if not is_mirror(test)]
    listed = {
        test: name for test in others for name in NO_MIRROR if test == name or test.startswith(f"{name}/")
    }
    assert [test for test in others if test not in listed] == []
    assert NO_MIRROR.keys() - listed.values() == set()


@pytest.mark.parametrize(
    ("test", "mirrors"),
    [
        ("study/test_grid.py", True),
        ("fetch/test_fetch.py", True),
        ("study/test_records.py", True),
        ("render/test_subset.py", True),
        ("report/sections/setup/test_methods.py", True),
        ("study/test_other.py", False),
        ("other/test_grid.py", False),
        ("test_grid.py", False),
    ],
)
def test_a_mirror_is_a_module_a_package_a_filter_or_a_template(test, mirrors):
    assert is_mirror(Path(test)) is mirrors

"""No network at import, collection, tests or rendering, and no committed study in a test of something else.

`conftest` watches every test, this one the rest.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import FROZEN, GUARD, READ, ROOT, attempts
from render.conftest import SAMPLE, copy_look, sample

__all__ = ["sample"]

ELSEWHERE = "192.0.2.1"  # nobody's, see RFC 5737
ASK = (
    f"import socket, contextlib\nwith contextlib.suppress(OSError): socket.create_connection(({ELSEWHERE!r}, "
    "80))\n"
)
IMPORT_ALL = (
    "import gridpress, importlib, pkgutil\n"
    "names = [module.name for module in pkgutil.walk_packages(gridpress.__path__, 'gridpress.')]\n"
    "for name in names:\n"
    "    if not name.endswith('.__main__'): importlib.import_module(name)\n"
    "print(*names)\n"
)


def python(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def pytest_on(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs pytest on one file, with the fixtures of these tests."""
    module = folder / "test_asks.py"
    module.write_text(text)
    options = (*options, "-q", "-p", "conftest", "-p", "no:cacheprovider", "--rootdir", str(folder))
    path = os.pathsep.join([str(GUARD), str(ROOT / "tests"), str(ROOT / "src")])
    return python("-m", "pytest", *options, module, PYTHONPATH=path)


def test_the_guard_refuses_and_notes_what_this_process_asks_for():
    with pytest.raises(ConnectionRefusedError, match=ELSEWHERE), socket.socket() as connection:
        connection.connect((ELSEWHERE, 80))
    with pytest.raises(ConnectionRefusedError, match="for example"):
        socket.getaddrinfo("example.org", 443)
    assert [line.split(":")[0] for line in attempts()] == [
        f"socket.connect {ELSEWHERE}",
        "socket.getaddrinfo example.org",
    ]


def test_the_guard_notes_what_a_child_asks_for_even_if_it_goes_on_without():
    assert python("-c", ASK).returncode == 0
    assert [line.split(":")[0] for line in attempts()] == [f"socket.getaddrinfo {ELSEWHERE}"]


PATHS = {
    "params.yaml": ["params.yaml", str(ROOT / "params.yaml"), "tests/../params.yaml"],
    "data/datasets/mnist.yaml": ["data/datasets/mnist.yaml"],
    "metrics/summary.json": [str(ROOT / "metrics" / "summary.json")],
}


@pytest.mark.parametrize(("part", "path"), [(part, path) for part, paths in PATHS.items() for path in paths])
def test_the_guard_notes_which_file_of_the_committed_study_this_process_and_a_child_read(
    part, path, monkeypatch
):
    monkeypatch.chdir(ROOT)
    Path(path).read_bytes()
    assert [line.split(":")[0] for line in attempts()] == [f"{READ}, {part}"]
    assert python("-c", f"open({path!r}).close()").returncode == 0
    assert [line.split(":")[0] for line in attempts()] == [f"{READ}, {part}"]


def test_what_is_no_part_of_the_committed_study_may_be_read(monkeypatch):
    monkeypatch.chdir(ROOT)
    for path in ("dvc.yaml", "tests/frozen/params.yaml", ROOT / "README.md", FROZEN.published / "svm.csv"):
        Path(path).read_bytes()
    assert attempts() == []


READS = f"def test_it(): open({str(ROOT / 'params.yaml')!r}).close()\n"


@pytest.mark.parametrize(("mark", "code"), [("", 1), ("committed", 0), ("extended", 0)])
def test_a_test_that_reads_the_committed_study_fails_unless_it_is_marked(tmp_path, mark, code):
    mark = mark and f"import pytest\n@pytest.mark.{mark}\n"
    assert pytest_on(tmp_path, mark + READS).returncode == code


def test_this_very_machine_may_be_asked():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    assert attempts() == []


def test_importing_every_module_asks_for_nothing():
    done = python("-c", IMPORT_ALL)
    assert done.returncode == 0, done.stderr
    assert {"gridpress.cli.main", "gridpress.fetch.mirror", "gridpress.pipeline.repro.engine"} <= set(
        done.stdout.split()
    )
    assert attempts() == []


def test_collecting_a_test_that_asks_for_the_network_fails(tmp_path):  # so these were collected without
    done = pytest_on(tmp_path, f"{ASK}def test_nothing(): pass\n", "--collect-only")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert (
        f"collecting the tests asked for what no test may have:\nsocket.getaddrinfo {ELSEWHERE}"
        in done.stderr
    )


def test_dvc_reports_nothing_of_this_study_and_asks_for_no_updates():
    for option in ("core.analytics", "core.check_update"):
        shown = subprocess.run(
            ["dvc", "config", option], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert shown.stdout == "false\n"


def without_network(*command: str | Path) -> list[str | Path]:
    """The command in a network namespace of its own, without any other machine: for Pandoc and Typst too."""
    if shutil.which("unshare"):
        for options in (["--net"], ["--net", "--map-root-user"]):
            if subprocess.run(["unshare", *options, "true"], check=False).returncode == 0:
                return ["unshare", *options, *command]
    return list(command)  # the guard still holds for Python


def test_rendering_without_a_network_gives_the_same_bytes(sample, tmp_path):
    document = copy_look(tmp_path / "report") / "report.qmd"
    shutil.copy(SAMPLE, document)
    command = without_network("gridpress", "render", "--renderer", "builtin", document)
    subprocess.run(command, check=True, cwd=ROOT)
    for name in ("report.html", "report.pdf"):
        assert (document.parent / name).read_bytes() == (sample / name).read_bytes()
    assert attempts() == []

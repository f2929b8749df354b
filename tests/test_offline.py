"""No network at import, collection, tests or rendering; `conftest` watches every test, this one the rest."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import OFFLINE, ROOT, attempts
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
    module = tmp_path / "test_asks.py"
    module.write_text(f"{ASK}def test_nothing(): pass\n")
    options = ("--collect-only", "-q", "-p", "conftest", "-p", "no:cacheprovider", "--rootdir", tmp_path)
    path = os.pathsep.join([str(OFFLINE), str(ROOT / "tests")])
    done = python("-m", "pytest", *options, module, PYTHONPATH=path)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"collecting the tests asked for the network:\nsocket.getaddrinfo {ELSEWHERE}" in done.stderr


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

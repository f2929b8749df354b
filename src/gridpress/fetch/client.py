"""Running a package client: for so long, in one folder, writing so much."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from gridpress.fetch.source import SourceError

SECONDS = 300.0
DISK = 1 << 30  # bytes
GLANCE = 0.5  # seconds between two looks at what it writes
FAREWELL = 2  # seconds for killed processes to be gone


def call(command: Sequence[str], folder: Path, *, seconds: float = SECONDS, disk: int = DISK) -> None:
    """Run a program in `folder`, with its temporary files there too.

    Args:
        command: the program by name, and its arguments.
        folder: its working directory.
        seconds: it and its children are killed after so long.
        disk: bytes; they are killed as well when `folder` holds more.

    Raises:
        SourceError: it is not installed, was killed, or failed; in its own words where it has any.
    """
    if shutil.which(command[0]) is None:
        raise SourceError(f"{command[0]} is not installed")
    surroundings = {**os.environ, "TMPDIR": str(folder.resolve()), "LC_ALL": "C"}
    deadline = time.monotonic() + seconds
    with subprocess.Popen(
        [*_tied(), *command],
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            while True:
                try:
                    output, _ = process.communicate(timeout=GLANCE)
                    break
                except subprocess.TimeoutExpired:
                    _check(command[0], folder, deadline, disk)
        finally:
            _kill(process)
    if process.returncode != 0:
        raise SourceError(f"{command[0]} failed: {_complaint(output.decode(errors='replace'))}")


def _tied() -> list[str]:
    """What lets the operating system end the program when this process is killed (Linux, util-linux)."""
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


def _check(name: str, folder: Path, deadline: float, disk: int) -> None:
    if time.monotonic() > deadline:
        raise SourceError(f"{name} took too long and was stopped")
    size = 0
    with suppress(FileNotFoundError):  # what it deletes while we look; the next glance sees the rest
        for path in folder.rglob("*"):
            size += path.lstat().st_size
    if size > disk:
        raise SourceError(f"{name} wrote more than {disk >> 20} MiB and was stopped")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and everything it started, if it still runs."""
    if process.poll() is None:
        own = psutil.Process(process.pid)
        family = [*own.children(recursive=True), own]
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(family, timeout=FAREWELL)


def _complaint(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E:", "npm error", "npm ERR!"))]
    return " / ".join(errors[:3] or lines[-1:]) or "without a message"

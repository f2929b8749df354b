"""Every Python process of the tests begins here (see `conftest`): what a test may not have is noted.

What would leave the machine is refused besides, as programs go on without an answer that they can do without.
What reads the committed study is only noted: a test that is not about this study has one of its own.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

NOTES = "GRIDPRESS_TEST_NOTES"  # the file of what was tried
ONLINE = "GRIDPRESS_TEST_ONLINE"  # set where a test really fetches
STUDY = "GRIDPRESS_TEST_STUDY"  # the folder of the committed study
READ = "read of the committed study"
PARTS = ("params.yaml", "dvc.lock", "profiles/", "metrics/", "data/")


def host_of(event: str, arguments: tuple[Any, ...]) -> str | None:
    """The other machine that an audit event is about, if it is about one."""
    match event, arguments:
        case "socket.getaddrinfo" | "socket.gethostbyname", (host, *_):
            pass
        case "socket.connect" | "socket.sendto" | "socket.sendmsg" | "socket.gethostbyaddr", (*_, (host, *_)):
            pass
        case _:
            return None
    host = host.decode() if isinstance(host, bytes) else host
    here = not host or host in ("localhost", "::1", "0.0.0.0", "::") or host.startswith("127.")  # noqa: S104
    return None if here else host


def note(what: str) -> None:
    with open(os.environ[NOTES], "a", encoding="utf-8") as notes:  # noqa: PTH123  # pathlib is slow to import
        notes.write(f"{what}: {' '.join(sys.argv[:3])}\n")


def part_of_the_study(path: Any) -> str | None:
    """The file of the committed study that is opened, if it is one."""
    if isinstance(path, int):
        return None
    path = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
    part = path.removeprefix(os.path.join(os.environ.get(STUDY, ""), ""))  # noqa: PTH118
    return part if part != path and part.startswith(PARTS) else None


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook, see PEP 578."""
    if event == "open" and (part := part_of_the_study(arguments[0])):
        with suppress(OSError):  # a test may forbid all writing
            note(f"{READ}, {part}")
    if event.startswith("socket.") and not os.environ.get(ONLINE) and (host := host_of(event, arguments)):
        note(f"{event} {host}")
        raise ConnectionRefusedError(f"tests have no network, and {event} asks for {host}")


if NOTES in os.environ and not hasattr(sys, "guarded"):  # a worker of pytest-xdist comes here twice
    setattr(sys, "guarded", True)  # noqa: B010
    sys.addaudithook(watch)

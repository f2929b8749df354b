"""Every Python process of the tests begins here (see `conftest`): what would leave the machine is refused.

Refusing alone would not do, as programs go on without an answer that they can do without.
"""

from __future__ import annotations

import os
import sys
from typing import Any

NOTES = "GRIDPRESS_TEST_NOTES"  # the file of the attempts
ONLINE = "GRIDPRESS_TEST_ONLINE"  # set where a test really fetches


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


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook, see PEP 578."""
    if not event.startswith("socket.") or os.environ.get(ONLINE):
        return
    host = host_of(event, arguments)
    if host is not None:
        with open(os.environ[NOTES], "a", encoding="utf-8") as notes:  # noqa: PTH123  # pathlib is slow to import
            notes.write(f"{event} {host}: {' '.join(sys.argv[:3])}\n")
        raise ConnectionRefusedError(f"tests have no network, and {event} asks for {host}")


if NOTES in os.environ:
    sys.addaudithook(refuse)

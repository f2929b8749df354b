"""DVC's list of files in use, and what is wrong with it after DVC was killed.

DVC itself forgets processes whose number is free. It stops where the number is another process's by now, as
after a restart of the machine, where the dead process was never waited for, as in a container without an
init process, and where the list itself was cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import psutil
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gridpress.files import write_text

SKEW = 1  # seconds by which a process may seem to begin after it wrote to the list


class _Owner(BaseModel):
    """A process that uses a file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    pid: Annotated[int, Field(ge=0, lt=2**31)]
    cmd: str

    def is_alive(self, written: float) -> bool:
        """Whether it is the process of that number that wrote to the list, last changed at `written`."""
        try:
            process = psutil.Process(self.pid)
            return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() < written + SKEW)
        except psutil.NoSuchProcess:
            return False


class _FilesInUse(BaseModel):
    """As DVC's own schema has it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    write: dict[str, _Owner] = Field(default_factory=dict)
    read: dict[str, list[_Owner]] = Field(default_factory=dict)

    def owners(self) -> Iterator[_Owner]:
        yield from self.write.values()
        for owners in self.read.values():
            yield from owners

    def of_the_living(self, written: float) -> _FilesInUse:
        write = {name: by for name, by in self.write.items() if by.is_alive(written)}
        read = {name: [by for by in owners if by.is_alive(written)] for name, owners in self.read.items()}
        return _FilesInUse(write=write, read={name: owners for name, owners in read.items() if owners})


def fault(path: Path) -> Literal["broken", "orphaned"] | None:
    """Why DVC would stop at its list: it is cut off, or names a process number that is another's by now."""
    if not path.is_file():
        return None
    if (found := _read(path)) is None:
        return "broken"
    written = path.stat().st_mtime
    orphaned = any(psutil.pid_exists(by.pid) and not by.is_alive(written) for by in found.owners())
    return "orphaned" if orphaned else None


def release(path: Path) -> None:
    """Remove from the list all that processes which are gone had in use; the list itself if it is cut off."""
    if not path.is_file():
        return
    if (found := _read(path)) is None:
        path.unlink()
        return
    living = found.of_the_living(path.stat().st_mtime)
    if living != found:
        write_text(path, living.model_dump_json())


def _read(path: Path) -> _FilesInUse | None:
    try:
        return _FilesInUse.model_validate_json(path.read_bytes())
    except ValidationError:
        return None

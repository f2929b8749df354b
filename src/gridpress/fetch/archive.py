"""Single members of a tar archive, read without unpacking anything."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from typing import IO, cast

from gridpress.fetch.source import Files, SourceError


def members(archive: IO[bytes], names: Mapping[str, str], limit: int) -> Files:
    """The wanted members of an uncompressed tar stream, in the archive's order.

    Nothing is written, so paths of other members, and links, lead nowhere.

    Args:
        archive: the stream; need not be seekable.
        names: the wanted members by their exact path, and what to call each.
        limit: bytes of the stream that are read at most.

    Raises:
        SourceError: a wanted member is no regular file, or the stream goes beyond the limit.
        tarfile.TarError: no tar archive.
    """
    wanted = dict(names)
    with tarfile.open(fileobj=_Limited(archive, limit), mode="r|") as tar:
        for member in tar:
            if member.name not in wanted:
                continue
            if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
                raise SourceError(f"{member.name} is no regular file in the archive")
            yield wanted.pop(member.name), cast(io.BufferedReader, tar.extractfile(member))
            if not wanted:
                return


class _Limited(io.RawIOBase):
    """A stream that refuses to be longer than expected, and to be read on and on after its end.

    tarfile reads that way to skip a member whose header claims an absurd size: for ever, in effect.
    """

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream, self._left, self._limit = stream, limit, limit
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        if self._ended:
            raise SourceError("the archive ends within a member")
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._ended = not data
        self._left -= len(data)
        if self._left < 0:
            raise SourceError(f"the archive is larger than the {self._limit} bytes expected")
        return data

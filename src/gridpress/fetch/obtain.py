"""Asking one source after the other until every file is there, verified."""

from __future__ import annotations

import errno
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from gridpress.data.loading import Pin, read
from gridpress.errors import GridpressError
from gridpress.fetch.source import Order, Source, SourceError, accept
from gridpress.files import write_bytes
from gridpress.progress import Advance

BROKEN = (SourceError, OSError, EOFError, ValueError, zlib.error, tarfile.TarError)
OUR_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}  # no other source would change that
LONGEST_REASON = 300


def missing(folder: Path, pins: Mapping[str, Pin], say: Callable[[str], None]) -> dict[str, Pin]:
    """The files that `folder` lacks; one that is there and wrong counts as lacking, and is named by `say`.

    Raises:
        GridpressError: the folder holds something else, which DVC would take for data.
    """
    try:
        present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    except OSError as error:
        raise GridpressError(f"cannot read {folder}: {error.strerror}") from None
    if foreign := sorted(present - set(pins)):
        raise GridpressError(f"{folder}: {', '.join(foreign)} does not belong here; move it elsewhere")
    wanted = {}
    for name, pin in pins.items():
        try:
            read(folder / name, pin)
        except GridpressError as error:
            wanted[name] = pin
            if name in present:
                say(f"{error}; fetching it again")
    return wanted


def obtain(
    folder: Path,
    wanted: Mapping[str, Pin],
    sources: Sequence[Source],
    advance: Advance,
    say: Callable[[str], None],
) -> None:
    """Put the wanted files into `folder`, from the first source that delivers each.

    Args:
        folder: where they go; a folder `.NAME.partial` beside it is used meanwhile.
        wanted: what the files must be.
        sources: where to ask, in this order.
        advance: progress in bytes, of the sum of all sizes.
        say: told why a source did not deliver.

    Raises:
        GridpressError: no source delivered, with the reason of each, or `folder` cannot be written.
    """
    left, share, reasons = dict(wanted), dict.fromkeys(wanted, 0.0), []

    def report(name: str, arrived: float) -> None:
        advance((arrived - share[name]) * wanted[name].size)
        share[name] = arrived

    for source in sources:
        with _workspace(folder) as work:
            advance(0, source.title)
            order = Order(dict(left), work, report)
            try:
                with closing(source.deliver(order)) as files:
                    for name, stream in files:
                        content = accept(stream, name, left[name])
                        write_bytes(folder / name, content, partial=work / f"{name}.verified")
                        del left[name]
                        report(name, 1)
                if left:
                    raise SourceError(f"lacks {', '.join(left)}")
            except BROKEN as error:
                if isinstance(error, OSError) and error.errno in OUR_DISK:
                    raise _unwritable(folder, error) from None
                reasons.append(f"{source.title}: {_reason(error)}")
                say(reasons[-1])
        for name in left:
            report(name, 0)
        if not left:
            return
    raise GridpressError(_failure(folder.name, left, reasons))


@contextmanager
def _workspace(folder: Path) -> Iterator[Path]:
    """An empty folder on the file system of `folder`; removed afterwards, and after a kill the next time."""
    work = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        with suppress(OSError):
            folder.rmdir()  # if nothing was delivered: an empty folder is data to DVC, and other data


def _unwritable(path: Path, error: OSError) -> GridpressError:
    return GridpressError(f"cannot write {path}: {error.strerror}")


def _reason(error: Exception) -> str:
    """One printable line: what it quotes may come from anywhere."""
    text = " ".join(str(error).split()) or type(error).__name__
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"


def _failure(dataset: str, left: Mapping[str, Pin], reasons: Sequence[str]) -> str:
    return "\n".join(
        [
            f"{dataset}: no source delivered the files.",
            *(f"  - {reason}" for reason in reasons),
            f"Still missing: {', '.join(left)}.",
            "To bring them yourself: put these files, plain or gzipped with `.gz` added to the name, into a",
            f"folder and name it: `gridpress fetch {dataset} --from FOLDER`, or set GRIDPRESS_DATA=FOLDER",
            "for `make report` and `dvc repro`. Where a DVC remote has them, `dvc pull` brings them.",
        ]
    )

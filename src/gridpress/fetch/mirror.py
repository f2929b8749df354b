"""Public mirrors, which may be far, slow, gone or hostile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gridpress.fetch.source import LOOSENESS, Files, Order, SourceError

CHUNK = 1 << 14  # bytes


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, between two pieces of data, until the first piece, for all files."""

    connect: float = 5
    silence: float = 15
    answer: float = 8
    total: float = 600


@dataclass(frozen=True)
class Mirror:
    """Gzipped files at `base`/NAME.gz."""

    base: str
    patience: Patience = Patience()

    @property
    def title(self) -> str:
        return f"mirror {self.base}"

    def deliver(self, order: Order) -> Files:
        deadline = time.monotonic() + self.patience.total
        for name, pin in order.pins.items():
            path = order.work / f"{name}.gz"
            watch = _Watch(pin.size + LOOSENESS, deadline, partial(order.report, name))
            _download(f"{self.base}/{name}.gz", path, watch, self.patience)
            with path.open("rb") as file:
                yield name, file


class _Watch:
    """A progress bar to pooch; ends a download that is too large or takes too long."""

    def __init__(self, limit: int, deadline: float, report: Callable[[float], None]) -> None:
        self.limit, self.deadline, self.report = limit, deadline, report
        self.total = self.done = 0
        self.begun = threading.Event()

    def update(self, amount: int) -> None:
        self.begun.set()
        self.done += amount
        if max(self.total, self.done - CHUNK) > self.limit:  # pooch counts the last chunk as a full one
            raise SourceError(f"sends more than the {self.limit} bytes expected")
        if time.monotonic() > self.deadline:
            raise SourceError("too slow")
        if self.total > 0:
            self.report(min(1, self.done / self.total))

    def reset(self) -> None:
        self.done = 0

    def close(self) -> None:
        pass


def _download(url: str, path: Path, watch: _Watch, patience: Patience) -> None:
    """Write what `url` sends to `path`.

    Runs in a thread of its own: name servers, and hosts that send a byte now and then, know no timeout.

    Raises:
        SourceError: it can't be reached, sends too much or takes too long.
        OSError: what requests raises otherwise.
    """
    import pooch  # noqa: PLC0415  # imported where it is used, as every stage imports this package

    download = pooch.HTTPDownloader(
        progressbar=watch,
        chunk_size=CHUNK,
        timeout=(patience.connect, patience.silence),
        headers={"Accept-Encoding": "identity"},
    )
    errors: list[Exception] = []

    def work() -> None:
        try:
            download(url, str(path), None)
        except Exception as error:  # noqa: BLE001  # raised again below, in the thread that asked
            errors.append(error)
        finally:
            watch.begun.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    if not watch.begun.wait(patience.answer):
        watch.deadline = 0  # ends the thread if data comes after all
        raise SourceError(f"no answer within {patience.answer:g} s")
    thread.join(max(0, watch.deadline - time.monotonic()))
    if thread.is_alive():
        raise SourceError(f"not finished within {patience.total:g} s")
    if errors:
        raise _explained(errors[0])


def _explained(error: Exception) -> Exception:
    """What requests means, without the layers that it wraps around it."""
    inner = getattr(error.args[0], "reason", None) if error.args else None
    return SourceError(str(inner).split("): ", 1)[-1]) if isinstance(inner, Exception) else error

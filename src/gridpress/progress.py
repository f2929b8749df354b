"""Progress of long work: a live bar in a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

PLAIN_INTERVAL = 20.0  # seconds between two plain lines

console = Console(stderr=True, highlight=False, soft_wrap=True)


class Advance(Protocol):
    """Reports that `amount` more is done; `note` says what matters right now."""

    def __call__(self, amount: float = 1, note: str | None = None) -> None: ...


class Show(Protocol):
    """A way to show progress: `progress`, or one that shows nothing."""

    def __call__(self, title: str, total: float) -> AbstractContextManager[Advance]: ...


def silent(amount: float = 1, note: str | None = None) -> None:
    """Reports to nobody."""


@contextmanager
def progress(title: str, total: float) -> Iterator[Advance]:
    """Show how far `title` is, on stderr.

    Args:
        title: what is being done.
        total: the sum of all amounts.

    Yields:
        A function to call with the amount done since the last call.
    """
    yield_from = _live if console.is_terminal else _plain
    with yield_from(title, total) as advance:
        yield advance


@contextmanager
def _live(title: str, total: float) -> Iterator[Advance]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(title, total=total, note="")

        def advance(amount: float = 1, note: str | None = None) -> None:
            bar.update(task, advance=amount)
            if note is not None:
                bar.update(task, note=note)

        yield advance


@contextmanager
def _plain(title: str, total: float) -> Iterator[Advance]:
    begin = shown = time.monotonic()
    done = 0.0

    def advance(amount: float = 1, note: str | None = None) -> None:
        nonlocal done, shown
        done += amount
        now = time.monotonic()
        if note is None and now - shown < PLAIN_INTERVAL:
            return
        shown = now
        parts = [f"{title}: {done / total:.0%}"]
        if 0 < done < total:
            parts.append(f"about {(now - begin) / done * (total - done):.0f} s left")
        console.print(", ".join([*parts, *filter(None, [note])]), markup=False)

    yield advance
    console.print(f"{title}: done in {time.monotonic() - begin:.1f} s", markup=False)


def clock(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s"

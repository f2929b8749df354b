"""What `gridpress check` finds, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tabulate import tabulate

from gridpress.messages import one_line

MOST_LINES = 20  # of all that is wrong


@dataclass(frozen=True)
class Finding:
    """The state of one part of the setup.

    Attributes:
        about: which part.
        said: its state in a few words.
        faults: what is wrong and which command helps, a line each; none where all is well.
        given: faults are of what the user gave, in params.yaml or a profile.
    """

    about: str
    said: str
    faults: Sequence[str] = ()
    given: bool = False


def table(findings: Sequence[Finding]) -> str:
    """One aligned line each; `!` marks those with faults."""
    rows = [(entry.about, f"! {entry.said}" if entry.faults else entry.said) for entry in findings]
    return str(tabulate(rows, tablefmt="plain", disable_numparse=True))


def summary(findings: Sequence[Finding]) -> str:
    """All faults, a line each; empty where there are none."""
    lines = [one_line(fault) for entry in findings for fault in entry.faults]
    more = len(lines) - MOST_LINES
    return "\n".join([*lines[:MOST_LINES], *([f"and {more} more"] if more > 0 else [])])

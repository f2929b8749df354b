"""Whether a record may be measured here: one that was made on another machine stays as it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from gridpress.errors import GridpressError


@dataclass(frozen=True)
class Decision:
    """Whether to measure, and what to tell the person."""

    measure: bool
    message: str


def decide(name: str, recorded: str | None, here: str) -> Decision:
    """Measure where there is no record, or where it is this machine's own.

    Args:
        name: of the machine in `hardware.machines`.
        recorded: fingerprint in the existing record, None where there is none.
        here: fingerprint of this machine.
    """
    if recorded is None:
        return Decision(measure=True, message=f"no record of {name} yet: measuring this machine")
    if recorded == here:
        return Decision(measure=True, message=f"{name} is this machine: measuring it again")
    stays = (
        f"{name} was measured on another machine (fingerprint {recorded}, here {here}): its record stays.\n"
        "To measure this machine: `gridpress hardware --machine NAME` with a name of its own, then add to\n"
        "params.yaml, below hardware.machines:\n  - NAME"
    )
    return Decision(measure=False, message=stays)


def line_to_add(name: str) -> str:
    """What to do with a new record so that the report shows it, and DVC takes it as it is."""
    return (
        f"To show it in the report, add to params.yaml, below hardware.machines:\n  - {name}\n"
        f"and record it, or the next run measures again: `dvc commit --force hardware@{name}`"
    )


def recorded_fingerprint(path: Path) -> str | None:
    """The fingerprint in a record of any schema version; None where there is no file.

    Raises:
        GridpressError: the file is there, but whose it is cannot be told.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise GridpressError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError):
        content = None
    found = content.get("fingerprint") if isinstance(content, dict) else None
    if not isinstance(found, str):
        raise GridpressError(
            f"{path} is damaged: it does not say which machine it was measured on.\n"
            f"`git checkout -- {path}` restores it; or delete it to measure this machine."
        )
    return found

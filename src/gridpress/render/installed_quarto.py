"""Which Quarto is installed, and whether it is new enough."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

from gridpress.messages import one_line

LONGEST = 40  # characters of a version
LEAST = (1, 9)  # whose Typst gives formulas the alternative text that an accessible PDF needs
PATIENCE = 20  # seconds that `quarto --version` may take


@dataclass(frozen=True)
class Quarto:
    """The Quarto on the PATH.

    Attributes:
        version: as it says; None where it does not start.
        problem: why it cannot be used; None where it can.
    """

    version: str | None
    problem: str | None


def found() -> Quarto | None:
    """Which Quarto there is; None where there is none."""
    if shutil.which("quarto") is None:
        return None
    try:
        done = subprocess.run(
            ["quarto", "--version"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return Quarto(None, "does not start: `quarto --version` fails")
    version = one_line(done.stdout.strip(), LONGEST)
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None:
        return Quarto(version, f"does not say which version it is, but {version!r}")
    if tuple(map(int, numbers.groups())) < LEAST:
        return Quarto(version, f"is {version}, older than {'.'.join(map(str, LEAST))}")
    return Quarto(version, None)

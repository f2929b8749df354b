"""The text of dvc.lock: one entry per stage, with its command, dependencies, parameters and outputs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError
from ruamel.yaml import YAML

from gridpress.pipeline.dvc.lock_schema import VERSION, LockSchema

Entry = dict[str, Any]
Entries = dict[str, Entry]

NAME = re.compile(r"^  ([^\s#-][^\n]*?):\s*$", re.MULTILINE)
MARKERS = re.compile(
    r"^(<{7}|>{7}|\|{7})( |$)|^={7}$", re.MULTILINE
)  # that Git writes into a conflicted file


def read(text: str) -> Entries | None:
    """The entries by the name of their stage; None where DVC would refuse the file or a line is cut."""
    if not text.endswith("\n"):
        return None
    try:
        content = YAML(typ="safe").load(text)
        LockSchema.model_validate(content)
    except ValidationError:
        return None
    except Exception:  # noqa: BLE001  # ruamel raises more than its own errors
        return None
    return dict(content.get("stages") or {})


def load(path: Path) -> Entries | None:
    """The entries of a dvc.lock as `read` gives them; None where there is no such file."""
    return read(path.read_text(encoding="utf-8", errors="replace")) if path.is_file() else None


def outputs(entry: Entry) -> dict[str, str]:
    """The hashes of the files (or folders) that a stage writes, by their paths below the study's folder."""
    return {out["path"]: out.get("md5") or "" for out in entry.get("outs") or []}


def dependencies(entry: Entry) -> dict[str, str]:
    """As `outputs`, of the data and code that a stage reads."""
    return {dep["path"]: dep.get("md5") or "" for dep in entry.get("deps") or []}


def read_beginning(text: str) -> Entries:
    """What can be read of a text that is cut off: everything before its last entry."""
    begins = [match.start() for match in NAME.finditer(text)]
    return (read(text[: begins[-1]]) or {}) if begins else {}


def names(text: str) -> set[str]:
    """The stages that a text speaks of, also where it cannot be read as a whole."""
    return {match[1].strip("'\"") for match in NAME.finditer(text)}


def dump(entries: Entries) -> str:
    """The text of a dvc.lock, as DVC writes it."""
    yaml = YAML()
    yaml.default_flow_style = False
    text = io.StringIO()
    yaml.dump({"schema": VERSION, "stages": entries}, text)
    return text.getvalue()


def is_conflicted(text: str) -> bool:
    """Whether Git has written both sides of a conflict into a text."""
    return ("<<<<<<<" in text or ">>>>>>>" in text) and MARKERS.search(text) is not None


def sides(text: str) -> tuple[str, str]:
    """A conflicted text as each of the two sides had it."""
    return "".join(_side(text, 0)), "".join(_side(text, 1))


def _side(text: str, wanted: Literal[0, 1]) -> Iterator[str]:
    side: int | None = None  # outside of a conflict both sides are the same
    for line in text.splitlines(keepends=True):
        match line[:7], side:
            case "<<<<<<<", None:
                side = 0
            case "|||||||", 0:
                side = 2  # what both began with
            case "=======", 0 | 2:
                side = 1
            case ">>>>>>>", 1:
                side = None
            case _:
                if side in (None, wanted):
                    yield line

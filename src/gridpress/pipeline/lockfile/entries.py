"""The text of dvc.lock: one entry per stage, with its command, dependencies, parameters and outputs."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML

Entry = dict[str, Any]
Entries = dict[str, Entry]

NAME = re.compile(r"^  ([^\s#-][^\n]*?):\s*$", re.MULTILINE)
MARKERS = re.compile(
    r"^(<{7}|>{7}|\|{7})( |$)|^={7}$", re.MULTILINE
)  # that Git writes into a conflicted file


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _File(_Part):
    path: str
    hash: str = "md5"
    md5: Annotated[str, Field(pattern="^$|^.{3}")] | None = None
    size: int = 0
    nfiles: int = 0
    isexec: bool = False
    version_id: str = ""
    files: Any = None  # this and what follows is of remote storage, which our pipeline does without
    cloud: Any = None
    etag: Any = None
    checksum: Any = None
    dataset: Any = None


class _Stage(_Part):
    cmd: str | list[Any]
    deps: list[_File] = Field(default_factory=list)
    params: dict[str, dict[str, Any]] = Field(default_factory=dict)
    outs: list[_File] = Field(default_factory=list)


class _Lock(_Part):
    """As DVC's own schema has it."""

    schema_version: Literal["2.0"] = Field(alias="schema")
    datasets: Any = None
    stages: dict[str, _Stage] = Field(default_factory=dict)


def read(text: str) -> Entries | None:
    """The entries by the name of their stage, or None where DVC would refuse the file or its last line is cut."""
    if not text.endswith("\n"):
        return None
    try:
        content = YAML(typ="safe").load(text)
        _Lock.model_validate(content)
    except ValidationError:
        return None
    except Exception:  # noqa: BLE001  # beside its own errors, ruamel raises whatever a broken text leads it to
        return None
    return dict(content.get("stages") or {})


def load(path: Path) -> Entries | None:
    """The entries of a dvc.lock as `read` gives them; None where there is no such file."""
    return read(path.read_text(encoding="utf-8", errors="replace")) if path.is_file() else None


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
    yaml.dump({"schema": "2.0", "stages": entries}, text)
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

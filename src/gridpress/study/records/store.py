"""Records as files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from gridpress.errors import GridpressError
from gridpress.files import write_result
from gridpress.messages import explain, one_line
from gridpress.study.records.base import Record

LARGEST = 1 << 26  # bytes; the largest record of a long study has a few hundred thousand
R = TypeVar("R", bound=BaseModel)


def dumps(record: BaseModel) -> str:
    """JSON with one key a line and lists of numbers on one line, the same bytes every time."""
    text = json.dumps(record.model_dump(), indent=1, allow_nan=False, ensure_ascii=True)
    return re.sub(r"\[\n\s*([-\d.eE+,\s]+?)\n\s*\]", _joined, text) + "\n"


def _joined(match: re.Match[str]) -> str:
    return "[" + ", ".join(part.strip() for part in match[1].split(",")) + "]"


def save(record: BaseModel, path: Path) -> None:
    """Write a record; raises GridpressError as `write_result` does."""
    write_result(path, dumps(record))


def load(model: type[R], path: Path) -> R:
    """Read and check a record.

    Raises:
        GridpressError: the file is missing, no JSON, not what `model` describes, or the record of something
            else than its name says; names it.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise GridpressError(f"{path} is larger than any record; `gridpress check` says what restores it")
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GridpressError(f"{path} is missing; `dvc repro` makes it") from None
    except OSError as error:
        raise GridpressError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise GridpressError(
            f"{path} is not JSON ({one_line(str(error))}); `gridpress check` says what restores it"
        ) from None
    try:
        record = model.model_validate(content, strict=True)
    except ValidationError as error:
        raise GridpressError(explain(error, model, str(path))) from None
    if isinstance(record, Record) and record.named_by is not None:
        found = str(getattr(record, record.named_by))
        if found != path.stem:
            raise GridpressError(
                f"{path} is the record of {one_line(found)}; `gridpress check` says what restores it"
            )
    return record

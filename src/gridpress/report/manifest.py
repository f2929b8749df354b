"""One digest per table and figure: what DVC records of the report, whichever renderer made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from gridpress.files import write_result
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item


def digest(item: Item) -> str:
    """SHA-256 over data, caption and alternative text; not over pixels, which depend on the renderer."""
    parts = [item.reference, item.caption, item.spoken, canonical(item.data)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def canonical(table: pd.DataFrame) -> str:
    """CSV whose text depends on nothing but the values."""
    return table.to_csv(index=False, lineterminator="\n")


def manifest(study: Study, sections: Mapping[str, Iterable[Item]]) -> dict[str, object]:
    """Digests of all tables and figures, of params.yaml, and of the records that it names.

    Holds nothing of dvc.lock, of the commit or of the renderer.
    """
    items = [item for group in sections.values() for item in group]
    return {
        "params": file_digest(study.project.params),
        "records": records_digest(study),
        "missing": study.missing,
        "items": {item.reference: digest(item) for item in items},
    }


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def records_digest(study: Study) -> str:
    """One SHA-256 over all records that params.yaml names and that are there, by path and content."""
    root = study.project.root
    lines = [f"{file_digest(root / path)}  {path}\n" for path in study.record_paths]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_manifest(path: Path, content: Mapping[str, object]) -> None:
    """Write it as JSON, the same bytes every time."""
    write_result(path, json.dumps(content, indent=1) + "\n")

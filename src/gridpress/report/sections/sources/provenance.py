"""Where the numbers of every table and figure come from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pandas as pd

from gridpress.learning_curves.chosen import CHOSEN
from gridpress.learning_curves.curves import CURVES
from gridpress.report import manifest
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.names import listed
from gridpress.report.presentation.tables import leading, table, words

DOCUMENT = (  # beside these, rendering leaves files of the same kinds
    "_quarto.yml",
    "report.css",
    "report.html5",
    "report.lua",
    "report.qmd",
    "typst-show.typ",
    "typst-template.typ",
)
CODE = {".py", ".j2"}
# The stages whose records lie in a folder of another name.
STAGES = {"data": "fetch", CHOSEN: "summarize", **{curve.folder: curve.stage for curve in CURVES}}
FINAL = "final.json"
DIGEST_SHOWN = 16  # hexadecimal digits


def stage_of(path: str) -> str | None:
    """The DVC stage that wrote a file; None of a file that people wrote."""
    parts = PurePosixPath(path).parts
    if parts[0] != "metrics":
        return None
    if len(parts) == 2:
        return "final" if parts[1] == FINAL else "summarize"
    folders = parts[2:-1] if parts[1] == "timing" else parts[1:-1]
    return STAGES.get("/".join(folders), folders[0])


def of_items(sections: Mapping[str, Iterable[Item]]) -> Iterator[Item]:
    """For every other table and figure its records, the stage that makes them, and its digest."""
    found = [item for group in sections.values() for item in group]
    rows = [
        {
            "item": item.reference,
            "address": f"#{item.reference}",
            "sources": _sources(item.sources),
            "stage": _stages(item.sources),
            "digest": manifest.digest(item),
        }
        for item in found
    ]
    if not rows:
        return
    yield table(
        "provenance",
        (
            "For every table and figure the files that its numbers come from, the stages that write them, "
            f"and the first {DIGEST_SHOWN} hexadecimal digits of the SHA-256 over its data, caption and "
            "alternative text, as in `report/manifest.json`."
        ),
        pd.DataFrame(rows),
        [
            replace(leading("Shown in", "item", str), repeated=True, link="address"),
            words("Files", "sources"),
            words("Stage", "stage"),
            words("Digest", "digest", lambda digest: digest[:DIGEST_SHOWN]),
        ],
        sources=[],
        wide=True,
    )


def _sources(paths: Sequence[str]) -> str:
    """Files by folder: one by its name, several by their number."""
    folders: dict[str, list[str]] = {}
    for path in dict.fromkeys(paths):
        folders.setdefault(str(PurePosixPath(path).parent), []).append(path)
    return "; ".join(
        files[0] if len(files) == 1 else f"{len(files)} files in {folder}"
        for folder, files in folders.items()
    )


def _stages(paths: Sequence[str]) -> str:
    stages = dict.fromkeys(stage for stage in map(stage_of, paths) if stage)
    return listed(stages) if stages else "none"


def digests(study: Study) -> dict[str, str]:
    """SHA-256 of params.yaml, of all records that it names, and of the report's own source."""
    return {
        "params.yaml": manifest.file_digest(study.project.params),
        "all records that it names": manifest.records_digest(study),
        "the source of this report": source_digest(study),
    }


def source_digest(study: Study) -> str:
    """One SHA-256 over the document, its style, and the code that computes it."""
    document, code = study.project.report, Path(__file__).parents[2]
    files = [(document, document / name) for name in DOCUMENT if (document / name).is_file()]
    files += [(code, path) for path in sorted(code.rglob("*")) if path.suffix in CODE]
    total = hashlib.sha256()
    for folder, path in files:
        total.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return total.hexdigest()

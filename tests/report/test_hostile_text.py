"""Text that a stranger can put into records, published tables and the title shows as text, in page and PDF.

Names of datasets, networks, targets, machines and runs are refused unless they are plain words, so what is
left is what machines and people call things. A mark that turns the direction of writing is shown as its code
point, `[U+202E]`: shown as it is, or isolated, it could still make a name look like another one.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from playwright.sync_api import sync_playwright

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.errors import GridpressError
from gridpress.render import render
from gridpress.report.data.study import Study
from gridpress.report.presentation.markup import escape, visible
from gridpress.study.project import Project
from gridpress.study.records.store import load
from gridpress.study.records.timings import TrainTiming
from pdf import text as pdf_text
from report.builder import ROOT, parameters, save, write_study
from report.made_up.hardware import hardware_record

from .test_document import ONE_OF_EACH

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

TARGETS = {
    "cpu-1-thread": {"device": "cpu", "precision": "fp32", "threads": 1, "memory_format": "contiguous"},
    "cuda-fp32": {"device": "cuda", "precision": "fp32", "threads": 1, "memory_format": "contiguous"},
}
PIECES = [
    "<script>window.pwned=1</script>",
    '<img src="x" onerror="window.pwned=1">',
    "</table></style></title><b id=injected>",
    "`id`",
    "```{=html}",
    "$(touch pwned) $x^2$ \\(y\\)",
    "a|b",
    "# no heading",
    "one\n\n\ntwo",
    "\u202eabc\u202c\u2066\u200f",
    "[x](javascript:pwned) ![y](z)",
    "*a* _b_ @fig-none [^1]",
    "{{< meta title >}} ::: {.note}",
    '#import "x" \\ ] ) }',
    "&lt;&#60; 'q' \"r\"",
]


def hostile(place: str) -> str:
    return f"({place}) {' '.join(PIECES)} (end)"


SHOWN = ["processor", "gpu", "system", "kernel", "library", "version", "instructions", "device", "absent"]
SHOWN += ["study", "claim", "published device", "title", "subtitle"]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Rendered by the built-in renderer; two machines, one without GPU."""
    content = parameters(
        **{**ONE_OF_EACH, "hardware": {"machines": ["one", "two"], "measure": {"targets": TARGETS}}}
    )
    project = write_study(tmp_path_factory.mktemp("hostile") / "study", content)
    poison_records(project, content)
    poison_published(project)
    shutil.copytree(
        ROOT / "report", project.report, ignore=shutil.ignore_patterns("report.html", "report.pdf", "figures")
    )
    document = project.report / "report.qmd"
    text = document.read_text(encoding="utf-8")
    for key in ("title", "subtitle"):  # which are Markdown
        text = re.sub(
            rf"^{key}: .*$",
            lambda _, key=key: f"{key}: {yaml(escape(hostile(key)))}",
            text,
            count=1,
            flags=re.MULTILINE,
        )
    document.write_text(text, encoding="utf-8")
    render(document, renderer="builtin")
    return project


def yaml(text: str) -> str:
    return '"' + "".join(c if c.isalnum() or c == " " else f"\\u{ord(c):04x}" for c in text) + '"'


def poison_records(project: Project, content: dict) -> None:
    params = parse_params(content, DECLARED)
    for name, devices in (("one", ("cpu",)), ("two", ("cpu", "cuda"))):
        record = hardware_record(params, name, devices)
        machine = poisoned(record.machine)
        targets = [
            entry.model_copy(
                update={"device_name": hostile("device"), "absent": entry.absent and hostile("absent")}
            )
            for entry in record.targets
        ]
        changes = {"machine": machine, "targets": targets, "vector_instructions": hostile("instructions")}
        save(
            record.model_copy(update={**changes, "fingerprint": hostile("fingerprint")}),
            project.record("hardware", name),
        )
    for path in (project.metrics / "timing" / "train").glob("*.json"):
        timing = load(TrainTiming, path)
        save(timing.model_copy(update={"machine": poisoned(timing.machine)}), path)


def poisoned(machine):
    gpu = {"model": hostile("gpu"), "memory_bytes": 1, "driver": hostile("driver")}
    return type(machine).model_validate(
        {
            **machine.model_dump(),
            "processor": hostile("processor"),
            "processor_family": hostile("family"),
            "vector_extensions": [hostile("extension")],
            "gpus": [gpu],
            "operating_system": hostile("system"),
            "kernel": hostile("kernel"),
            "versions": {"python": "3.11.7", hostile("library"): hostile("version")},
            "environment": {hostile("variable"): hostile("value")},
            "preloaded": [hostile("preloaded")],
        }
    )


def poison_published(project: Project) -> None:
    claims = project.published / "claims.csv"
    table = pd.read_csv(claims, dtype=str, keep_default_na=False)
    table.loc[0, "claim"] += hostile("claim")
    table["quantity"] = hostile("quantity")
    table.to_csv(claims, index=False)
    for name in ("hardware", "studies", "resnet"):
        path = project.published / f"{name}.csv"
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if name == "hardware":
            table.loc[table["study"] == "B", "device_name"] = hostile("published device")
        if name != "resnet":
            table.loc[table["study"] == "B", "study"] = hostile("study")
        for column in {"title", "notes"} & set(table.columns):
            table[column] = hostile(column)
        table.to_csv(path, index=False)


def squeezed(text: str) -> str:
    """Without white space, which lines may break at, and without what a soft hyphen or a tag adds."""
    return re.sub(r"[\s\u00ad\u200b]+", "", text)


@pytest.mark.extended
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_the_page_shows_every_text_as_it_is_and_runs_nothing(project):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        requested, said = [], []
        page.on("request", lambda request: requested.append(request.url))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        html = project.rendered[0].as_uri()
        page.goto(html)
        page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        page.wait_for_timeout(300)
        text = squeezed(page.evaluate("document.body.innerText"))
        title = page.title()
        pwned = page.evaluate("typeof window.pwned")
        injected = page.evaluate(
            """[...document.querySelectorAll(
                 'script, iframe, object, embed, base, form, b, #injected, [srcset], a[href^="javascript"]')]
               .concat([...document.querySelectorAll('*')].filter(element =>
                 [...element.attributes].some(attribute => attribute.name.startsWith('on'))))
               .map(element => element.outerHTML)"""
        )
        foreign = page.evaluate(
            "[...document.images].map(image => image.src).filter(src => "
            "!src.startsWith('data:image/svg+xml'))"
        )
        browser.close()
    assert pwned == "undefined"
    assert injected == foreign == said == []
    assert [url for url in requested if not url.startswith(("data:", html))] == []
    for place in SHOWN:
        assert squeezed(visible(hostile(place))) in text, place
    assert squeezed(visible(hostile("title"))) == squeezed(title)


def test_the_pdf_shows_every_text_as_it_is_and_holds_no_action(project):
    pdf = project.rendered[1]
    text = squeezed(pdf_text(pdf))
    for place in SHOWN:
        assert squeezed(visible(f"({place}) {PIECES[0]}")) in text, place
    for place in ("title", "subtitle", "processor", "instructions", "absent", "study"):
        assert squeezed(visible(hostile(place))) in text, place
    with pikepdf.open(pdf) as opened:
        assert str(opened.docinfo["/Title"]) == visible(hostile("title"))
        links = [
            str(note.A.URI)
            for page in opened.pages
            for note in page.get("/Annots", [])
            if "/A" in note and "/URI" in note.A
        ]
        raw = b"".join(bytes(repr(item), "utf-8", "replace") for item in opened.objects)
    assert not [link for link in links if not link.startswith("https://")]
    assert b"/JavaScript" not in raw
    assert b"/Launch" not in raw


def test_nothing_was_run_or_written_outside_of_the_report(project):
    assert not list(project.root.rglob("pwned*"))
    assert not (Path.cwd() / "pwned").exists()
    assert {path.name for path in project.root.iterdir()} == {
        "params.yaml",
        "dvc.yaml",
        "data",
        "metrics",
        "report",
    }


@pytest.mark.parametrize(
    "name", ["<script>", "`id`", "$(id)", "a|b", "a\nb", "#", "\u202eabc", "../x", "a b"]
)
@pytest.mark.parametrize("field", ["name", "target"])
def test_a_record_whose_names_are_no_plain_words_is_refused(tmp_path, name, field):
    project = write_study(tmp_path / "study", parameters(**ONE_OF_EACH))
    path = project.record("hardware", "epyc-2core")
    old = '"name": "epyc-2core"' if field == "name" else '"target": "cpu-1-thread"'
    escaped = "".join(f"\\u{ord(c):04x}" for c in name)
    path.write_text(path.read_text().replace(old, f'"{field}": "{escaped}"'))
    with pytest.raises(GridpressError, match="it must be made of letters, digits") as refused:
        Study.load(project)
    assert all(line.isprintable() for line in str(refused.value).splitlines())

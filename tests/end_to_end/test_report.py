"""The rendered report of a real study, as a browser and a PDF reader see it."""

from __future__ import annotations

import io
import shutil

import pandas as pd
import pytest
from playwright.sync_api import sync_playwright

from gridpress.config.params import load_params
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.records.runs import SvmRecord, TrainRecord
from gridpress.study.records.store import load
from pdf import text as pdf_text

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_makes_no_request_logs_nothing_and_never_scrolls_sideways(finished, browser, width, scheme):
    html = finished[0].project.rendered[0].as_uri()
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requested, logged = [], []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: logged.append(message.text))
    page.on("pageerror", lambda error: logged.append(str(error)))
    page.goto(html)
    page.wait_for_timeout(300)
    assert [url for url in requested if not url.startswith(("data:", html))] == []
    assert logged == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    broken = page.evaluate("[...document.images].filter(image => image.naturalWidth === 0).length")
    assert broken == 0
    page.close()


@needs_chromium
def test_every_reference_leads_to_something_on_the_page(finished, browser):
    page = browser.new_page()
    page.goto(finished[0].project.rendered[0].as_uri())
    missing = page.evaluate(
        """[...document.querySelectorAll('a[href^="#"]')].map(link => link.getAttribute('href').slice(1))
           .filter(name => name && !document.getElementById(name))"""
    )
    assert missing == []
    page.close()


def tables(finished) -> dict[str, pd.DataFrame]:
    """The tables of the HTML page by name."""
    html = finished[0].project.rendered[0].read_text(encoding="utf-8")
    found = {}
    for piece in html.split('id="tbl-')[1:]:
        name = piece.split('"', 1)[0]
        table = piece[piece.index("<table") : piece.index("</table>") + len("</table>")]
        found[name] = pd.read_html(io.StringIO(table), flavor="lxml")[0]
    return found


def percent(cell) -> float:
    return float(str(cell).replace("◆", ""))


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])
def test_every_cell_of_a_grid_table_is_the_accuracy_in_its_record(finished, dataset):
    project = finished[0].project
    table = tables(finished)[f"grid-{dataset.replace('_', '-')}"]
    values = {
        (int(row.iloc[0]), row.iloc[1].lower(), float(row.iloc[2]), model, period): percent(cell)
        for _, row in table.iterrows()
        for (model, period), cell in row.iloc[3:].items()
    }
    expected = {
        (run.batch_size, run.optimizer, run.learning_rate, "ResNet-18", period): round(100 * accuracy, 2)
        for key, run in train_runs(load_params(project.params)).items()
        if run.dataset == dataset
        for period, accuracy in accuracies(project, key)
    }
    assert values == expected


def accuracies(project, key):
    for milestone in load(TrainRecord, project.record("train", key)).milestones:
        yield f"{milestone.epoch} epoch{'s' if milestone.epoch > 1 else ''}", milestone.test.accuracy


@pytest.mark.parametrize("dataset", ["mnist", "fashion_mnist"])
def test_every_row_of_an_svm_table_is_its_record(finished, dataset):
    project = finished[0].project
    table = tables(finished)[f"svm-{dataset.replace('_', '-')}"]
    rows = [row for _, row in table.iterrows()]
    runs = [key for key, run in svm_runs(load_params(project.params)).items() if run.dataset == dataset]
    assert len(rows) == len(runs)
    for row, key in zip(rows, runs, strict=True):
        record = load(SvmRecord, project.record("svm", key))
        found = [percent(row[f"{split} (%)"]) for split in ("Train", "Validation", "Test")]
        assert found == [
            round(100 * accuracy, 2)
            for accuracy in (record.train_accuracy, record.validation.accuracy, record.test.accuracy)
        ]
        assert int(str(row["Support vectors"]).replace("\u202f", "")) == sum(record.support_vectors)


def test_the_pdf_says_what_the_records_say(finished):
    clone, _ = finished
    project = clone.project
    text = pdf_text(project.rendered[1])
    for key in svm_runs(load_params(project.params)):
        accuracy = load(SvmRecord, project.record("svm", key)).test.accuracy
        assert f"{100 * accuracy:.2f}" in text
    assert "Rendered with Gridpress" in text or "Rendered with Quarto" in text

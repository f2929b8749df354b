"""The hardware part as a whole: what is there, with and without records, absent devices and heavy load."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout

from gridpress.report.data.study import Study
from gridpress.report.document import Document
from gridpress.report.presentation import style
from report.builder import ROOT, save
from report.made_up.hardware import hardware_record
from report.made_up.reading import MACHINE, ONE, items, prose


def test_every_item_of_a_machine_is_there(study):
    found = items(study)
    figures = ("dashboard", "speedup", "roofline", "time-flops", "agreement", "growth")
    tables = ("targets", "hardware", "saved", "roofline", "agreement", "growth")
    assert {f"fig-{name}-{MACHINE}" for name in figures} <= set(found)
    assert {f"tbl-{name}-{MACHINE}" for name in tables} <= set(found)
    shared = {"tbl-networks", "fig-return", "tbl-return", "tbl-hardware-svm", "tbl-published-hardware"}
    assert shared <= set(found)
    assert f"tbl-accelerator-{MACHINE}" not in found
    assert "tbl-machines-beside" not in found


def test_all_items_can_be_written_with_an_accelerator(with_gpu, tmp_path):
    style.apply()
    for item in items(with_gpu).values():
        assert item.caption in item.markdown(tmp_path)
    assert (tmp_path / "figures" / f"dashboard-{MACHINE}.svg").is_file()


def test_heavy_load_is_said_wherever_times_are(mutable):
    quiet = Study.load(mutable)
    assert "Other processes" not in prose(quiet)
    assert not any("Other processes" in item.caption for item in items(quiet).values())
    save(hardware_record(quiet.params, MACHINE, heavy=True), mutable.record("hardware", MACHINE))
    busy = Study.load(mutable)
    assert "Other processes took up to 40.00 % of all cores" in prose(busy)
    timed = ("hardware", "saved", "speedup", "dashboard", "roofline", "growth", "time-flops", "targets")
    for reference, item in items(busy).items():
        if reference.split("-", 1)[1] in {f"{name}-{MACHINE}" for name in timed}:
            assert "Other processes" in item.caption, reference


def test_one_target_has_nothing_to_compare(build):
    study = build(hardware={"measure": {"targets": {"cpu-1-thread": ONE}}})
    found = items(study)
    assert f"fig-speedup-{MACHINE}" not in found
    assert f"tbl-saved-{MACHINE}" not in found
    assert f"fig-dashboard-{MACHINE}" in found
    assert "one target, so nothing to compare" in prose(study)
    assert "Nothing was measured" not in printed(study, "hardware-speedup")


def test_several_batch_sizes_have_a_column_and_figures_of_their_own(build):
    found = items(build(hardware={"measure": {"batch_sizes": [16, 32]}}))
    assert {f"fig-speedup-{MACHINE}-16", f"fig-speedup-{MACHINE}-32"} <= set(found)
    for name in ("hardware", "saved", "roofline"):
        titles = {header.text for header in found[f"tbl-{name}-{MACHINE}"].head[0]}
        assert "Batch" in titles, name


def test_without_a_record_only_what_needs_none_is_there(unmeasured):
    wanted = {"fig-return", "tbl-return", "tbl-networks", "tbl-published-hardware"}
    assert set(items(unmeasured)) == wanted
    assert "No hardware record is there" in prose(unmeasured)


def test_without_a_record_the_speedups_say_so_once(unmeasured):
    assert printed(unmeasured, "hardware-speedup").count("Nothing was measured") == 1


def printed(study: Study, template: str) -> str:
    """What the cell of the document prints that says a template."""
    text = (ROOT / "report" / "report.qmd").read_text(encoding="utf-8")
    (cell,) = [
        cell for cell in re.findall(r"```{python}\n(.*?)```", text, re.DOTALL) if f'say("{template}")' in cell
    ]
    with redirect_stdout(io.StringIO()) as output:
        exec(cell, {"report": Document(study)})  # noqa: S102
    return output.getvalue()

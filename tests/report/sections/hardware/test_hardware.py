"""The hardware part with absent devices, an accelerator, one target, two machines and heavy load."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stdout

import matplotlib.pyplot as plt
import pytest

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.config.params import load_params
from gridpress.report.data.study import Study
from gridpress.report.document import Document
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections import hardware
from gridpress.report.sections.hardware import workloads
from gridpress.study.project import Project
from report.builder import ROOT, hardware_record, parameters, save, write_study

ONE = {"device": "cpu", "precision": "fp32", "threads": 1, "memory_format": "contiguous"}
MACHINE = "epyc-2core"
Change = Callable[[dict], None]


def items(study: Study) -> dict[str, Item]:
    found = [item for make in hardware.SECTIONS.values() for item in make(study)]
    assert len({item.reference for item in found}) == len(found)
    return {item.reference: item for item in found}


def prose(study: Study) -> str:
    sections = {name: list(make(study)) for name, make in hardware.SECTIONS.items()}
    names = ("", "-speedup", "-roofline", "-flops", "-return", "-agreement", "-growth", "-elsewhere")
    values = {"study": study, "hardware": hardware.facts(study)}
    return "\n".join(paragraphs(f"hardware{name}", sections, **values) for name in names)


def changed(project: Project, change: Change) -> Study:
    """The study after a change of its machine's record."""
    path = project.record("hardware", MACHINE)
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    save(HardwareRecord.model_validate(content), path)
    return Study.load(project)


@pytest.fixture
def mutable(tmp_path) -> Project:
    return write_study(tmp_path / "study", parameters())


@pytest.fixture
def with_gpu(mutable) -> Study:
    save(
        hardware_record(load_params(mutable.params), MACHINE, ("cpu", "cuda")),
        mutable.record("hardware", MACHINE),
    )
    return Study.load(mutable)


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


def test_table_shows_the_record_and_names_absent_targets(study):
    table = items(study)[f"tbl-hardware-{MACHINE}"]
    record = study.hardware[MACHINE]
    steps = [row[-6].text for row in table.body if len(row) > 2]
    assert sorted(steps) == sorted(workloads.milliseconds(case.seconds.median.value) for case in record.cases)
    absent = [row[-1].text for row in table.body if len(row) == 2]
    assert absent == [f"Not measured: {target.absent}" for target in record.targets if target.absent]


def test_table_says_how_often_and_after_what_cases_were_timed(study):
    said = "9 timed blocks of 1 step, each after 1 step untimed; all cases interleaved in random order, after 2 steps"
    assert said in items(study)[f"tbl-hardware-{MACHINE}"].caption


def test_accuracy_stands_only_where_networks_were_trained_so(study):
    data = items(study)[f"tbl-hardware-{MACHINE}"].data.dropna(subset=["work"])
    known = data["accuracy_mnist"].notna()
    assert known.equals(
        (data["work"] != workloads.INFERENCE)
        & (data["target"] == "cpu-1-thread")
        & (data["model"] != "resnet34")
    )


def test_time_saved_is_the_share_that_the_speedup_leaves_out(study):
    data = items(study)[f"tbl-saved-{MACHINE}"].data
    assert (data["fastest"] == "cpu-all-threads").all()
    assert data["saved_value"].to_numpy() == pytest.approx(1 - 1 / 1.8)
    assert data["saved_low"].to_numpy() == pytest.approx(1 - 1 / (0.95 * 1.8))


def test_speedup_figure_gives_no_verdict_where_the_interval_contains_one(study):
    figure = items(study)[f"fig-speedup-{MACHINE}"]
    assert "Largest: 1.80 times" in figure.alt
    assert "Smallest: 0.70 times" in figure.alt
    assert "cuda-amp" in figure.caption
    open_ones = figure.data[~figure.data["distinguishable"].astype(bool)]
    assert set(open_ones["target"]) == {"cpu-channels-last"}
    assert f"{len(open_ones)} of {len(figure.data)} are not distinguishable" in figure.alt


def test_a_pair_recorded_the_other_way_round_is_inverted(study):
    record = study.hardware[MACHINE]
    item = workloads.works(record)[0]
    there = workloads.speedup(record, item, "cpu-all-threads", "cpu-1-thread")
    back = workloads.speedup(record, item, "cpu-1-thread", "cpu-all-threads")
    assert (back.value, back.low, back.high) == (1 / there.value, 1 / there.high, 1 / there.low)


def test_accelerator_is_held_against_the_best_cpu_target(with_gpu):
    found = items(with_gpu)
    data = found[f"tbl-accelerator-{MACHINE}"].data
    assert set(data["cpu"]) == {"cpu-all-threads"}
    assert data.loc[data["target"] == "cuda-fp32", "value"].to_numpy() == pytest.approx(20 / 1.8)
    figure = found[f"fig-speedup-{MACHINE}"]
    assert set(figure.data.loc[figure.data["target"] == "cuda-amp", "baseline"]) == {"cpu-all-threads"}
    assert "over the best CPU target (`cpu-all-threads`)" in figure.caption
    assert "An accelerator is held against the CPU target" in prose(with_gpu)
    published = found["tbl-published-hardware"]
    assert "20.00 (19.00 to 21.00)" in {row[-1].text for row in published.body}


def test_published_figures_are_marked_and_stand_beside_what_is_absent(study):
    table = items(study)["tbl-published-hardware"]
    assert table.caption.startswith("**Published, not measured here:**")
    assert "no CUDA device" in table.caption
    assert {row[-1].text for row in table.body} == {"not measured"}
    assert table.data["ratio"].max() == pytest.approx(10360.177 / 275.0)


def test_sentence_on_time_saved_turns_around(mutable):
    assert "fastest on `cpu-all-threads`, which saves 44 %" in prose(Study.load(mutable))

    def widen(record):
        for entry in record["comparisons"]:
            if entry["target"] == "cpu-all-threads":
                entry["speedup"]["low"] = 0.9

    assert "on no target distinguishably faster" in prose(changed(mutable, widen))


def test_sentence_on_agreement_turns_around(mutable):
    text = prose(Study.load(mutable))
    assert "`cpu-bf16` they part further, by 0.05" in text

    def calm(record):
        record["agreement"]["rounding"]["largest_difference"] = 0.06

    text = prose(changed(mutable, calm))
    assert "part further" not in text
    assert "`cpu-bf16`, `cpu-channels-last` stay as near to the reference" in text


def test_each_target_has_its_panels_of_losses(with_gpu):
    figure = items(with_gpu)[f"fig-agreement-{MACHINE}"]
    drawn = figure.draw()
    agreement = with_gpu.hardware[MACHINE].agreement
    titles = {
        axes: axes.get_title(loc="left") or axes.get_title() for axes in drawn.axes
    }  # as the style has it
    panels = {title: axes for axes, title in titles.items() if title}
    assert list(panels) == [curve.target for curve in agreement.curves]
    for curve in agreement.curves:
        reference, target = (list(line.get_ydata()) for line in panels[curve.target].lines)
        assert (reference, target) == (agreement.reference, curve.losses)
    assert len({axes.get_ylim() for axes in panels.values()}) == 1
    (legend,) = drawn.legends
    looks = [(line.get_linestyle(), line.get_linewidth()) for line in legend.get_lines()]
    assert len(set(looks)) == len(looks) > 1
    plt.close(drawn)


def test_svm_verdict_turns_around(mutable):
    def verdicts(study):
        return [row[-1].text for row in items(study)["tbl-hardware-svm"].body]

    assert verdicts(Study.load(mutable)) == ["not distinguishable"] * 2

    def faster(record):
        record["svm"]["fit_speedup"] = {"value": 2.0, "low": 1.5, "high": 2.5}
        record["svm"]["predict_speedup"] = {"value": 0.5, "low": 0.4, "high": 0.6}

    study = changed(mutable, faster)
    assert verdicts(study) == ["the study's", "scikit-learn's own"]
    text = prose(study)
    assert "To fit an SVM, the study's way is the faster; to predict, scikit-learn's own way." in text


def test_growth_is_judged_by_its_interval(mutable):
    text = prose(Study.load(mutable))
    assert "an SVM fit at 784 pixels grows with the power 1.80 (1.70 to 1.90) of the number of images" in text
    assert (
        "an SVM fit of 2\u202f000 images grows with the power 0.50 (0.40 to 0.60) of the number of pixels"
        in text
    )
    assert "1.02 (0.95 to 1.10) of the number of pixels, in proportion, as far" in text

    def slower(record):
        record["growth"][0]["exponent"] = {"value": 0.8, "low": 0.7, "high": 0.9}

    assert "0.80 (0.70 to 0.90) of the number of images, slower than in proportion" in prose(
        changed(mutable, slower)
    )


def test_what_bounds_the_cases_is_counted(mutable):
    def other(record):
        for case in record["cases"][:2]:
            case["roofline"]["bound_by"] = "overhead"

    study = changed(mutable, other)
    cases = len(study.hardware[MACHINE].cases)
    assert (
        f"arithmetic is the tightest of the measured limits for {cases - 2} of the {cases} cases, operations for 2"
        in prose(study)
    )


def test_heavy_load_is_said_wherever_times_are(mutable):
    quiet = Study.load(mutable)
    assert "Other processes" not in prose(quiet)
    assert not any("Other processes" in item.caption for item in items(quiet).values())
    record = hardware_record(quiet.params, MACHINE, heavy=True)
    save(record, mutable.record("hardware", MACHINE))
    busy = Study.load(mutable)
    assert "Other processes took up to 40.00 % of all cores" in prose(busy)
    timed = ("hardware", "saved", "speedup", "dashboard", "roofline", "growth", "time-flops", "targets")
    for reference, item in items(busy).items():
        if reference.split("-", 1)[1] in {f"{name}-{MACHINE}" for name in timed}:
            assert "Other processes" in item.caption, reference


def test_two_machines_stand_beside_each_other(tmp_path):
    project = write_study(tmp_path, parameters(hardware={"machines": [MACHINE, "slow"]}))
    save(hardware_record(load_params(project.params), "slow", factor=2.0), project.record("hardware", "slow"))
    study = Study.load(project)
    data = items(study)["tbl-machines-beside"].data
    slow = data[data["machine"] == "slow"]
    assert slow["ratio"].to_numpy() == pytest.approx(0.5, rel=0.05)
    assert (slow["ratio_low"] < slow["ratio"]).all()
    assert "Fastest: epyc-2core for 9 of 9" in items(study)["fig-machines"].alt
    assert "put the machines beside each other" in prose(study)


def test_machines_that_measured_other_sizes_are_not_compared(tmp_path):
    project = write_study(tmp_path, parameters(hardware={"machines": [MACHINE, "small"]}))
    params = load_params(project.params)
    record = hardware_record(params, "small")
    settings = record.settings.model_copy(update={"image_size": 28})
    save(record.model_copy(update={"settings": settings}), project.record("hardware", "small"))
    study = Study.load(project)
    assert "tbl-machines-beside" not in items(study)
    assert "not put beside each other" in prose(study)


def test_one_target_has_nothing_to_compare(build):
    study = build(hardware={"measure": {"targets": {"cpu-1-thread": ONE}}})
    found = items(study)
    assert f"fig-speedup-{MACHINE}" not in found
    assert f"tbl-saved-{MACHINE}" not in found
    assert f"fig-dashboard-{MACHINE}" in found
    assert "one target, so nothing to compare" in prose(study)
    assert "Nothing was measured" not in printed(study, "hardware-speedup")


def printed(study: Study, template: str) -> str:
    """What the cell of the document prints that says a template."""
    text = (ROOT / "report" / "report.qmd").read_text(encoding="utf-8")
    (cell,) = [
        cell for cell in re.findall(r"```{python}\n(.*?)```", text, re.DOTALL) if f'say("{template}")' in cell
    ]
    with redirect_stdout(io.StringIO()) as output:
        exec(cell, {"report": Document(study)})  # noqa: S102
    return output.getvalue()


def test_without_a_record_the_speedups_say_so_once(tmp_path):
    project = write_study(tmp_path, parameters())
    project.record("hardware", MACHINE).unlink()
    assert printed(Study.load(project), "hardware-speedup").count("Nothing was measured") == 1


def test_growth_is_shown_against_images_and_against_pixels(study):
    found = items(study)
    table, figure = (found[f"{kind}-growth-{MACHINE}"] for kind in ("tbl", "fig"))
    rows = [[cell.text for cell in row[:4]] for row in table.body]
    assert ["SVM fit", "images", "500, 1\u202f000, 2\u202f000", "784 pixels"] in rows
    assert ["SVM fit", "pixels of an image", "49, 196, 784", "2\u202f000 images"] in rows
    assert set(zip(figure.data["work"], figure.data["axis"], strict=True)) == {
        ("svm fit", "samples"),
        ("svm fit", "pixels"),
        ("training step", "pixels"),
    }


def test_svm_table_says_where_the_study_computes_on_demand(mutable):
    assert "computed beforehand (its time included)" in items(Study.load(mutable))["tbl-hardware-svm"].caption

    def large(record):
        record["svm"]["kernel_values"] = "on demand"

    assert "which is the same here" in items(changed(mutable, large))["tbl-hardware-svm"].caption


def test_flops_that_are_counted_but_not_executed_are_explained(study, build):
    said = "training without weight decay leaves them out"
    assert said in items(study)["fig-return"].caption
    assert said not in items(build(train={"image_size": 64}))["fig-return"].caption


def test_tf32_is_said_where_convolutions_may_use_it(study, with_gpu, mutable):
    def caption(found):
        return items(found)[f"tbl-targets-{MACHINE}"].caption

    assert "TF32" not in caption(study)
    assert "TF32" in caption(with_gpu)

    def exact(record):
        record["tf32"] = False

    assert "TF32" not in caption(changed(mutable, exact))


def test_several_batch_sizes_have_a_column_and_figures_of_their_own(build):
    study = build(hardware={"measure": {"batch_sizes": [16, 32]}})
    found = items(study)
    assert {f"fig-speedup-{MACHINE}-16", f"fig-speedup-{MACHINE}-32"} <= set(found)
    assert "Batch" in {header.text for header in found[f"tbl-hardware-{MACHINE}"].head[0]}


def test_without_a_record_only_what_needs_none_is_there(tmp_path):
    project = write_study(tmp_path, parameters())
    project.record("hardware", MACHINE).unlink()
    study = Study.load(project)
    assert set(items(study)) == {"fig-return", "tbl-return", "tbl-networks", "tbl-published-hardware"}
    assert "No hardware record is there" in prose(study)


def test_return_counts_the_gain_over_chance(study):
    data = items(study)["tbl-return"].data
    row = data.iloc[0]
    assert row["per_second"] == pytest.approx(100 * (row["accuracy"] - 0.1) / row["seconds"])
    assert row["per_teraflop"] == pytest.approx(100 * (row["accuracy"] - 0.1) / (row["flops"] / 1e12))
    assert row["per_second_low"] < row["per_second"] < row["per_second_high"]


def test_figures_can_be_drawn_with_an_accelerator(with_gpu, tmp_path):
    for item in items(with_gpu).values():
        item.markdown(tmp_path)
    assert (tmp_path / "figures" / f"dashboard-{MACHINE}.svg").is_file()

from __future__ import annotations

from gridpress.report.analysis import workloads
from gridpress.report.sections.hardware.wording import milliseconds
from report.made_up.reading import MACHINE, items


def test_table_shows_the_record_and_names_absent_targets(study):
    table = items(study)[f"tbl-hardware-{MACHINE}"]
    record = study.hardware[MACHINE]
    steps = [row[-6].text for row in table.body if len(row) > 2]
    assert sorted(steps) == sorted(milliseconds(case.seconds.median.value) for case in record.cases)
    absent = [row[-1].text for row in table.body if len(row) == 2]
    assert absent == [f"Not measured: {target.absent}" for target in record.targets if target.absent]


def test_table_says_how_often_and_after_what_cases_were_timed(study):
    said = (
        "9 timed blocks of 1 step, each after 1 step untimed; all cases interleaved in random order, "
        "after 2 steps"
    )
    assert said in items(study)[f"tbl-hardware-{MACHINE}"].caption


def test_accuracy_stands_only_where_networks_were_trained_so(study):
    data = items(study)[f"tbl-hardware-{MACHINE}"].data
    known = data["accuracy_mnist"].notna()
    assert known.any()
    assert known.equals(
        (data["work"] != workloads.INFERENCE)
        & (data["target"] == "cpu-1-thread")
        & (data["model"] != "resnet34")
    )


def test_memory_of_a_device_has_a_column_only_where_it_was_measured(study):
    titles = [header.text for header in items(study)[f"tbl-hardware-{MACHINE}"].head[0]]
    assert "Memory (MiB)" in titles
    assert "Device (MiB)" not in titles

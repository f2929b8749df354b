from __future__ import annotations

from report.made_up.reading import MACHINE, changed, items, prose


def test_what_bounds_the_cases_is_counted(mutable):
    def other(record):
        for case in record["cases"][:2]:
            case["roofline"]["bound_by"] = "overhead"

    study = changed(mutable, other)
    cases = len(study.hardware[MACHINE].cases)
    assert f"{cases - 2} of {cases} cases are compute-bound, 2 overhead-bound;" in prose(study)
    assert f"compute-bound {cases - 2}, overhead-bound 2" in items(study)[f"fig-roofline-{MACHINE}"].alt


def test_table_has_a_row_per_target_and_network_and_columns_per_kind_of_work(study):
    table = items(study)[f"tbl-roofline-{MACHINE}"]
    record = study.hardware[MACHINE]
    assert len(table.body) == len({(case.target, case.model) for case in record.cases})
    groups = [header.text for header in table.head[0]]
    assert groups == ["Target", "Network", "SGD", "Adam", "Inference"]
    assert [cell.text for cell in table.body[0][-3:]] == ["40.0", "50", "compute"]

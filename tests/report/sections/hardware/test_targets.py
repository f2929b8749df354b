from __future__ import annotations

from report.made_up.reading import MACHINE, changed, items


def caption(study):
    return items(study)[f"tbl-targets-{MACHINE}"].caption


def test_limits_are_in_their_units_and_missing_where_a_target_is(study):
    rows = {
        row[0].text: [cell.text for cell in row[5:]] for row in items(study)[f"tbl-targets-{MACHINE}"].body
    }
    assert rows["cpu-1-thread"] == ["100.0", "80.0", "20.0", "1.0"]
    assert rows["cuda-amp"] == ["–"] * 4
    assert f"not measured; @tbl-hardware-{MACHINE} says why" in caption(study)


def test_tf32_is_said_where_convolutions_may_use_it(study, with_gpu, mutable):
    assert "TF32" not in caption(study)
    assert "TF32" in caption(with_gpu)

    def exact(record):
        record["tf32"] = False

    assert "TF32" not in caption(changed(mutable, exact))

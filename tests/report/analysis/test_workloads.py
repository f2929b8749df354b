from __future__ import annotations

from gridpress.report.analysis import workloads
from report.made_up.reading import MACHINE


def test_a_pair_recorded_the_other_way_round_is_inverted(study):
    record = study.hardware[MACHINE]
    workload = workloads.workloads(record)[0]
    there = workloads.speedup(record, workload, "cpu-all-threads", "cpu-1-thread")
    back = workloads.speedup(record, workload, "cpu-1-thread", "cpu-all-threads")
    assert (back.value, back.low, back.high) == (1 / there.value, 1 / there.high, 1 / there.low)


def test_targets_that_were_not_compared_have_no_speedup(study):
    record = study.hardware[MACHINE]
    assert workloads.speedup(record, workloads.workloads(record)[0], "cuda-amp", "cpu-1-thread") is None


def test_targets_are_measured_or_absent_with_a_reason(study):
    record = study.hardware[MACHINE]
    assert [*workloads.measured(record), *workloads.absent(record)] == [t.name for t in record.targets]
    assert all("no CUDA device" in reason for reason in workloads.absent(record).values())


def test_the_first_target_stands_in_where_the_reference_was_not_measured(study):
    record = study.hardware[MACHINE]
    assert workloads.reference(record) == "cpu-1-thread"
    others = [target for target in record.targets if target.name != "cpu-1-thread"]
    assert workloads.reference(record.model_copy(update={"targets": others})) == "cpu-all-threads"

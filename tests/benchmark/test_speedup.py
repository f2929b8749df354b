from __future__ import annotations

import pytest

from gridpress.benchmark.blocks import block_timing
from gridpress.benchmark.records.cases import CaseRecord, Roofline
from gridpress.benchmark.speedup import comparisons, cpu_baselines

STEADY = [1.0, 1.01, 0.99, 1.02, 0.98]
NOISY = [0.5, 1.6, 0.9, 1.1, 1.0]


def case(
    target: str, blocks: list[float], optimizer: str | None = "sgd", model: str = "resnet18"
) -> CaseRecord:
    limit = Roofline(
        intensity=1, flops_per_second=1, attainable_flops_per_second=1, share=1, bound_by="compute"
    )
    return CaseRecord(
        model=model,
        phase="training" if optimizer else "inference",
        optimizer=optimizer,
        batch_size=16,
        image_size=28,
        target=target,
        seconds=block_timing(blocks),
        images_per_second=16,
        process_peak_bytes=1,
        device_peak_bytes=None,
        flops_fvcore=1,
        flops_torch=1,
        bytes_moved=1,
        operations=1,
        roofline=limit,
    )


def test_speedup_is_the_ratio_of_medians():
    (found,) = comparisons([case("slow", [2 * value for value in STEADY]), case("fast", STEADY)])
    assert (found.baseline, found.target) == ("slow", "fast")
    assert found.speedup.value == pytest.approx(2)
    assert found.distinguishable


def test_no_verdict_where_the_interval_contains_one():
    (found,) = comparisons([case("a", STEADY), case("b", NOISY)])
    assert found.speedup.low < 1 < found.speedup.high
    assert not found.distinguishable


def test_only_the_same_work_is_compared():
    cases = [case(target, STEADY, work) for work in ("sgd", "adam", None) for target in ("a", "b", "c")]
    found = comparisons(cases)
    assert len(found) == 3 * 3
    assert {(each.baseline, each.target) for each in found} == {("a", "b"), ("a", "c"), ("b", "c")}


def test_baseline_is_the_fastest_cpu_target_of_each_work():
    cases = [
        case("cpu-slow", [3 * value for value in STEADY]),
        case("cpu-best", [2 * value for value in STEADY]),
        case("gpu", STEADY),
        case("cpu-slow", STEADY, None),
        case("cpu-best", [4 * value for value in STEADY], None),
    ]
    training, inference = cpu_baselines(cases, {"cpu-slow", "cpu-best"})
    assert (training.phase, training.target) == ("training", "cpu-best")
    assert (inference.phase, inference.target) == ("inference", "cpu-slow")


def test_no_cpu_target_no_baseline():
    assert cpu_baselines([case("gpu", STEADY)], set()) == []


def test_an_epoch_ends_with_the_last_images():
    assert case("a", STEADY).epoch_seconds(33) == pytest.approx(3 * 1.0)

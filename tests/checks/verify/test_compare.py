from __future__ import annotations

import pytest

from checks.verify.conftest import edit
from gridpress.checks.verify.committed import Committed
from gridpress.checks.verify.compare import compare, differences_between
from gridpress.families.registry import family_of
from gridpress.study.records.store import dumps
from gridpress.system.gpus import Gpu


@pytest.fixture
def there(here):
    """Another machine."""
    return here.model_copy(update={"processor": "An Old Processor"})


def committed(record, machine):
    return Committed(family_of(record), record, record, dumps(record).encode(), machine)


def test_the_same_bytes_on_the_same_machine_are_confirmed(network, svm, here):
    for record in (network, svm):
        result = compare(committed(record, here), record, [], here)
        [row] = result.rows
        assert result.confirmed
        assert (row.expected, row.verdict, row.committed, row.again) == ("same bytes", "same bytes", 0.9, 0.9)
        assert result.remarks == []


def test_the_smallest_difference_on_the_same_machine_is_found_and_named(network, here):
    again = edit(network, "history", 0, "loss", to=network.history[0].loss + 1e-15)
    result = compare(committed(network, here), again, [], here)
    assert not result.confirmed
    assert [row.verdict for row in result.rows] == ["differs"]
    assert result.remarks == [f"train@{network.key}: history.0.loss is 1.0, computed again 1.000000000000001"]


def test_other_spacing_is_found_too(network, here):
    record = committed(network, here)
    spaced = Committed(family_of(network), network, network, record.content + b"\n", here)
    result = compare(spaced, network, [], here)
    assert not result.confirmed
    assert result.remarks == [f"train@{network.key}: the same values, written otherwise"]


def test_many_differences_are_counted(network, here):
    again = network.model_copy(
        update={"history": [epoch.model_copy(update={"loss": 5.0}) for epoch in network.history * 3]}
    )
    many = network.model_copy(update={"history": network.history * 3})
    remarks = compare(committed(many, here), again, [], here).remarks
    assert len(remarks) == 5
    assert remarks[-1].endswith("2 more differences")


def test_on_another_machine_each_accuracy_is_held_against_its_tolerance(network, here, there):
    again = network.model_dump()
    again["milestones"][0]["test"]["accuracy"] = 0.85
    again["milestones"][1]["validation"]["accuracy"] = 0.1
    twins = [
        network.model_copy(update={"key": f"twin-{seed}", "batch_size": 64, "seed": seed}) for seed in (1, 2)
    ]
    result = compare(committed(network, there), type(network).model_validate(again), twins, here)
    verdicts = {row.accuracy: row.verdict for row in result.rows}
    assert verdicts == {
        "validation, epoch 1": "within",
        "test, epoch 1": "within",
        "validation, epoch 2": "outside",
        "test, epoch 2": "within",
    }
    assert not result.confirmed
    assert all(row.expected.startswith("within ±") and "60 images" in row.expected for row in result.rows)
    [remark] = result.remarks
    assert "processor was An Old Processor" in remark


def test_with_one_seed_a_network_of_another_machine_is_not_judged_by_its_test_images_alone(
    network, here, there
):
    again = network.model_dump()
    again["milestones"][1]["validation"]["accuracy"] = 0.1
    result = compare(committed(network, there), type(network).model_validate(again), [network], here)
    assert result.confirmed
    assert [row.verdict for row in result.rows].count("not judged") == 1
    assert any("with one seed nothing says" in remark for remark in result.remarks)


def test_the_same_bytes_on_another_machine_are_confirmed_and_the_tolerance_is_stated(svm, here, there):
    result = compare(committed(svm, there), svm, [], here)
    [row] = result.rows
    assert result.confirmed
    assert row.verdict == "same bytes"
    assert row.expected.startswith("within ±")


def test_a_record_without_a_machine_is_held_against_a_tolerance(svm, here):
    result = compare(committed(svm, None), svm, [], here)
    assert result.remarks == [
        "an interval instead of the same bytes, as no timing record says where it was computed"
    ]


def diverged(network):
    return network.model_copy(update={"diverged_at_epoch": 1, "history": [], "milestones": []})


def test_a_run_that_diverged_has_to_diverge_again(network, here, there):
    assert compare(committed(diverged(network), here), diverged(network), [], here).confirmed
    assert not compare(committed(diverged(network), here), network, [], here).confirmed
    later = diverged(network).model_copy(update={"diverged_at_epoch": 2, "history": network.history[:1]})
    assert not compare(committed(diverged(network), here), later, [], here).confirmed
    assert compare(committed(diverged(network), there), later, [], here).confirmed
    assert not compare(committed(diverged(network), there), network, [], here).confirmed


def test_a_run_that_diverges_only_here_is_outside(network, here, there):
    result = compare(committed(network, there), diverged(network), [], here)
    assert not result.confirmed
    assert {(row.again, row.verdict) for row in result.rows} == {(None, "outside")}


@pytest.mark.parametrize("package", ["torch", "scikit-learn", "numpy", "torchvision"])
def test_another_version_of_what_computes_is_a_difference(here, package):
    older = here.model_copy(update={"versions": here.versions | {package: "0.1"}})
    [difference] = differences_between(older, here, "cpu")
    assert difference.startswith(f"{package} was 0.1, here it is ")


def test_a_build_a_patch_of_python_and_a_busy_day_are_none(here):
    versions = here.versions | {"torch": here.versions["torch"] + "+cu999", "python": "3.11.99"}
    mine = here.model_copy(update={"versions": here.versions | {"python": "3.11.2"}})
    other = here.model_copy(update={"versions": versions, "load_average": [9, 9, 9], "memory_bytes": 1})
    assert differences_between(other, mine, "cpu") == []


def test_graphics_processors_matter_only_to_what_they_computed(here):
    gpu = Gpu(model="Some GPU", memory_bytes=1, driver="1")
    with_gpu = here.model_copy(update={"gpus": [gpu]})
    assert differences_between(with_gpu, here, "cpu") == []
    assert any("Some GPU" in text for text in differences_between(with_gpu, here, "cuda"))


def test_another_device_is_a_difference(network, here):
    record = edit(network, "device", to="mps")
    remarks = compare(committed(record, here), network, [], here).remarks
    assert any("the device was mps, here it is cpu" in remark for remark in remarks)


@pytest.mark.parametrize(
    "name", ["ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "MKL_CBWR"]
)
def test_a_variable_that_changes_the_last_bits_is_named_and_the_bytes_are_not_held_against_it(
    network, here, name
):
    plain = here.model_copy(update={"environment": {}})
    set_ = here.model_copy(update={"environment": {name: "avx2", "OMP_NUM_THREADS": "2"}})
    assert differences_between(plain, set_, "cpu") == [f"{name} was absent, here it is avx2"]
    assert differences_between(set_, set_, "cpu") == []
    again = edit(network, "history", 0, "loss", to=network.history[0].loss + 1e-15)
    result = compare(committed(network, set_), again, [], plain)
    assert result.confirmed
    assert any(f"{name} was avx2, here it is absent" in remark for remark in result.remarks)

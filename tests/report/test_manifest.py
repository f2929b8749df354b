"""One changed value changes exactly what depends on it."""

from __future__ import annotations

import json

import pytest

from gridpress.report.contents import Contents
from gridpress.report.data.study import Study
from gridpress.report.manifest import manifest, write_manifest
from report.builder import parameters, write_study


def items(project) -> dict[str, str]:
    study = Study.load(project)
    return manifest(study, Contents(study))["items"]


@pytest.fixture(scope="module")
def mutable(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("mutable"), parameters())


@pytest.fixture(scope="module")
def before(mutable):
    return items(mutable)


def changed(project, before, path, change) -> set[str]:
    """References whose digest differs while `change` is applied to a record."""
    original = path.read_text(encoding="utf-8")
    content = json.loads(original)
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        after = items(project)
    finally:
        path.write_text(original, encoding="utf-8")
    assert set(after) == set(before)
    return {name for name in before if before[name] != after[name]} - {"tbl-provenance"}


def test_the_same_study_has_the_same_manifest(mutable, before):
    assert items(mutable) == before


def test_fit_time_of_an_svm(mutable, before):
    path = mutable.timing("svm", "fashion_mnist-rbf-C1-gauto")
    found = changed(mutable, before, path, lambda record: record.update(fit_seconds=1.6))
    assert found == {"tbl-svm-fashion-mnist", "fig-svm-time", "fig-time", "tbl-claims"}


def test_test_accuracy_of_a_run_that_was_not_chosen(mutable, before):
    path = mutable.record("train", "mnist-resnet50-32-sgd-0.0001-fp32-device-default-0")

    def change(record):
        record["milestones"][0]["test"]["accuracy"] -= 0.001

    found = changed(mutable, before, path, change)
    assert found == {"tbl-grid-mnist", "fig-grid", "fig-time", "tbl-effects", "fig-effects"} | {
        name for name in found if name in {"tbl-claims", "tbl-published", "fig-published"}
    }
    assert not any("fashion" in name or "svm" in name or "curves" in name for name in found)


def test_training_accuracy_of_one_epoch(mutable, before):
    path = mutable.record("train", "mnist-resnet18-32-sgd-0.001-fp32-device-default-0")

    def change(record):
        record["history"][0]["train_accuracy"] -= 0.001

    assert changed(mutable, before, path, change) == {"fig-curves-mnist", "fig-overfitting"}


def test_pixels_of_a_misclassified_image(mutable, before):
    def change(record):
        record["datasets"]["mnist"][0]["pixels"] = record["datasets"]["mnist"][1]["pixels"]

    assert changed(mutable, before, mutable.images, change) == {"fig-misses-mnist"}


def test_validation_accuracy_of_an_svm_that_is_not_chosen(mutable, before):
    path = mutable.record("svm", "mnist-poly3-C1-gauto")
    found = changed(mutable, before, path, lambda record: record["validation"].update(accuracy=0.5))
    assert found == {"tbl-svm-mnist", "fig-svm-trend-c", "fig-svm-trend-degree", "fig-svm-trend-gamma"}


def test_speedup_of_a_target(mutable, before):
    path = mutable.record("hardware", "epyc-2core")

    def change(record):
        entry = next(
            c for c in record["comparisons"] if c["model"] == "resnet34" and c["phase"] == "inference"
        )
        entry["speedup"]["value"] += 0.001

    assert changed(mutable, before, path, change) == {"tbl-saved-epyc-2core", "fig-speedup-epyc-2core"}


def test_record_digest_and_missing_records_are_in_the_manifest(mutable, tmp_path):
    study = Study.load(mutable)
    content = manifest(study, {})
    write_manifest(tmp_path / "manifest.json", content)
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8")) == content
    path = mutable.record("svm", "mnist-rbf-C1-gscale")
    original = path.read_text(encoding="utf-8")
    path.unlink()
    try:
        without = manifest(Study.load(mutable), {})
    finally:
        path.write_text(original, encoding="utf-8")
    assert without["missing"] == ["metrics/svm/mnist-rbf-C1-gscale.json"]
    assert without["records"] != content["records"]

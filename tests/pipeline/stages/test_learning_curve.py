"""Learning curves under the real DVC: computed after the choice, and again only where it changes."""

from __future__ import annotations

import json

import pytest

from gridpress.config.params import load_params
from gridpress.learning_curves.curves import CLASSICAL_CURVES, CURVES, NETWORK_CURVES
from gridpress.pipeline.dvc.status import stale
from gridpress.pipeline.stages import learning_curve
from gridpress.progress import silent
from gridpress.stages import runs_by_name
from gridpress.study.grid import kind_of
from gridpress.study.records.store import dumps, load
from pipeline.conftest import copy, edit, entries, records

SMALL, GRID = "0.0008", str(60 / 49000)  # fractions: 39 images, and as many as the grid has
KINDS = {curve.stage for curve in CURVES}
RBF = "svm@mnist-rbf-C9-gscale"


@pytest.fixture(scope="session")
def by_dvc(curved, tmp_path_factory):
    """Computed by `dvc repro`. Never change it."""
    clone = copy(curved, tmp_path_factory.mktemp("by_dvc") / "study")
    clone.call("dvc", "repro")
    clone.commit()
    return clone


@pytest.fixture
def study(by_dvc, tmp_path):
    """A copy, to change as a test likes."""
    return copy(by_dvc, tmp_path / "study")


def curves(names) -> set[str]:
    """Of some stages those of learning curves."""
    return {name for name in names if kind_of(name) in KINDS}


def wanted(clone) -> set[str]:
    return curves(runs_by_name(load_params(clone.project.params)))


@pytest.mark.extended
def test_gridpress_repro_gives_the_bytes_and_the_lock_entries_of_dvc_repro(curved, by_dvc, tmp_path):
    clone = copy(curved, tmp_path / "study")
    said = clone.call("gridpress", "repro", "--jobs", "2")
    assert curves(clone.ran(said)) == wanted(clone)
    assert len(wanted(clone)) == 4
    assert records(clone) == records(by_dvc)
    assert entries(clone) == entries(by_dvc)
    assert clone.call("gridpress", "repro").startswith("Everything is up to date.")
    assert "up to date" in clone.call("dvc", "status")
    assert clone.ran(clone.call("dvc", "repro")) == set()


@pytest.mark.extended
def test_another_grid_with_the_same_choice_runs_no_point_again(study, by_dvc):
    edit(study.project.params, lambda params: params["svm"]["configs"]["rbf-C9-gscale"].update(C=1e-8))
    assert study.ran(study.call("gridpress", "repro")) == {RBF, "summarize"}
    before = {name: text for name, text in records(by_dvc).items() if name.startswith("learning_curve/")}
    assert {name: text for name, text in records(study).items() if name in before} == before
    assert stale(study.project) == {}


@pytest.mark.extended
def test_code_that_changed_is_asked_of_once_for_grid_and_points(study):
    path = study.root / "src" / "gridpress" / "classical" / "svc.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    said = study.call("gridpress", "repro", code=2)
    fits = len(load_params(study.project.params).svm.configs)
    assert f"{fits + 2} runs have a result of the same parameters and would be computed again" in said
    assert study.ran(said) == set()
    ran = study.ran(study.call("gridpress", "repro", "--yes"))
    assert len(ran) == fits + 2  # same bytes: nothing after them


@pytest.mark.extended
def test_another_network_in_the_grid_computes_no_point_of_others_again(study):
    edit(study.project.params, lambda params: params["train"]["grid"]["model"].append("mlp"))
    ran = study.ran(study.call("gridpress", "repro"))
    assert curves(ran) == {f"learning_curve@mnist-mlp-{fraction}-0" for fraction in (SMALL, GRID)}
    assert {"network@mlp", "summarize", "final"} <= ran


@pytest.mark.extended
def test_another_choice_runs_its_points_again_without_a_question_and_no_others(study):
    path = study.project.record("learning_curve/chosen", "mnist-svms-and-baselines")
    [rbf] = [one for one in json.loads(path.read_text())["choices"] if one["config"].get("kernel") == "rbf"]
    edit(study.project.params, lambda params: params["svm"]["configs"].pop(rbf["name"]))
    ran = study.ran(study.call("gridpress", "repro"))
    assert curves(ran) == {name for name in wanted(study) if name.startswith("classical_curve@")}
    assert {"summarize", "final"} <= ran


@pytest.mark.extended
def test_no_fractions_means_no_points_and_what_was_computed_stays(study, by_dvc):
    edit(study.project.params, lambda params: params["learning_curve"].update(fractions=[]))
    assert study.ran(study.call("dvc", "repro")) == {"final"}
    assert json.loads(study.project.final.read_text()) == {"mnist": {}}
    points = {name for name in records(by_dvc) if name.startswith("learning_curve/")}
    assert points <= records(study).keys()


@pytest.mark.extended
def test_dry_run_and_plan_count_the_points(study):
    edit(study.project.params, lambda params: params["svm"].update(scaling="none"))
    assert "Up to 2 runs of learning curves more, where validation chooses otherwise than before." in (
        study.call("gridpress", "repro", "--dry-run")
    )
    plan = study.call("gridpress", "plan")
    assert "learning_curve   2 runs" in plan
    assert "classical_curve  2 sets of fits" in plan


@pytest.mark.extended
def test_what_the_grid_recorded_is_not_trained_again_and_verify_does_train_it(study):
    params, project = load_params(study.project.params), study.project
    for curve, key in ((NETWORK_CURVES, f"mnist-resnet18-{GRID}-0"), (CLASSICAL_CURVES, f"mnist-{GRID}")):
        record, timing = (load(model, path(project, key)) for model, path in places(curve))
        [member, *_] = curve.members(curve.runs(params)[key], params, project)
        family, of_grid = member.family, member.run.key
        same = record.results[0] == load(family.record, family.record_path(project, of_grid))
        times = timing.timings[0] == load(family.timing, family.timing_path(project, of_grid))
        assert (same, times) == ((True, True) if curve is NETWORK_CURVES else (False, False))
    said = study.call("gridpress", "verify", f"learning_curve@mnist-resnet18-{GRID}-0", "classical_curve@*")
    assert said.count("same bytes  same bytes") == 3


def places(curve):
    return (curve.record, curve.record_path), (curve.timing, curve.timing_path)


@pytest.mark.extended
def test_an_edited_point_is_found(study):
    path = study.project.record("learning_curve/network", f"mnist-resnet18-{SMALL}-0")
    content = json.loads(path.read_text())
    content["results"][0]["milestones"][0]["test"]["accuracy"] = 1.0
    path.write_text(json.dumps(content))
    said = study.call("gridpress", "verify", "--sample", "0", code=1)
    name = path.relative_to(study.root).as_posix()
    assert f"{name}: not the file that dvc.lock records" in said
    assert f"{name}: milestones, epoch 3: test.accuracy is 1.0, but " in said


@pytest.mark.extended
def test_progress_of_several_classifiers_is_that_of_the_whole(study):
    params, amounts = load_params(study.project.params), []

    class Show:
        def __init__(self, _title, total):
            self.total = total

        def __enter__(self):
            return lambda amount=1, note=None: amounts.append(amount / self.total) or silent(amount, note)

        def __exit__(self, *_):
            pass

    record, _ = learning_curve.compute(CLASSICAL_CURVES, study.project, params, f"mnist-{SMALL}", Show)
    assert sum(amounts) == pytest.approx(1)
    path = study.project.record("learning_curve/classical", f"mnist-{SMALL}")
    assert dumps(record) == path.read_text()

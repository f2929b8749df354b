from __future__ import annotations

import base64
import json
import re
import shlex
import shutil

import pytest
from ruamel.yaml import YAML

from conftest import DECLARED
from gridpress.data import loading
from gridpress.study.records.data import ImagesRecord
from gridpress.study.records.store import load
from pdf import text as pdf_text

TRAIN = {
    f"train@{dataset}-resnet18-16-{optimizer}-0.001-fp32-device-default-0"
    for dataset in ("mnist", "fashion_mnist")
    for optimizer in ("sgd", "adam")
}
SVM = {
    f"svm@{dataset}-{name}"
    for dataset in ("mnist", "fashion_mnist")
    for name in ("poly2-C1-gscale", "rbf-C1-gscale")
}
BASELINE = {
    f"baseline@{dataset}-{name}"
    for dataset in ("mnist", "fashion_mnist")
    for name in ("logistic_regression", "histogram_gradient_boosting")
}
FASHION = {name for name in TRAIN if "@fashion" in name}
FETCH = {"fetch@mnist", "fetch@fashion_mnist"}


def state(clone):
    """Path and bytes of every file that git tracks."""
    return {name: (clone.root / name).read_bytes() for name in clone.call("git", "ls-files").splitlines()}


def plotted(clone):
    """The points of `dvc plots` by its charts, each a mapping from run to points."""
    shown = json.loads(clone.call("dvc", "plots", "show", "--json"))["data"]
    charts = {}
    for title, [entry] in shown.items():
        if "content" in entry:  # else a picture
            runs = charts.setdefault(title, {})
            for point in entry["content"]["data"]["values"]:
                runs.setdefault(point["run"], []).append(point)
    return charts


def test_one_command_computes_everything_from_nothing(finished):
    clone, output = finished
    others = {"network@resnet18", "hardware@here", "summarize", "final", "report"}
    assert clone.ran(output) == FETCH | TRAIN | SVM | BASELINE | others
    html, pdf = clone.project.rendered
    assert html.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert output.rstrip().splitlines()[-2:] == [str(html), str(pdf)]


def test_records_are_exactly_those_that_params_yaml_names(finished):
    project = finished[0].project
    found = {path.relative_to(project.metrics).as_posix() for path in project.metrics.rglob("*.json")}
    runs = {name.replace("@", "/") + ".json" for name in TRAIN | SVM | BASELINE}
    inputs = {"network/resnet18.json", "data/mnist.json", "data/fashion_mnist.json"}
    chosen = {
        f"learning_curve/chosen/{dataset}-{name}.json"
        for dataset in ("mnist", "fashion_mnist")
        for name in ("resnet18", "best-network", "svms-and-baselines")
    }
    assert found == runs | {f"timing/{name}" for name in runs} | inputs | chosen | {
        "hardware/here.json",
        "curves.json",
        "final.json",
        "images.json",
        "summary.json",
    }


def test_the_images_of_the_report_are_those_of_the_fetched_files(finished):
    clone, _ = finished
    shown = load(ImagesRecord, clone.project.images).datasets
    assert list(shown) == ["mnist", "fashion_mnist"]
    for dataset, samples in shown.items():
        images = loading.load(clone.data / dataset, DECLARED[dataset].format)
        assert samples
        for sample in samples:
            assert base64.b64decode(sample.pixels) == images.pixels[sample.index].tobytes()
            assert sample.label == images.labels[sample.index]
    before = clone.project.images.read_bytes()
    clone.call("gridpress", "summarize")
    assert clone.project.images.read_bytes() == before
    assert clone.call("git", "status", "--porcelain", "metrics") == ""


def test_summarize_without_the_data_says_how_to_fetch_them(study):
    shutil.rmtree(study.project.raw("mnist"))
    before = study.project.summary.read_bytes()
    said = study.call("gridpress", "summarize", code=1)
    assert "train-images-idx3-ubyte is missing" in said
    assert "`gridpress fetch mnist` brings the right files" in said
    assert "Traceback" not in said
    assert study.project.summary.read_bytes() == before


def test_a_fresh_clone_computes_nothing_again_and_renders_the_same_report(finished, tmp_path):
    first, _ = finished
    clone = first.clone(tmp_path / "clone")
    before = state(clone)
    assert clone.ran(clone.call("gridpress", "repro")) == FETCH | {"report"}
    assert clone.call("git", "status", "--porcelain") == ""
    assert "up to date" in clone.call("dvc", "status")
    assert state(clone) == before
    for here, there in zip(clone.project.rendered, first.project.rendered, strict=True):
        assert here.read_bytes() == there.read_bytes()


def test_a_deleted_report_is_rendered_again_and_nothing_else_runs(study):
    study.project.rendered[1].unlink()
    assert study.ran(study.call("gridpress", "repro")) == {"report"}
    assert study.project.rendered[1].is_file()


def test_a_run_computed_again_gives_the_same_bytes(study):
    key = min(TRAIN).removeprefix("train@")
    record = study.project.record("train", key)
    before = record.read_bytes()
    record.unlink()
    study.call("gridpress", "train", key)
    assert record.read_bytes() == before
    svm = study.project.record("svm", "mnist-rbf-C1-gscale")
    before = svm.read_bytes()
    svm.unlink()
    study.call("gridpress", "svm", "mnist-rbf-C1-gscale")
    assert svm.read_bytes() == before


def test_more_epochs_train_again_and_leave_svms_alone(study):
    changes = ("train.epochs=3", "datasets=[mnist]")
    options = [part for change in changes for part in ("-S", change)]
    output = study.call("dvc", "exp", "run", *options, "summarize")
    assert study.ran(output) == {name for name in TRAIN if "@mnist" in name} | {"summarize"}
    key = max(TRAIN - FASHION).removeprefix("train@")
    record = json.loads(study.project.record("train", key).read_text())
    assert [epoch["epoch"] for epoch in record["history"]] == [1, 2, 3]
    assert [milestone["epoch"] for milestone in record["milestones"]] == [1, 3]
    summary = json.loads(study.project.summary.read_text())
    charts = plotted(study)
    assert len(charts) == 2
    for curves in charts.values():
        [(run, points)] = curves.items()
        record = json.loads(study.project.record("train", run).read_text())
        for point, epoch in zip(points, record["history"], strict=True):
            assert epoch.items() <= point.items()
        chosen = [milestone["validation"]["accuracy"] for milestone in record["milestones"]]
        assert summary["mnist"]["resnet18"]["validation_accuracy"] == max(chosen)


def test_fewer_epochs_than_a_milestone_leave_it_out(study):
    output = study.call("dvc", "exp", "run", "-S", "train.epochs=1", "-S", "datasets=[mnist]", "summarize")
    assert study.ran(output) == {name for name in TRAIN if "@mnist" in name} | {"summarize"}
    key = max(TRAIN - FASHION).removeprefix("train@")
    record = json.loads(study.project.record("train", key).read_text())
    assert [milestone["epoch"] for milestone in record["milestones"]] == [1]


def test_another_kernel_is_added_by_the_line_of_the_readme(study):
    line = "+svm.configs.lin={kernel: linear, C: 1.0}"
    output = study.call("dvc", "exp", "run", "-S", line, "-S", "datasets=[mnist]", "summarize")
    assert study.ran(output) == {"svm@mnist-lin", "summarize"}
    assert "linear" in json.loads(study.project.summary.read_text())["mnist"]


def test_learning_curves_are_added_by_the_line_of_the_readme_and_are_in_report_and_export(study):
    options = ("learning_curve.fractions=[0.02, 0.03]", "learning_curve.epochs=[]", "datasets=[mnist]")
    output = study.call("dvc", "exp", "run", *(part for option in options for part in ("-S", option)))
    points = {f"classical_curve@mnist-{fraction}" for fraction in (0.02, 0.03)}
    points |= {f"learning_curve@mnist-resnet18-{fraction}-0" for fraction in (0.02, 0.03)}
    assert study.ran(output) == points | {"summarize", "final", "report"}
    page = study.project.rendered[0].read_text(encoding="utf-8")
    assert "Test accuracy against the number of training images" in page
    exported = study.call("gridpress", "export").splitlines()
    column = exported[0].split(",").index("training_images")
    images = [line.split(",")[column] for line in exported[1:] if "learning_curve/network" in line]
    assert images == ["980", "1470"]
    assert "27 of 27 there" in study.call("gridpress", "check")


def test_plots_are_few_and_their_pictures_are_those_of_the_docs(study):
    (study.root / "docs").mkdir(exist_ok=True)
    study.call("dvc", "plots", "show", "--out", "plots")
    page = (study.root / "plots" / "index.html").read_text(encoding="utf-8")
    assert page.count("<img") == 2
    assert len(plotted(study)) == 2


def test_another_learning_rate_runs_only_its_own_stages(study):
    rates = "train.grid.learning_rate=[0.001, 0.01]"
    output = study.call("dvc", "exp", "run", "-S", rates, "-S", "train.grid.optimizer=[sgd]")
    assert study.ran(output) == {
        "train@mnist-resnet18-16-sgd-0.01-fp32-device-default-0",
        "train@fashion_mnist-resnet18-16-sgd-0.01-fp32-device-default-0",
        "summarize",
        "report",
    }
    assert "0.01" in pdf_text(study.project.rendered[1])


def test_one_dataset_fewer_computes_nothing_but_summary_and_report(study):
    ran = study.ran(study.call("dvc", "exp", "run", "-S", "datasets=[mnist]"))
    assert ran == {"summarize", "final", "report"}
    assert set(json.loads(study.project.summary.read_text())) == {"mnist"}
    assert set(load(ImagesRecord, study.project.images).datasets) == {"mnist"}


def test_a_whole_profile_runs_in_the_study_as_committed(pristine, tmp_path):
    clone = pristine.clone(tmp_path / "clone")
    command = clone.call("gridpress", "plan", "--profile", "smoke").splitlines()[0]
    assert command.startswith("dvc exp run -S ")
    ran = clone.ran(clone.call(*shlex.split(command), "-S", "datasets=[mnist]", "hardware", "final"))
    mnist = {name for name in TRAIN | SVM | BASELINE if "@mnist" in name}
    assert ran == {"fetch@mnist", "hardware@here", "summarize", "final"} | mnist


def test_metrics_diff_is_short_and_targets_give_the_details(study):
    output = study.call("dvc", "exp", "run", "-S", "svm.configs.rbf-C1-gscale.C=0.01", "summarize")
    fits = {name for name in SVM if "rbf" in name}
    assert study.ran(output) == fits | {"summarize"}
    study.commit()
    rows = changes(study.call("dvc", "metrics", "diff", "HEAD~1", "--md"))
    assert 0 < len(rows) <= 4 * len(fits)  # accuracies, balanced accuracy and macro F1 of each kernel
    assert all("metrics/summary.json" in row for row in rows)
    details = changes(study.call("dvc", "metrics", "diff", "HEAD~1", "--md", "--targets", "metrics/svm"))
    assert any("metrics/svm/mnist-rbf-C1-gscale.json" in row for row in details)


def changes(table):
    return [line for line in table.splitlines() if "metrics/" in line]


def test_an_edited_module_makes_its_stages_stale(study):
    module = study.root / "src" / "gridpress" / "classical" / "svc.py"
    module.write_text(module.read_text() + "\n# a comment\n")
    stale = set(re.findall(r"^(\S+):$", study.call("dvc", "status"), flags=re.MULTILINE))
    assert stale == SVM


def test_dvc_stages_run_the_code_of_their_own_folder(study):
    module = study.root / "src" / "gridpress" / "classical" / "svc.py"
    text = module.read_text()
    assert "    return SVC(\n" in text
    module.write_text(text.replace("    return SVC(\n", '    print("edited copy")\n    return SVC(\n'))
    assert "edited copy" in study.call("dvc", "repro", "--single-item", "svm@mnist-rbf-C1-gscale")


def test_a_scalar_axis_is_explained_before_dvc_sees_it(study):
    params = study.project.params
    text = params.read_text()
    params.write_text(re.sub(r"^datasets:.*\n(- \w+\n)+", "datasets: mnist\n", text, flags=re.MULTILINE))
    before = state(study)
    for command in ("check", "repro"):
        output = study.call("gridpress", command, code=2)
        assert "params.yaml: datasets is 'mnist'; it must be a list, even of one value" in output
        assert "Traceback" not in output
    assert state(study) == before


def test_files_in_place_are_not_fetched_again_and_tampered_ones_are(study):
    labels = study.project.raw("mnist") / "train-labels-idx1-ubyte"
    written = labels.stat().st_mtime_ns
    study.call("gridpress", "fetch", "mnist")
    assert labels.stat().st_mtime_ns == written
    good = labels.read_bytes()
    labels.chmod(0o644)
    labels.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    refused = study.call("gridpress", "svm", "mnist-rbf-C1-gscale", code=1)
    assert "train-labels-idx1-ubyte: SHA-256 expected" in refused
    assert "Traceback" not in refused
    assert "train-labels-idx1-ubyte" in study.call("gridpress", "fetch", "mnist")
    assert labels.read_bytes() == good


def test_checkpoints_are_gone_once_dvc_has_recorded_their_runs(finished):
    checkpoints = finished[0].project.scratch / "checkpoints"
    assert [path for path in checkpoints.rglob("*") if path.is_file()] == []


def test_a_record_of_another_machine_stays_and_this_one_gets_a_name_of_its_own(study):
    record = study.project.record("hardware", "here")
    content = json.loads(record.read_text())
    foreign = json.dumps(content | {"fingerprint": "another machine"})
    record.write_text(foreign)
    said = study.call("gridpress", "hardware", "--machine", "here")
    assert "here was measured on another machine" in said
    assert record.read_text() == foreign
    said = study.call("gridpress", "hardware", "--machine", "laptop", "--quick")
    assert "add to params.yaml, below hardware.machines:\n  - laptop" in said
    measured = json.loads(study.project.record("hardware", "laptop").read_text())
    assert measured["fingerprint"] == content["fingerprint"]
    absent = {target["name"]: target["absent"] for target in measured["targets"]}
    assert absent["cpu-1-thread"] is None
    text = study.project.params.read_text()
    study.project.params.write_text(text.replace("\n  - here\n", "\n  - here\n  - laptop\n", 1))
    study.call("dvc", "commit", "--force", "hardware@laptop")
    assert "up to date" in study.call("dvc", "status", "hardware@laptop")


@pytest.mark.parametrize(
    "value", ["$(touch pwned)", "`touch pwned`", "x; touch pwned", "x' && touch pwned '"]
)
def test_a_value_of_params_yaml_never_reaches_the_shell(study, value):
    params = study.project.params
    content = YAML(typ="safe").load(params)
    content["datasets"] = [value]
    with params.open("w") as file:
        YAML().dump(content, file)
    said = study.call("dvc", "repro", code=255)
    assert f"data/datasets/{value}.yaml" in said.replace("\\'", "'")
    assert not (study.root / "pwned").exists()

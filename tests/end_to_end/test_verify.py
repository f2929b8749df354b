"""`gridpress verify` on a real study, untouched and as someone would tamper with it."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from gridpress.checks.verify import verify
from gridpress.config.params import load_params
from gridpress.errors import GridpressError, InputError
from gridpress.evaluation.scores import confusion, scores
from gridpress.pipeline.dvc.hashes import folder_md5
from gridpress.pipeline.stages import summarize
from gridpress.pipeline.stages.images import study_images
from gridpress.study.records.data import DataRecord
from gridpress.study.records.store import load

SGD = "mnist-resnet18-16-sgd-0.001-fp32-device-default-0"
RBF = "mnist-rbf-C1-gscale"


@pytest.fixture(scope="module")
def copied(finished, tmp_path_factory):
    folder = tmp_path_factory.mktemp("verified") / "study"
    shutil.copytree(finished[0].root, folder, symlinks=True)
    return replace(finished[0], root=folder)


@pytest.fixture
def study(copied):
    """The finished study, to tamper with; afterwards it is as it was committed."""
    yield copied
    copied.call("git", "checkout", "--quiet", "--", ".")


@pytest.fixture
def verified(study):
    """Whether everything was as it should be, and what was said."""

    def run(*names, sample=None, seed=None):
        said = []
        return verify(study.project, names, sample, seed, said.append), "\n".join(said)

    return run


def change(path, edit):
    content = json.loads(path.read_text())
    edit(content)
    text = json.dumps(content, indent=1)
    path.write_text(
        re.sub(r"\[\s+(-?[\d.\s,-]+?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text) + "\n"
    )


def record_again(study):
    """Make dvc.lock say of every result what is there now, as someone would who hides an edit."""
    lock = study.root / "dvc.lock"
    yaml = YAML()
    content = yaml.load(lock.read_text())
    for stage in content["stages"].values():
        for out in stage["outs"]:
            path = study.root / out["path"]
            if path.is_dir() and out["path"].startswith("metrics/"):
                out["md5"] = folder_md5(path)
            elif path.is_relative_to(study.project.metrics):
                out["md5"] = hashlib.md5(path.read_bytes()).hexdigest()
                out["size"] = path.stat().st_size
    with lock.open("w") as file:
        yaml.dump(content, file)


def improve(study, evaluation, by=3):
    """Take images from the misclassified ones of a test split of MNIST, and adjust what follows from it."""
    labels = load(DataRecord, study.project.record("data", "mnist")).true_labels()
    _, splits = study_images(study.project, load_params(study.project.params), "mnist")
    wrong = evaluation["misclassified"]
    for name in wrong:
        del wrong[name][:by]
    answers = labels.copy()
    answers[wrong["index"]] = wrong["predicted"]
    found = scores(confusion(labels[splits.test], answers[splits.test], 10))
    evaluation.update({name: float(value) for name, value in found._asdict().items()})
    bins = evaluation["reliability"]
    for place, images in enumerate(bins["images"]):
        more = min(by, images - bins["correct"][place])
        bins["correct"][place] += more
        by -= more


def hide(study):
    """All that can be adjusted to an edited record."""
    summarize.run(study.project)
    record_again(study)


def tree(study):
    files = (path for path in study.root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path: path.stat().st_mtime_ns for path in files}


def test_an_untouched_study_is_confirmed_byte_for_byte_and_nothing_in_it_is_written(study):
    before = tree(study)
    output = study.call("gridpress", "verify", "--sample", "3", "--seed", "1")
    rows = [line.split() for line in output.splitlines() if "same bytes" in line]
    assert {row[0].split("@")[0] for row in rows} == {"train", "svm", "baseline"}
    assert all(row[-4:] == ["same", "bytes", "same", "bytes"] for row in rows)
    assert "12 runs read, faults found: none" in output
    assert "3 of 12 runs computed again, drawn with --seed 1" in output
    assert tree(study) == before


def test_an_edited_accuracy_is_found_by_reading_alone(study, verified):
    path = study.project.record("train", SGD)
    change(path, lambda record: record["milestones"][0]["test"].update(accuracy=0.995))
    confirmed, said = verified(sample=0)
    assert not confirmed
    assert f"metrics/train/{SGD}.json: not the file that dvc.lock records" in said
    assert f"metrics/train/{SGD}.json: milestones, epoch 1: test.accuracy is 0.995, but " in said
    record_again(study)
    confirmed, said = verified(sample=0)
    assert not confirmed
    assert "12 runs read, faults found: 1\n" in said
    assert f"metrics/train/{SGD}.json: milestones, epoch 1: test.accuracy is 0.995, but " in said


def test_a_consistent_edit_is_found_by_computing_again(study, verified):
    change(study.project.record("svm", RBF), lambda record: improve(study, record["test"]))
    change(
        study.project.record("train", SGD), lambda record: improve(study, record["milestones"][-1]["test"])
    )
    hide(study)
    assert verified(sample=0)[0]
    confirmed, said = verified(RBF, SGD)
    assert not confirmed
    assert said.count("differs") == 2
    assert f"svm@{RBF}: test.accuracy is " in said
    assert f"train@{SGD}: milestones.1.test.accuracy is " in said
    assert f"train@{SGD}: 3 more differences" in said  # of the answers that these follow from
    output = study.call("gridpress", "verify", RBF, code=1)
    assert f"svm@{RBF}: test.accuracy is " in output
    assert "Traceback" not in output


def test_records_of_another_machine_are_held_against_an_interval(study, verified):
    timing = study.project.timing("svm", RBF)
    change(timing, lambda content: content["machine"].update(processor="An Old Processor"))
    record_again(study)
    confirmed, said = verified(RBF)
    assert confirmed
    assert "within ±" in said
    assert "as processor was An Old Processor" in said
    record = study.project.record("svm", RBF)
    change(record, lambda content: improve(study, content["test"]))
    hide(study)
    confirmed, said = verified(RBF)
    assert confirmed  # three images of two hundred: what last bits might do
    assert re.search(r"test .* -1\.50 +within ±\S+ \(200 images\) +within", said)
    change(
        record,
        lambda content: improve(study, content["test"], by=len(content["test"]["misclassified"]["index"])),
    )
    hide(study)
    confirmed, said = verified(RBF)
    assert not confirmed
    assert re.search(r"test .* outside", said)


def test_an_edited_timing_record_and_an_edited_summary_are_found(study, verified):
    path = study.project.timing("svm", RBF)
    change(path, lambda content: content.update(fit_seconds=0.001))
    confirmed, said = verified(sample=0)
    assert not confirmed
    assert f"metrics/timing/svm/{RBF}.json: not the file that dvc.lock records" in said
    change(study.project.summary, lambda content: content["mnist"]["rbf"].update(test_accuracy=0.99))
    record_again(study)
    confirmed, said = verified(sample=0)
    assert not confirmed
    assert "metrics/summary.json: not what the records give" in said


def test_code_and_parameters_that_changed_since_are_named(study, verified):
    module = study.root / "src" / "gridpress" / "classical" / "svc.py"
    module.write_text(module.read_text() + "\n# a comment\n")
    study.project.params.write_text(
        study.project.params.read_text().replace("momentum: 0.9 ", "momentum: 0.8 ")
    )
    confirmed, said = verified(sample=0)
    assert not confirmed
    assert "src/gridpress/classical/svc.py: changed since 4 runs used it" in said
    assert "params.yaml, optimizers.sgd: changed since 2 runs used it" in said


def test_a_data_record_that_describes_other_labels_is_found(study, verified):
    path = study.project.record("data", "mnist")
    change(path, lambda content: content.update(labels="BgAA" + content["labels"][4:]))
    record_again(study)
    confirmed, said = verified(sample=0)
    assert not confirmed
    assert "metrics/data/mnist.json: does not describe the fetched files" in said


def test_a_result_that_is_gone_or_unreadable_is_named(study, verified):
    study.project.record("svm", RBF).unlink()
    study.project.record("train", SGD).write_text("{}")
    study.project.summary.unlink()
    confirmed, said = verified(sample=0)
    assert not confirmed
    assert f"metrics/svm/{RBF}.json: missing, but dvc.lock records it" in said
    assert "metrics/summary.json: missing, but dvc.lock records it" in said
    assert f"metrics/train/{SGD}.json: " in said
    assert str(study.root) not in said
    with pytest.raises(GridpressError, match=f"svm@{RBF} has no record to compare with"):
        verified(RBF)


@pytest.mark.parametrize("content", ["", "stages: [1]\n", "stages: {a: {outs: 3}}\n", "{{{\n"])
def test_a_broken_lock_is_named(study, verified, content):
    (study.root / "dvc.lock").write_text(content)
    confirmed, said = verified(sample=0)
    assert not confirmed
    assert "dvc.lock: DVC could not read it" in said
    (study.root / "dvc.lock").unlink()
    assert "dvc.lock: missing" in verified(sample=0)[1]


def test_data_that_are_missing_or_not_the_pinned_ones_are_refused(study, verified):
    raw = study.project.raw("mnist")
    raw.rename(raw.with_name("elsewhere"))
    try:
        output = study.call("gridpress", "verify", RBF, code=1)
        assert "train-images-idx3-ubyte is missing" in output
        assert "`gridpress fetch mnist` brings the right files" in output
        raw.mkdir()
        for file in raw.with_name("elsewhere").iterdir():
            shutil.copy(file, raw)
        labels = raw / "t10k-labels-idx1-ubyte"
        content = labels.read_bytes()
        labels.chmod(0o644)
        labels.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(GridpressError, match="t10k-labels-idx1-ubyte: SHA-256 expected"):
            verified(RBF)
    finally:
        shutil.rmtree(raw, ignore_errors=True)
        raw.with_name("elsewhere").rename(raw)


def test_an_unknown_name_is_exit_code_2_with_the_nearest_ones(study, verified):
    output = study.call("gridpress", "verify", "mnist-rbf-C2", code=2)
    assert "params.yaml asks for no run named 'mnist-rbf-C2'" in output
    assert f"Did you mean {RBF}" in output
    with pytest.raises(InputError, match="--seed decides what --sample draws"):
        verified(RBF, seed=1)

"""The images shown are errors of the chosen classifiers, and every one of them is kept by `summarize`."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from itertools import combinations

import matplotlib.pyplot as plt
import pytest
from matplotlib.text import Text

from conftest import DECLARED
from gridpress.config.dataset import LONGEST_TEXT
from gridpress.config.params import parse_params
from gridpress.families.registry import FAMILIES
from gridpress.report.analysis.best import of_family, overall
from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.errors import shared_errors
from gridpress.report.sections.errors.shared_errors import SharedErrors
from gridpress.study.grid import train_runs
from gridpress.study.records.runs import Predictions
from report.builder import parameters, write_study
from report.made_up.machine import rng
from report.made_up.runs import LABELS


def texts(figure):
    """Everything written in the drawn figure."""
    drawn = figure.draw()
    return [
        text
        for part in drawn.subfigs
        for axes in part.axes
        for text in (axes.get_title(loc="center"), axes.get_xlabel(), *(t.get_text() for t in axes.texts))
        if text
    ]


def test_every_image_is_an_error_of_the_choice_and_the_count_that_of_the_records(study):
    found = [*shared_errors.shared(study)]
    assert len(found) == 3 * 2  # families, datasets
    for entry in found:
        key, epoch = entry.found.classifier.key, entry.found.classifier.epoch
        pool = {
            run.key: run.milestones[-1].test.misclassified.index
            for run in study.train.values()
            if run.dataset == entry.dataset
        } | {
            other.key: other.test.misclassified.index
            for stage in ("svm", "baseline")
            for other in study.records[stage].values()
            if other.dataset == entry.dataset
        }
        if epoch is not None:
            milestone = next(
                milestone for milestone in study.train[key].milestones if milestone.epoch == epoch
            )
            pool[key] = milestone.test.misclassified.index
        assert entry.found.classifiers == len(pool)
        counts = {index: sum(index in wrong for wrong in pool.values()) for index in pool[key]}
        shown = {image.index: image.classifiers for image in entry.images}
        assert shown == {index: counts[index] for index in shown}
        assert min(shown.values()) >= max((n for i, n in counts.items() if i not in shown), default=0)
        assert all(image.label == LABELS[image.index] for image in entry.images)
        assert all(image.pixels is not None for image in entry.images)


@pytest.mark.parametrize("seeds", [[0], [0, 1], [0, 1, 2]])
def test_the_classifiers_are_those_that_the_tables_call_best(tmp_path, seeds):
    def noisy(run, epoch):
        return round(0.9 + rng(run.key, epoch).normal(0, 0.01), 2)  # with ties

    study = Study.load(write_study(tmp_path, parameters(train={"grid": {"seed": seeds}}), noisy))
    expected = {
        (dataset, best.key, best.epoch)
        for family in FAMILIES
        for dataset, best in overall(of_family(study, family)).items()
    }
    found = {
        (e.dataset, e.found.classifier.key, e.found.classifier.epoch) for e in shared_errors.shared(study)
    }
    assert found == expected


def test_figure_names_classes_answers_and_counts(study):
    figures = list(shared_errors.figures(study))
    assert [figure.reference for figure in figures] == ["fig-misses-mnist", "fig-misses-fashion-mnist"]
    fashion = figures[1]
    network, svm, _ = (e for e in shared_errors.shared(study) if e.dataset == "fashion_mnist")
    names, first = study.classes("fashion_mnist"), network.images[0]
    written = texts(fashion)
    assert names[first.label] in written
    assert f"{names[first.predicted]}\n{first.classifiers} of {network.found.classifiers}" in written
    assert "missing" not in written
    assert fashion.alt.startswith(
        f"FashionMNIST images misclassified by ResNet-18 and by {network.span} other classifiers; "
        f"the most shared error is {network.most}."
    )
    assert f"misclassified by RBF SVM and by {svm.span} other" in fashion.alt


def test_picture_that_is_not_kept_is_said_to_be_missing(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    content = json.loads(project.images.read_text(encoding="utf-8"))
    lost = shared_errors.shared(Study.load(project))[0].images[0].index
    content["datasets"]["mnist"] = [s for s in content["datasets"]["mnist"] if s["index"] != lost]
    project.images.write_text(json.dumps(content), encoding="utf-8")
    (figure,) = shared_errors.figures(Study.load(project))
    assert (
        "1 of the pictures are missing in `metrics/images.json`; `dvc repro` brings them." in figure.caption
    )
    assert "missing" in texts(figure)


def test_without_the_record_there_is_no_figure_and_it_is_reported_missing(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    project.images.unlink()
    study = Study.load(project)
    assert list(shared_errors.figures(study)) == []
    assert study.missing == ["metrics/images.json"]
    assert "metrics/images.json" not in study.record_paths


@pytest.mark.parametrize("kind", ["train", "svm"])
def test_one_family_alone(tmp_path, kind):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    for stage in (kind, "baseline"):
        for path in project.record(stage, "x").parent.glob("*.json"):
            path.unlink()
    (figure,) = shared_errors.figures(Study.load(project))
    name = "RBF SVM" if kind == "train" else "ResNet-18"
    assert f"that {name} gets wrong together" in figure.caption


def test_one_classifier_alone_shares_nothing(build):
    study = build(
        datasets=["mnist"],
        train={
            "grid": {"model": ["resnet18"], "batch_size": [16], "optimizer": ["sgd"], "learning_rate": [0.1]}
        },
    )
    study.svm.clear()
    study.records["baseline"].clear()
    assert shared_errors.shared(study) == []
    assert list(shared_errors.figures(study)) == []


def test_a_changed_answer_changes_the_figure_of_its_dataset_alone(tmp_path):
    project = write_study(tmp_path, parameters())
    before = list(shared_errors.figures(Study.load(project)))
    entry = shared_errors.shared(Study.load(project))[0]
    path = project.record("train", entry.found.classifier.key)
    content = json.loads(path.read_text(encoding="utf-8"))
    epoch = entry.found.classifier.epoch
    milestone = next(s for s in content["milestones"] if s["epoch"] == epoch)["test"]["misclassified"]
    place = milestone["index"].index(entry.images[0].index)
    milestone["predicted"][place] = (milestone["predicted"][place] + 5) % 10
    path.write_text(json.dumps(content), encoding="utf-8")
    after = list(shared_errors.figures(Study.load(project)))
    assert not before[0].data.equals(after[0].data)
    assert before[1].data.equals(after[1].data)
    assert (before[1].caption, before[1].alt) == (after[1].caption, after[1].alt)


def test_kept_images_are_few(study):
    assert study.images is not None
    assert set(study.images.datasets) == set(study.datasets)
    for samples in study.images.datasets.values():
        assert 0 < len(samples) <= 24
        assert [s.index for s in samples] == sorted({s.index for s in samples})
        assert all(len(base64.b64decode(s.pixels)) == 784 for s in samples)
    assert len(train_runs(parse_params(parameters(), DECLARED))) > 16


NONE = Predictions(index=[], predicted=[])
LONG = [f"{label} {'Many-seeded WILD grasses, and more ' * 2}"[:LONGEST_TEXT] for label in range(10)]


@pytest.fixture(params=[(28, 28), (12, 48), (48, 12)], ids=lambda shape: f"{shape[0]}x{shape[1]}")
def renamed(study, request) -> list[SharedErrors]:
    """Those of a dataset, had it long names and colour images of another height and width."""
    height, width = request.param
    pixels = base64.b64encode(bytes(3 * height * width)).decode()
    changes = {"classes": LONG, "channels": 3, "height": height, "width": width}
    return [
        replace(
            entry,
            declared=entry.declared.model_copy(update=changes),
            images=[replace(image, pixels=pixels) for image in entry.images],
        )
        for entry in shared_errors.shared(study)
        if entry.dataset == "mnist"
    ]


def test_long_names_and_images_of_any_shape_leave_all_text_on_the_page_and_apart(renamed):
    style.apply()
    figure = shared_errors._draw(renamed)
    assert figure.get_size_inches()[1] <= style.PAGE_HEIGHT
    figure.draw_without_rendering()
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    assert all(text.get_fontsize() >= 7.5 for text in found)
    boxes = [text.get_window_extent() for text in found]
    for text, box in zip(found, boxes, strict=True):
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text.get_text()
    touching = [
        (found[one].get_text(), found[other].get_text())
        for one, other in combinations(range(len(found)), 2)
        if boxes[one].overlaps(boxes[other])
    ]
    assert touching == []
    plt.close(figure)


def test_errors_that_no_other_classifier_makes_are_not_shared(build):
    alone = build(
        datasets=["mnist"],
        train={"grid": {"model": ["resnet18"], "batch_size": [16], "optimizer": ["sgd"]}},
    )
    first, second = list(alone.train)
    alone.svm.clear()
    alone.records["baseline"].clear()
    [entry] = shared_errors.shared(alone)
    kept = {image.index for image in entry.images}
    assert kept
    other = second if entry.found.classifier.key == first else first
    milestone = alone.train[other].milestones[-1]
    right = milestone.model_copy(update={"test": milestone.test.model_copy(update={"misclassified": NONE})})
    alone.records["train"][other] = alone.train[other].model_copy(update={"milestones": [right]})
    assert shared_errors.shared(alone) == []


@pytest.mark.parametrize(("least", "words"), [(34, "shared by nearly all other"), (20, "shared by other")])
def test_only_what_nearly_all_others_miss_is_said_to_be_shared_by_nearly_all(study, least, words):
    entries = [
        replace(entry, images=[replace(image, classifiers=least) for image in entry.images])
        for entry in shared_errors.shared(study)
    ]
    assert {entry.found.classifiers for entry in entries} == {34}
    figures = {"misses": list(shared_errors.figures(study))}
    assert words in paragraphs("classes", figures, study=study, weakest=[], misses=entries)

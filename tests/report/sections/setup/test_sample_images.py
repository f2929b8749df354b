from __future__ import annotations

import base64
from collections.abc import Callable
from itertools import combinations

import matplotlib.pyplot as plt
import pytest

from gridpress.config.dataset import LONGEST_TEXT, Dataset
from gridpress.report.presentation import style
from gridpress.report.presentation.items import Figure
from gridpress.report.sections.setup import sample_images
from gridpress.report.sections.setup.sample_images import MOST_CLASSES
from gridpress.study.records.data import DataRecord, Sample

Shown = Callable[..., list[Figure]]


@pytest.fixture
def shown(study) -> Shown:
    """The figures of MNIST, had it classes of these numbers of images, and images of some shape."""

    def figures(
        counts: list[int], shape: tuple[int, int, int] = (1, 28, 28), names: list[str] | None = None
    ) -> list[Figure]:
        channels, height, width = shape
        declared = study.params.dataset("mnist").model_copy(
            update={
                "classes": names or [f"Class {label}" for label in range(len(counts))],
                "channels": channels,
                "height": height,
                "width": width,
            }
        )
        return [*sample_images.items(declared, record(study.data["mnist"], counts, declared), "a.json")]

    return figures


def record(like: DataRecord, counts: list[int], declared: Dataset) -> DataRecord:
    """With two images of each class that has any."""
    pixels = base64.b64encode(bytes(place % 251 for place in range(declared.pixels))).decode()
    labels = [label for label, images in enumerate(counts) if images for _ in range(2)]
    samples = [Sample(index=i, label=label, pixels=pixels) for i, label in enumerate(labels)]
    return like.model_copy(
        update={"class_counts": counts, "samples": samples, "shape": [*declared.shape], "images": sum(counts)}
    )


def test_few_classes_of_equal_size_are_all_shown_and_nothing_is_added(shown):
    [figure] = shown([70] * MOST_CLASSES)
    assert figure.caption == (
        "Images of MNIST by class, with the number of images of each class among all 700: every class has 70 "
        "images."
    )
    assert sorted(set(figure.data["label"])) == [*range(MOST_CLASSES)]


def test_of_many_classes_some_are_shown_over_their_whole_order_and_said_to_be_some(shown):
    [figure] = shown([7] * 49)
    labels = sorted(set(figure.data["label"]))
    assert len(labels) == MOST_CLASSES
    assert (labels[0], labels[-1]) == (0, 48)
    assert figure.caption.startswith("Images of MNIST by class (10 of its 49 classes), with the number")
    assert "Class 48 of MNIST (10 of its 49 classes); every class has 7 images." in figure.alt
    assert "Class 1," not in figure.alt


def test_sizes_of_all_classes_are_drawn_where_they_differ_and_not_all_are_told(shown):
    assert len(shown([7] * 9 + [3])) == 1
    samples, sizes = shown([7] * 10 + [3])
    assert "classes have 3 to 7 images" in samples.caption
    assert sizes.reference == "fig-class-counts-mnist"
    assert sizes.caption == (
        "Number of images of each of the 11 classes of MNIST, from the largest, Class 0 (7), to the "
        "smallest, Class 10 (3)."
    )
    assert [*sizes.data["images"]] == [7] * 10 + [3]


def test_a_class_without_an_image_is_told_with_the_sizes(shown):
    samples, sizes = shown([4, 0, 5])
    assert set(samples.data["label"]) == {0, 2}
    assert "to the smallest, Class 1 (0)" in sizes.caption


def test_names_are_told_as_they_are_declared(shown):
    [figure] = shown([2, 2], names=["A", "a"])
    assert "the classes A and a of" in figure.alt


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 12, 60), (3, 60, 12)])
@pytest.mark.parametrize("classes", [2, 100])
def test_images_of_any_shape_and_long_names_leave_all_names_on_the_figure_and_apart(shown, shape, classes):
    style.apply()
    words = "Many-seeded WILD grasses, and more of these, of all kinds, ever"
    names = [f"{label} {words}"[:LONGEST_TEXT] for label in range(classes)]
    figure = shown([5] * classes, shape, names)[0].draw()
    figure.draw_without_rendering()
    titles = [axes.title for axes in figure.axes if axes.title.get_text()]
    assert len(titles) == min(classes, MOST_CLASSES)
    assert all(title.get_fontsize() >= 7.5 for title in titles)
    boxes = [title.get_window_extent() for title in titles]
    assert all(figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1 for box in boxes)
    assert not [1 for one, other in combinations(boxes, 2) if one.overlaps(other)]
    for axes in figure.axes:
        image = axes.images[0].get_window_extent()
        assert min(image.width, image.height) >= 8
        assert image.width / image.height == pytest.approx(shape[2] / shape[1], rel=0.02)
    plt.close(figure)


def test_sizes_of_a_thousand_classes_fit_into_one_figure(shown):
    figure = shown([*range(1, 1001)])[1].draw()
    assert len(figure.axes[0].patches) == 1000
    plt.close(figure)

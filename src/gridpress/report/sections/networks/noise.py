"""The table of how much of a difference is chance."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridpress.report.analysis.noise import by_network
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.names import ABSENT, count, percent, shown
from gridpress.report.presentation.tables import Column, leading, table
from gridpress.stats.intervals import ALPHA


def seed_and_image_noise(study: Study) -> Iterator[Item]:
    """One table; none where no two configurations can be compared."""
    found = by_network(study)
    if not found:
        return
    several = len(study.params.train.grid.seed) > 1
    seeds = (
        "Another seed: standard deviation of the test accuracy of a configuration over its seeds, the median "
        "of all configurations and the largest."
        if several
        else "What another seed changes is not measured with one."
    )

    def of_seeds(value: float) -> str:
        return count(value) if several else ABSENT

    yield table(
        "noise",
        (
            "How much of a difference between two configurations is chance, in points, after the last "
            f"milestone. {seeds} Other test images: standard error of the accuracy of one trained network, "
            "the median. Pairs: of all pairs of configurations, those whose accuracies differ by more than "
            "seeds explain (Welch's t test), by more than the choice of test images explains (z test of the "
            "errors on the same images, averaged over the seeds), and by more than both explain. False "
            f"discovery rate controlled at {100 * ALPHA:.0f} % (Benjamini-Hochberg)."
        ),
        pd.DataFrame([{**vars(noise), "models": " ".join(noise.models)} for noise in found]),
        [
            leading("Dataset", "dataset", study.title),
            leading("Networks", "models", _networks),
            Column(title="median", of="seeds_sd", format=percent, group="Another seed"),
            Column(title="largest", of="seeds_sd_most", format=percent, group="Another seed"),
            Column(title="Other test images", of="images_se", format=percent),
            Column(title="Pairs", of="pairs", format=count),
            Column(title="seeds", of="beyond_seeds", format=of_seeds, group="Differ by more than"),
            Column(title="images", of="beyond_images", format=count, group="Differ by more than"),
            Column(title="both", of="beyond_both", format=of_seeds, group="Differ by more than"),
        ],
        study.sources("train", study.configurations["keys"]),
        wide=True,
    )


def _networks(models: str) -> str:
    return "all" if " " in models else shown(models)

"""What validation chose, per dataset and classifier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gridpress.families.networks import NETWORKS
from gridpress.families.registry import AnyFamily
from gridpress.families.svms import SVMS
from gridpress.report.data.frames import MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import configuration
from gridpress.report.sections.svm import svm_tables
from gridpress.results.selection import chosen
from gridpress.stats.intervals import Interval, mean_interval, wilson
from gridpress.stats.selection_bias import selection_inflation
from gridpress.stats.significance import not_distinguishable
from gridpress.study.records.runs import Milestone, Predictions


@dataclass(frozen=True)
class Best:
    """A trained classifier that validation chose.

    With several seeds it is the network of the seed with the highest validation accuracy; `mean_validation`,
    by which its configuration was chosen, `seed_mean` and `seed_interval` are over all of them, and
    `training_seconds` over those whose times can be compared (NaN where none can).
    """

    dataset: str
    family: AnyFamily
    classifier: str
    words: str
    key: str
    keys: tuple[str, ...]  # of all its seeds
    epoch: int | None
    validation_accuracy: float
    mean_validation: float
    accuracy: float
    images: int
    validation_images: int
    wrong: Predictions
    seeds: int
    seed_mean: float
    seed_interval: Interval
    training_seconds: float
    size: int  # in the unit of its family
    stored: int  # numbers that it keeps
    candidates: int
    states: int  # of the candidates, one per seed
    rivals: int  # candidates not distinguishable from it, itself left out

    @property
    def interval(self) -> Interval:
        """Over test images."""
        return wilson(self.images - len(self.wrong.index), self.images)

    @property
    def name(self) -> str:
        """`ResNet-18` or `RBF SVM`."""
        return self.family.title(self.classifier)

    @property
    def inflation(self) -> float:
        """Upper bound of what picking among candidates and their seeds adds to the validation accuracy."""
        return selection_inflation(self.validation_accuracy, self.validation_images, self.states)


@lru_cache(maxsize=1)
def networks(study: Study) -> list[Best]:
    """One per dataset and model, in grid order; none where nothing was measured."""
    table = study.configurations
    picked = rows_of(table[table["chosen_for_model"]])
    return [
        _network(study, row) for row in sorted(picked, key=lambda row: study.datasets.index(row["dataset"]))
    ]


@lru_cache(maxsize=1)
def svms(study: Study) -> list[Best]:
    """One per dataset and kernel."""
    return [_svm(study, row) for row in rows_of(study.svms[study.svms["chosen_for_kernel"]])]


def overall(bests: Sequence[Best]) -> dict[str, Best]:
    """The one of highest validation accuracy, mean over its seeds, for each dataset."""
    datasets = dict.fromkeys(best.dataset for best in bests)
    picked = (
        chosen((b for b in bests if b.dataset == dataset), lambda b: b.mean_validation)
        for dataset in datasets
    )
    return {best.dataset: best for best in picked if best is not None}


def milestone(study: Study, key: str, epoch: int) -> Milestone:
    """The state of a training run at a milestone."""
    return next(entry for entry in study.train[key].milestones if entry.epoch == epoch)


def leading_seed(study: Study, row: Mapping[str, Any]) -> str:
    """The key of the seed that validation ranks highest, of a row of `Study.configurations`."""
    epoch = int(row["epoch"])
    key = chosen(row["keys"], lambda key: milestone(study, key, epoch).validation_accuracy)
    return str(key or row["keys"][0])


def accuracy_interval(study: Study, row: Mapping[str, Any]) -> Interval:
    """Of a row of `Study.configurations`: over test images for one seed, over seeds for several."""
    over = seed_interval(study, row)
    return over if over.known else wilson(row["test_accuracy"] * row["test_samples"], row["test_samples"])


def seed_interval(study: Study, row: Mapping[str, Any]) -> Interval:
    """The t interval of the mean test accuracy over the seeds of a row of `Study.configurations`.

    It knows nothing of where accuracies end, so it is cut off there. Unknown for one seed.
    """
    reached = [key for key in row["keys"] if key in study.train]
    states = [m for key in reached for m in study.train[key].milestones if m.epoch == int(row["epoch"])]
    interval = mean_interval([state.test_accuracy for state in states])
    return Interval(max(0.0, interval.low), min(1.0, interval.high)) if interval.known else interval


def _network(study: Study, row: Mapping[str, Any]) -> Best:
    epoch = int(row["epoch"])
    states = {key: milestone(study, key, epoch) for key in row["keys"]}
    key = leading_seed(study, row)
    table = study.configurations
    rivals = table[
        (table["dataset"] == row["dataset"]) & (table["model"] == row["model"]) & (table["state"] == MEASURED)
    ]
    others = [
        milestone(study, leading_seed(study, other), int(other["epoch"])).misclassified.index
        for other in rows_of(rivals)
        if (other["keys"], other["epoch"]) != (row["keys"], row["epoch"])
    ]
    record = study.train[key]
    settings = [configuration(row, study.row_axes), "1 epoch" if epoch == 1 else f"{epoch} epochs"]
    if len(states) > 1:
        settings.append(f"seed {record.seed}")
    return Best(
        dataset=row["dataset"],
        family=NETWORKS,
        classifier=row["model"],
        words=", ".join(settings),
        key=key,
        keys=row["keys"],
        epoch=epoch,
        validation_accuracy=states[key].validation_accuracy,
        mean_validation=row["validation_accuracy"],
        accuracy=states[key].test_accuracy,
        images=record.test_samples,
        validation_images=record.val_samples,
        wrong=states[key].misclassified,
        seeds=len(states),
        seed_mean=row["test_accuracy"],
        seed_interval=seed_interval(study, row),
        training_seconds=row["training_seconds"],
        size=NETWORKS.size_of(record),
        stored=NETWORKS.stored(record, study.params.dataset(row["dataset"])),
        candidates=len(rivals),
        states=int(rivals["seeds"].sum()),
        rivals=sum(not_distinguishable(states[key].misclassified.index, others, record.test_samples)),
    )


def _svm(study: Study, row: Mapping[str, Any]) -> Best:
    record = study.svm[row["key"]]
    table = study.svms
    rivals = table[
        (table["dataset"] == row["dataset"])
        & (table["kernel"] == row["kernel"])
        & (table["state"] == MEASURED)
    ]
    others = [study.svm[key].misclassified.index for key in rivals["key"] if key != row["key"]]
    return Best(
        dataset=row["dataset"],
        family=SVMS,
        classifier=row["kernel"],
        words=svm_tables.settings(row),
        key=row["key"],
        keys=(row["key"],),
        epoch=None,
        validation_accuracy=record.validation_accuracy,
        mean_validation=record.validation_accuracy,
        accuracy=record.test_accuracy,
        images=record.test_samples,
        validation_images=record.val_samples,
        wrong=record.misclassified,
        seeds=1,
        seed_mean=record.test_accuracy,
        seed_interval=mean_interval([]),
        training_seconds=row["fit_seconds"],
        size=SVMS.size_of(record),
        stored=SVMS.stored(record, study.params.dataset(row["dataset"])),
        candidates=len(rivals),
        states=len(rivals),
        rivals=sum(not_distinguishable(record.misclassified.index, others, record.test_samples)),
    )

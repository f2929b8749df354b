"""Networks that train in less time than the chosen one without being distinguishably worse."""

from __future__ import annotations

from dataclasses import dataclass

from gridpress.report.analysis import best
from gridpress.report.analysis.best import Best
from gridpress.report.data.frames import MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import configuration
from gridpress.results.selection import best_seed
from gridpress.stats.significance import not_distinguishable

WORTH_SAVING = 0.1  # of the training time; less is no reason to choose otherwise


@dataclass(frozen=True)
class Quicker:
    """The quickest network configuration that the test images do not tell from the chosen one."""

    dataset: str
    chosen: Best
    words: str
    seconds: float
    accuracy: float

    @property
    def saved(self) -> float:
        """Share of the chosen one's training time."""
        return 1 - self.seconds / self.chosen.training_seconds


def quicker(study: Study) -> list[Quicker]:
    """Per dataset; only where one is much quicker than the choice. Not told apart is not proven equal."""
    found = []
    for dataset, winner in best.overall(best.networks(study)).items():
        table = study.configurations
        here = table[(table["dataset"] == dataset) & (table["state"] == MEASURED)]
        rows = [row for row in rows_of(here) if winner.key not in row["keys"] or row["epoch"] != winner.epoch]
        states = [best_seed(best.seeds_of(study, row), study.metric).tested for row in rows]
        alike = not_distinguishable(
            winner.wrong.index, [state.test.misclassified.index for state in states], winner.images
        )
        quick = [
            (row["training_seconds"], state, row)
            for row, state, same in zip(rows, states, alike, strict=True)
            if same and row["training_seconds"] < (1 - WORTH_SAVING) * winner.training_seconds
        ]
        if quick:
            seconds, state, row = min(quick, key=lambda entry: entry[0])
            settings = configuration(row, ["model", *study.row_axes])
            words = f"{settings}, {best.epochs(row['epoch'], state.kept)}"
            found.append(Quicker(dataset, winner, words, seconds, state.test.accuracy))
    return found

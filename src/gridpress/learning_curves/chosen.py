"""What validation chose, as runs of the grid: where its records lie, and what they say."""

from __future__ import annotations

from collections.abc import Iterator

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.study.grid import CONFIGURATION, BaselineRun, SvmRun, TrainRun, train_runs
from gridpress.study.records.chosen import ChosenBaseline, ChosenNetwork, ChosenRecord, ChosenSvm

FOLDER = "learning_curve"  # of everything about learning curves, below metrics/ and below metrics/timing/
CHOSEN = f"{FOLDER}/chosen"
# Of a dataset, beside each network's by its name; a network's file has no "-" in its name.
BEST_NETWORK, CLASSICAL = "best-network", "svms-and-baselines"


def chosen_networks(choices: ChosenRecord, params: Params, seed: int) -> Iterator[TrainRun]:
    """The runs of the chosen networks with a seed.

    Raises:
        GridpressError: they were chosen with other parameters.
    """
    for choice in choices.choices:
        if not isinstance(choice, ChosenNetwork):
            continue
        wanted = {name: getattr(choice, name) for name in CONFIGURATION if name != "dataset"}
        wanted |= {"dataset": choices.dataset, "seed": seed}
        run = next((run for run in train_runs(params).values() if vars(run) == wanted), None)
        settings = getattr(params.optimizers, choice.optimizer), params.recipes.get(choice.recipe)
        if run is None or settings != (choice.optimizer_settings, choice.recipe_settings):
            raise _of_other_parameters(choices)
        yield run


def chosen_classical(choices: ChosenRecord, params: Params) -> Iterator[SvmRun | BaselineRun]:
    """The runs of the chosen SVMs and baselines; raises as `chosen_networks`."""
    for choice in choices.choices:
        match choice:
            case ChosenSvm(name=name, config=config) if params.svm.configs.get(name) == config:
                yield SvmRun(choices.dataset, name, config)
            case ChosenBaseline(name=name, config=other) if params.baseline.configs.get(name) == other:
                yield BaselineRun(choices.dataset, name, other)
            case ChosenSvm() | ChosenBaseline():
                raise _of_other_parameters(choices)


def _of_other_parameters(choices: ChosenRecord) -> GridpressError:
    return GridpressError(
        f"metrics/{CHOSEN}/{choices.key}.json is of other parameters than params.yaml has now; "
        "`gridpress repro` chooses again"
    )

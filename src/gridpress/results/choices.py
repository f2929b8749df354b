"""What learning curves are computed of: the configurations that validation chose, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gridpress.config.params import Params
from gridpress.config.values import Metric
from gridpress.families.networks import NETWORKS
from gridpress.families.registry import family_of
from gridpress.learning_curves.chosen import BEST_NETWORK, CLASSICAL
from gridpress.results.selection import (
    Candidate,
    by_classifier,
    chosen,
    leading_configuration,
    mean_score,
    over_seeds,
)
from gridpress.study.grid import CONFIGURATION
from gridpress.study.records.chosen import Choice, ChosenBaseline, ChosenNetwork, ChosenRecord, ChosenSvm
from gridpress.study.records.runs import BaselineRecord, RunRecord, SvmRecord, TrainRecord

Seeds = Sequence[Candidate[Any]]


def keys_of_choices(params: Params) -> list[str]:
    """Of the records that `choices` gives."""
    names = [*params.train.grid.model, BEST_NETWORK, CLASSICAL]
    return [f"{dataset}-{name}" for dataset in params.datasets for name in names]


def choices(params: Params, records: Sequence[RunRecord], sources: Mapping[str, str]) -> list[ChosenRecord]:
    """Per dataset a record for each network, one for the best network, and one for all other classifiers.

    Args:
        params: of the study.
        records: of all runs, family by family in the order of params.yaml.
        sources: the SHA-256 of the file of each network of the grid.
    """
    metric = params.selection.metric
    found = []
    for dataset in params.datasets:
        here = [record for record in records if record.dataset == dataset]
        leading = [leading_configuration(over_seeds(group), metric) for group in by_classifier(here).values()]
        reached = [seeds for seeds in leading if seeds is not None]
        networks = [seeds for seeds in reached if family_of(seeds[0].record) is NETWORKS]
        of_model = {family_of(seeds[0].record).classifier(seeds[0].record): seeds for seeds in networks}
        named: dict[str, list[Seeds]] = {
            **{model: [of_model[model]] if model in of_model else [] for model in params.train.grid.model},
            BEST_NETWORK: _best(networks, metric),
            CLASSICAL: [seeds for seeds in reached if seeds not in networks],
        }
        found += [_record(dataset, name, of, sources) for name, of in named.items()]
    return found


def _best(of: Iterable[Seeds], metric: Metric) -> list[Seeds]:
    best = chosen(of, lambda seeds: mean_score(seeds, metric))
    return [] if best is None else [best]


def _record(dataset: str, name: str, found: Iterable[Seeds], sources: Mapping[str, str]) -> ChosenRecord:
    return ChosenRecord(
        schema_version=ChosenRecord.current,
        key=f"{dataset}-{name}",
        dataset=dataset,
        choices=[_choice(seeds[0].record, sources) for seeds in found],
    )


def _choice(record: TrainRecord | SvmRecord | BaselineRecord, sources: Mapping[str, str]) -> Choice:
    match record:
        case TrainRecord():
            axes = {axis: getattr(record, axis) for axis in CONFIGURATION if axis != "dataset"}
            return ChosenNetwork(
                **axes,
                optimizer_settings=record.optimizer_settings,
                recipe_settings=record.recipe_settings,
                source_sha256=sources[record.model],
            )
        case SvmRecord():
            return ChosenSvm(name=record.name, config=record.config)
        case BaselineRecord():
            return ChosenBaseline(name=record.name, config=record.config)

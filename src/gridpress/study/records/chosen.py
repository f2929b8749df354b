"""The configurations that validation chose: what learning curves are computed of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from gridpress.config.baselines import Baseline
from gridpress.config.optimizers import Adam, Sgd
from gridpress.config.recipes import Recipe
from gridpress.config.svm import SvmConfig
from gridpress.config.values import DataMemory, Name, OptimizerName, Precision, Sha256
from gridpress.study.records.base import Count, Record, RecordPart


class ChosenNetwork(RecordPart):
    """The axes of the grid but dataset and seed, the settings that they name, and the file of the network."""

    model: Name
    batch_size: Count
    optimizer: OptimizerName
    learning_rate: float
    precision: Precision
    data_memory: DataMemory
    recipe: Name
    optimizer_settings: Sgd | Adam
    recipe_settings: Recipe
    source_sha256: Sha256 = Field(description="of the file that makes the network, as its record has it")


class ChosenSvm(RecordPart):
    """An entry of `svm.configs`."""

    name: Name
    config: SvmConfig


class ChosenBaseline(RecordPart):
    """An entry of `baseline.configs`."""

    name: Name
    config: Baseline


def _kind(value: Any) -> str:
    if not isinstance(value, dict):
        return type(value).__name__
    config = value.get("config")
    if isinstance(config, dict):
        return "ChosenBaseline" if "estimator" in config else "ChosenSvm"
    return "ChosenNetwork"


Choice = Annotated[
    Annotated[ChosenNetwork, Tag("ChosenNetwork")]
    | Annotated[ChosenSvm, Tag("ChosenSvm")]
    | Annotated[ChosenBaseline, Tag("ChosenBaseline")],
    Discriminator(_kind),
]


class ChosenRecord(Record):
    """What is computed again with other numbers of images or epochs; nothing where all diverged."""

    named_by = "key"
    key: Name
    dataset: Name
    choices: list[Choice]

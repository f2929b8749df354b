"""All that decides how a run is trained, but for its images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridpress.config.optimizers import Adam, Sgd
from gridpress.config.params import Params
from gridpress.config.recipes import Recipe
from gridpress.config.training import Train
from gridpress.errors import InputError
from gridpress.files import sha256_of
from gridpress.networks.building.architecture import Architecture
from gridpress.seeding import seed_of
from gridpress.study.grid import TrainRun


@dataclass(frozen=True)
class Setup:
    """A run of the grid with the settings that it names.

    Attributes:
        run: the cell of the grid.
        settings: of all runs.
        recipe: that the run names.
        optimizer: settings of the optimizer that the run names.
    """

    run: TrainRun
    settings: Train
    recipe: Recipe
    optimizer: Sgd | Adam

    @classmethod
    def of(cls, run: TrainRun, params: Params) -> Setup:
        """By the parameters of a study."""
        optimizer = getattr(params.optimizers, run.optimizer)
        return cls(run, params.train, params.recipes[run.recipe], optimizer)

    def seed(self, purpose: str, *numbers: int) -> int:
        """Of the random draws for a purpose.

        They belong to the whole configuration and its seed, or, where seeds are shared, to the seed alone.
        """
        owner = self.run.key if self.settings.seeds == "independent" else str(self.run.seed)
        return seed_of(owner, purpose, *numbers)

    @property
    def draw(self) -> int | None:
        """The seed of a training sample of its own; None where all runs share one."""
        return self.seed("subset") if self.settings.subset == "own" else None

    def architecture(self, classes: int) -> Architecture:
        """The network, for so many classes."""
        settings, recipe = self.settings, self.recipe
        size = settings.channels, classes, settings.image_size
        return Architecture(self.run.model, *size, recipe.stem, recipe.pretrained)

    def weights_file(self, root: Path) -> Path | None:
        """The file of pretrained weights that the recipe names below the study's folder; None for no file.

        Raises:
            InputError: it cannot be read, or is another one than the recipe says.
        """
        if isinstance(self.recipe.weights, str):
            return None
        path = root / self.recipe.weights.file
        try:
            found = sha256_of(path)
        except OSError as error:
            raise InputError(
                f"cannot read {path}, which recipe {self.run.recipe} names: {error.strerror}"
            ) from None
        if found != self.recipe.weights.sha256:
            raise InputError(
                f"{path}: SHA-256 expected {self.recipe.weights.sha256} by recipe {self.run.recipe}, "
                f"found {found}"
            )
        return path

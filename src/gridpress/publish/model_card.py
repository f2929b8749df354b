"""The text that goes with exported weights: what they are, how good, and how to use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from torch import nn
from torchvision import models

from gridpress.checks.verify.tolerance import Tolerance
from gridpress.config.params import Params
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import make_random
from gridpress.networks.building.pretrained import image_size
from gridpress.networks.building.shapes import of_shapes
from gridpress.networks.names import OWN
from gridpress.networks.torchvision import options
from gridpress.report.presentation.names import METRIC_TITLES, percent
from gridpress.stats.intervals import Interval, wilson
from gridpress.study.grid import TrainRun
from gridpress.study.records.runs import Milestone, TrainRecord
from gridpress.training.input_pipeline import InputPipeline, margins
from gridpress.training.setup import Setup

ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701  Markdown, not HTML
)
ENVIRONMENT.filters["percent"] = percent


@dataclass(frozen=True)
class Elsewhere:
    """Why the recorded network cannot be had to the last bit here, and how far this one may lie from it."""

    reasons: list[str]
    tolerance: Tolerance


@dataclass(frozen=True)
class Card:
    """What the card of one network tells.

    Attributes:
        name: of the run of its stage, as DVC names it.
        run: the training run.
        chosen_with: the training images with which its configuration was chosen, if it is a final model.
        milestone: the epoch at which the weights were taken, with the results of this network.
        record: of that run.
        recorded: its milestone at this epoch, which is another where `elsewhere` is not None.
        elsewhere: why the last bits of the record cannot be had here.
        params: of the study.
        pipeline: what the network receives.
        changed: test images to which the file's network gives another class than recorded.
        commit: of the study.
    """

    name: str
    run: TrainRun
    chosen_with: int | None
    milestone: Milestone
    record: TrainRecord
    recorded: Milestone
    elsewhere: Elsewhere | None
    params: Params
    pipeline: InputPipeline
    changed: int
    commit: str

    @property
    def interval(self) -> Interval:
        """Of the test accuracy, over test images."""
        images = self.record.test_samples
        return wilson(images - len(self.milestone.test.misclassified.index), images)

    def text(self, file: str) -> str:
        """The card in Markdown, beside the weights in `file`."""
        dataset = self.params.dataset(self.run.dataset)
        return ENVIRONMENT.get_template("model_card.md.j2").render(
            vars(self),
            file=file,
            interval=self.interval,
            answer="the class that it gave after training" if self.elsewhere else "the recorded class",
            data=self.params.data,
            metric=self.params.selection.metric,
            titles=METRIC_TITLES,
            optimizer=getattr(self.params.optimizers, self.run.optimizer),
            recipe=self.record.recipe_settings,
            mean=_constant(self.pipeline.mean),
            std=_constant(self.pipeline.std),
            dataset=dataset,
            resized=self.pipeline.image_size != dataset.side,
            margins=margins(dataset.width, dataset.height),
            construction=construction(Setup.of(self.run, self.params).architecture(len(dataset.classes))),
        )


def construction(wanted: Architecture) -> list[str]:
    """The statements that make a network of such a shape, in a module that imports torch."""
    if wanted.name in OWN:
        built = f"{wanted.name}.build({wanted.channels}, {wanted.classes}, {wanted.image_size})"
        return [f"from gridpress.networks.own import {wanted.name}", "", f"model = {built}"]
    size = image_size(wanted.name) if wanted.pretrained else wanted.image_size
    arguments = {"num_classes": wanted.classes, **options(wanted.name, size)}
    named = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    plain = of_shapes(lambda: models.get_model(wanted.name, **arguments))
    changed = of_shapes(lambda: make_random(wanted._replace(image_size=size)))
    parts = dict(plain.named_modules())
    return [
        "from torchvision import models",
        "",
        f"model = models.{wanted.name}({named})",
        *(
            _assignment(path, part)
            for path, part in changed.named_modules()
            if not [*part.children()] and repr(part) != repr(parts[path])
        ),
    ]


def _assignment(path: str, part: nn.Module) -> str:
    parent, _, attribute = path.rpartition(".")
    if not parent:
        return f"model.{attribute} = torch.nn.{part!r}"
    return f"setattr(model.get_submodule({parent!r}), {attribute!r}, torch.nn.{part!r})"


def _constant(values: Sequence[float]) -> str:
    """In code: a number, or one for each channel."""
    return str(values[0]) if len(values) == 1 else f"torch.tensor({[*values]}).view(-1, 1, 1)"

"""The text that goes with exported weights: what they are, how good, and how to use them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gridpress.checks.verify.tolerance import Tolerance
from gridpress.config.params import Params
from gridpress.networks.torchvision import build, first_convolution
from gridpress.report.presentation.names import percent
from gridpress.stats.intervals import Interval, wilson
from gridpress.study.grid import TrainRun
from gridpress.study.records.runs import Milestone, TrainRecord
from gridpress.training.input_pipeline import InputPipeline, margins

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
        run: the training run.
        milestone: the epoch at which the weights were taken, with the results of this network.
        record: of that run.
        recorded: its milestone at this epoch, which is another where `elsewhere` is not None.
        elsewhere: why the last bits of the record cannot be had here.
        params: of the study.
        pipeline: what the network receives.
        changed: test images to which the file's network gives another class than recorded.
        commit: of the study.
    """

    run: TrainRun
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
        return wilson(images - len(self.milestone.misclassified.index), images)

    def text(self, file: str) -> str:
        """The card in Markdown, beside the weights in `file`."""
        dataset = self.params.dataset(self.run.dataset)
        return ENVIRONMENT.get_template("model_card.md.j2").render(
            vars(self),
            file=file,
            interval=self.interval,
            answer="the class that it gave after training" if self.elsewhere else "the recorded class",
            data=self.params.data,
            optimizer=getattr(self.params.optimizers, self.run.optimizer),
            dataset=dataset,
            resized=self.pipeline.image_size != dataset.side,
            margins=margins(dataset.width, dataset.height),
            first=_first_convolution(self.run.model, len(dataset.classes), self.pipeline.channels),
        )


def _first_convolution(name: str, classes: int, channels: int) -> str:
    """The statement that gives torchvision's network the first convolution of this one.

    Empty for three channels.
    """
    if channels == 3:
        return ""
    path, conv = first_convolution(build(name, channels, classes, seed=0))
    made = (
        f"torch.nn.Conv2d({channels}, {conv.out_channels}, kernel_size={conv.kernel_size}, "
        f"stride={conv.stride}, "
        f"padding={conv.padding}, bias={conv.bias is not None})"
    )
    parent, _, attribute = path.rpartition(".")
    if not parent:
        return f"model.{attribute} = {made}"
    return f"setattr(model.get_submodule({parent!r}), {attribute!r}, {made})"

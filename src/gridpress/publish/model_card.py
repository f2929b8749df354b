"""The text that goes with exported weights: what they are, how good, and how to use them."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, StrictUndefined

from gridpress.checks.verify.tolerance import Tolerance
from gridpress.config.params import Params
from gridpress.stats.intervals import Interval, wilson
from gridpress.study.grid import TrainRun
from gridpress.study.records.runs import Milestone, TrainRecord
from gridpress.training.input_pipeline import InputPipeline

TEMPLATE = '''\
# {{ run.model }} on {{ run.dataset }}

Weights at the end of epoch {{ milestone.epoch }} of the training run `{{ run.key }}`. Validation chose them among
the study's configurations of {{ run.model }} on {{ run.dataset }} and their milestones (by the mean over seeds where
there are several, and of these again the best).

| | |
|---|---|
| test accuracy | {{ "%.2f" | format(100 * milestone.test_accuracy) }} % of {{ record.test_samples }} images; \
95 % Wilson interval {{ "%.2f" | format(100 * interval.low) }} to {{ "%.2f" | format(100 * interval.high) }} % |
{% if elsewhere %}\
| in the study | {{ "%.2f" | format(100 * recorded.test_accuracy) }} %, on another kind of machine\
{% for reason in elsewhere.reasons %}; {{ reason | replace("|", "\\\\|") }}{% endfor %}. The same training gives other last bits here, so this \
is another network; its test accuracy has to lie within {{ "%.2f" | format(100 * elsewhere.tolerance.half_width) }} \
points of the recorded one ({{ elsewhere.tolerance.reason }}), and does |
{% endif %}\
| validation accuracy | {{ "%.2f" | format(100 * milestone.validation_accuracy) }} % of {{ record.val_samples }} \
images; it made the choice, so it flatters |
| parameters | {{ record.parameters }} |
| data | {{ run.dataset }}, 70,000 images pooled and split with seed {{ data.seed }} into {{ data.split.train }} \
training, {{ data.split.validation }} validation and {{ data.split.test }} test; {{ record.train_samples }} training \
images used |
| input | {{ pipeline.image_size }} x {{ pipeline.image_size }} pixels, {{ pipeline.channels }} channel\
{{ "s" if pipeline.channels > 1 }}; values from 0 to 1, minus mean {{ pipeline.mean }}, \
divided by standard deviation {{ pipeline.std }} |
| training | {{ milestone.epoch }} epoch{{ "s" if milestone.epoch > 1 }}, batch size {{ run.batch_size }}, \
{{ run.optimizer }} with learning rate {{ run.learning_rate }}\
{% for name, value in optimizer %}, {{ name }} {{ value }}{% endfor %}; seed {{ run.seed }} |
| precision | {{ run.precision }} on {{ record.device }}; the file holds float32 |
| commit | {{ commit }} |

Before it was written, the file was loaded as below, in float32:
{% if changed == 0 -%}
it gives {{ answer }} for every test image.
{%- else -%}
it gives another than {{ answer }} for {{ changed }} of the {{ record.test_samples }} test images. They lie on the
border between two classes, where the last bits decide.
{%- endif %}

```python
import torch
from safetensors.torch import load_file
from torchvision import models
{% if resized %}from torchvision.transforms.v2 import functional
{% endif %}
model = models.{{ run.model }}(num_classes=10)
{% if pipeline.channels != 3 %}\
model.conv1 = torch.nn.Conv2d({{ pipeline.channels }}, 64, kernel_size=7, stride=2, padding=3, bias=False)
{% endif %}\
model.load_state_dict(load_file("{{ file }}"))
model.eval()


@torch.inference_mode()
def classify(pixels):
    """The class of each of the images uint8 [N, 28, 28], as the dataset's files hold them."""
    images = (pixels.unsqueeze(1).float() / 255 - {{ pipeline.mean }}) / {{ pipeline.std }}
{% if resized %}\
    images = functional.resize(images, [{{ pipeline.image_size }}, {{ pipeline.image_size }}], antialias=False)
{% endif %}\
    return model(images{{ ".expand(-1, %d, -1, -1)" % pipeline.channels if pipeline.channels > 1 }}).argmax(dim=1)
```
{% if pipeline.channels != 3 %}
The first convolution takes {{ pipeline.channels }} channel where torchvision's takes three, hence the line on `conv1`.
{% endif %}\
'''


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
        environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701  # no HTML
        return environment.from_string(TEMPLATE).render(
            vars(self),
            file=file,
            interval=self.interval,
            answer="the class that it gave after training" if self.elsewhere else "the recorded class",
            data=self.params.data,
            optimizer=getattr(self.params.optimizers, self.run.optimizer),
            resized=self.pipeline.image_size != self.params.dataset(self.run.dataset).height,
        )

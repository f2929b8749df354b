"""A trained network in the shape of torchvision's: training drops kernel taps that only see padding."""

from __future__ import annotations

import copy

import numpy as np
from safetensors.torch import load
from torch import Tensor, nn

from gridpress.errors import GridpressError
from gridpress.stats.intervals import wilson
from gridpress.study.records.runs import Evaluation
from gridpress.training import loop
from gridpress.training.prediction import evaluation_batches, predict


def full_kernels(trained: nn.Module, drawn: nn.Module) -> dict[str, Tensor]:
    """The weights of a trained network in the shape of torchvision's, on the CPU.

    `taps.keep_live_taps` drops the taps of a kernel that only ever see zero padding. Training would have
    left them as they were drawn, so they are taken from the network before training.

    Args:
        trained: perhaps without dead taps.
        drawn: the same network before training, with all of them.
    """
    state = {name: value.cpu().contiguous() for name, value in trained.state_dict().items()}
    whole = dict(drawn.named_modules())
    for name, module in trained.named_modules():
        full = whole[name]
        if (
            isinstance(module, nn.Conv2d)
            and isinstance(full, nn.Conv2d)
            and module.kernel_size != full.kernel_size
        ):
            (top, left), (rows, columns) = _first_tap(full, module), module.kernel_size
            weight = full.weight.detach().clone()
            weight[:, :, top : top + rows, left : left + columns] = state[f"{name}.weight"]
            state[f"{name}.weight"] = weight
    return state


def _first_tap(full: nn.Conv2d, live: nn.Conv2d) -> tuple[int, int]:
    """Row and column at which a reduced kernel lies in the full one: padding shrinks with what it drops."""
    return int(full.padding[0]) - int(live.padding[0]), int(full.padding[1]) - int(live.padding[1])


def changed_answers(content: bytes, drawn: nn.Module, session: loop.Session, recorded: Evaluation) -> int:
    """How many test images the file's network answers otherwise than the recorded one, in float32.

    Full kernels are computed by other code than reduced ones, and half precision is not used here: the
    answer to an image on the border between two classes may change.

    Args:
        content: of the file.
        drawn: the network before training, with its full kernels.
        session: after training.
        recorded: how its answers to the test images were recorded.

    Raises:
        GridpressError: more change than test images explain.
    """
    network = copy.deepcopy(drawn)
    network.load_state_dict(load(content))
    network.to(session.device).eval()
    test = session.splits.test
    images = (session.pixels[batch.to(session.pixels.device)] for batch in evaluation_batches(test))
    logits = predict(network, (session.pipeline(batch.to(session.device)) for batch in images))
    answers = logits.argmax(axis=1)
    before = np.array(session.truth)
    before[recorded.misclassified.index] = recorded.misclassified.predicted
    correct = int((answers == session.truth[test]).sum())
    if wilson(recorded.accuracy * len(test), len(test)).excludes(correct / len(test)):
        raise GridpressError(
            f"{session.run.key}: the exported weights give a test accuracy of {correct / len(test)}, the "
            f"record has {recorded.accuracy}. Nothing was written."
        )
    return int((answers != before[test]).sum())

"""Small IDX files with the names of the real ones, and what the real code calls their pins."""

from __future__ import annotations

import gzip
import hashlib
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gridpress.config.dataset import Dataset
from gridpress.config.declared import declared as declared_in
from gridpress.config.optimizers import Sgd
from gridpress.config.svm import SvmConfig
from gridpress.data.loading import Pin
from gridpress.fetch.local import LocalFolder
from gridpress.fetch.obtain import obtain
from gridpress.fetch.source import Source
from gridpress.report.data.published import RECIPE
from gridpress.study.records.runs import (
    Epoch,
    Evaluation,
    Milestone,
    Predictions,
    SvmRecord,
    TrainRecord,
)

COUNTS = {"train": 60, "t10k": 20}
DECLARED = declared_in(Path(__file__).with_name("frozen"))


def idx(values: np.ndarray) -> bytes:
    header = [0x0800 + values.ndim, *values.shape]
    return np.array(header, ">u4").tobytes() + values.astype(np.uint8).tobytes()


def idx_files(seed: int = 0) -> dict[str, bytes]:
    """Noise, which gzip cannot make smaller, under labels that go round."""
    rng = np.random.default_rng(seed)
    files = {}
    for part, count in COUNTS.items():
        files[f"{part}-images-idx3-ubyte"] = idx(rng.integers(0, 256, (count, 28, 28)))
        files[f"{part}-labels-idx1-ubyte"] = idx(np.arange(count) % 10)
    return files


def pins(files: dict[str, bytes]) -> dict[str, Pin]:
    return {name: Pin(hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()}


def declared(files: dict[str, bytes], **changes: Any) -> Dataset:
    """A dataset of these files, from nowhere; otherwise MNIST with `changes`."""
    content = DECLARED["mnist"].model_dump()
    parts = [
        {"images": f"{part}-images-idx3-ubyte", "labels": f"{part}-labels-idx1-ubyte", "number": count}
        for part, count in COUNTS.items()
    ]
    sizes = {name: pin._asdict() for name, pin in pins(files).items()}
    return Dataset.model_validate({**content, "parts": parts, "files": sizes, "sources": [], **changes})


def write_all(folder: Path, files: dict[str, bytes], *, zipped: bool = False) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}{'.gz' * zipped}").write_bytes(gzip.compress(data) if zipped else data)
    return folder


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Progress:
    """What a progress bar would show."""

    def __init__(self) -> None:
        self.done, self.steps = 0.0, 0

    def __call__(self, amount: float = 1, note: str | None = None) -> None:  # noqa: ARG002
        self.done += amount
        self.steps += amount > 0


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: content of files, None for the rest."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def refusal(source: Source, tmp_path: Path, files: dict[str, bytes]) -> str:
    """Why `source` is refused, after checking what holds whenever one is.

    The next source is asked and delivers, nothing is written but the data, and memory stays small.
    """
    good = write_all(tmp_path / "good", files)
    folder = tmp_path / "data" / "mnist"
    folder.parent.mkdir()
    before, said, progress = tree(tmp_path), [], Progress()
    tracemalloc.start()
    obtain(
        folder,
        pins(files),
        [source, LocalFolder(good, "mnist")],
        progress,
        said.append,
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read_all(folder) == files
    assert {path: content for path, content in tree(tmp_path).items() if "data/mnist" not in path} == before
    assert progress.done == pytest.approx(sum(map(len, files.values())))
    assert peak < 40 << 20
    [reason] = said
    assert reason.startswith(f"{source.title}: ")
    assert reason.isprintable()
    return reason


# What a record says of its images, where that does not matter.
TEN_IMAGES = {
    "data_seed": 0,
    "split_sizes": {"train": 10, "validation": 10, "test": 10},
    "train_samples": 10,
    "val_samples": 10,
    "test_samples": 10,
}
NONE = Predictions(index=[], predicted=[])


def scored(accuracy: float = 0.5, wrong: Predictions = NONE, images: int = 10, **values: float) -> Evaluation:
    """The answers to ten images, as far as nobody compares them with their labels."""
    shares = {"balanced_accuracy": accuracy, "macro_precision": accuracy, "macro_f1": accuracy}
    return Evaluation(
        images=images,
        accuracy=accuracy,
        **shares | {"log_loss": 1.0} | values,
        misclassified=wrong,
        reliability={name: [0] * 15 for name in ("images", "correct", "confidence")},
    )


def at_epoch(epoch: int, **values: float) -> Epoch:
    """An epoch of a history."""
    names = ("validation_accuracy", "validation_balanced_accuracy", "validation_macro_f1")
    return Epoch(
        epoch=epoch,
        **dict.fromkeys(names, 0.1) | {"loss": 1, "train_accuracy": 1, "validation_log_loss": 1.0} | values,
    )


def trained(milestones: Sequence[tuple[Evaluation, Evaluation]], **values: Any) -> TrainRecord:
    """A training run by validation and test of each epoch; of MNIST, with other fields as named."""
    states = [
        Milestone(epoch=epoch, train_accuracy=1, validation=validation, test=test)
        for epoch, (validation, test) in enumerate(milestones, start=1)
    ]
    fields: dict[str, Any] = {
        "key": "k",
        "dataset": "mnist",
        "model": "resnet18",
        "batch_size": 16,
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "precision": "fp32",
        "data_memory": "device",
        "recipe": "default",
        "seed": 0,
        "epochs": 2,
        "image_size": 28,
        "channels": 1,
        "threads": 1,
        "seeds": "independent",
        "subset": "shared",
        "device": "cpu",
        "parameters": 1,
        **TEN_IMAGES,
        "train_eval_samples": 10,
        "optimizer_settings": Sgd(momentum=0.9, weight_decay=0.0),
        "recipe_settings": RECIPE,
        "diverged_at_epoch": None,
        "stopped": None,
        "history": [at_epoch(state.epoch) for state in states],
        "milestones": states,
    }
    return TrainRecord(schema_version=TrainRecord.current, **fields | values)


def fitted(validation: Evaluation, test: Evaluation, kernel: str = "rbf", **values: Any) -> SvmRecord:
    """A support vector machine by its answers; of MNIST, with other fields as named."""
    degree = 2 if kernel == "poly" else None
    fields: dict[str, Any] = {
        "key": "k",
        "dataset": "mnist",
        "name": "n",
        "config": SvmConfig(kernel=kernel, C=1.0, gamma="auto", degree=degree),
        "scaling": "none",
        "max_iter": -1,
        **TEN_IMAGES,
        "support_vectors": [1] * 10,
        "converged": True,
        "kernel_values": "precomputed",
        "temperature": 1.0,
        "train_accuracy": 1,
        "validation": validation,
        "test": test,
    }
    return SvmRecord(schema_version=SvmRecord.current, **fields | values)

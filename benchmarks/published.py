"""The way of the published studies, written as they write it, for the networks and images of ours.

A torchvision dataset with PIL transforms, a `DataLoader` with two workers, fp32, the loss fetched with
`.item()` at every step, scikit-learn's SVC as it comes. `python -m benchmarks.published FOLDER` computes
every run of the study it is called in, one after the other with all cores, and prints the test accuracies;
FOLDER holds the IDX files of each dataset.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset
from torchvision import datasets as torchvision
from torchvision import transforms

from gridpress.classical.svc import plain_svc
from gridpress.config.optimizers import Adam, Sgd
from gridpress.config.params import Params, load_params
from gridpress.config.svm import Svm, SvmConfig
from gridpress.data import loading
from gridpress.data.loading import Images, Labels
from gridpress.data.splits import Splits, split
from gridpress.networks.building.build import build
from gridpress.study.grid import TrainRun, svm_runs, train_runs
from gridpress.study.project import find_project
from gridpress.training.milestones import tested_at
from gridpress.training.setup import Setup

WORKERS = 2
CLASSES = {"mnist": torchvision.MNIST, "fashion_mnist": torchvision.FashionMNIST}
PLATFORM_DEFAULT = multiprocessing.get_all_start_methods()[0]  # whatever way this very process was started


class Training:
    """One run: the same network, images, batch size and optimizer as `gridpress.training.loop.Session`."""

    def __init__(self, setup: Setup, folder: Path, splits: Splits, images: Images) -> None:
        run, settings = setup.run, setup.settings
        self.batch_size = run.batch_size
        self.splits = splits
        pixels = images.pixels[splits.train]
        mean, std = float(pixels.mean()) / 255, float(pixels.std()) / 255
        self.images = pooled(
            run.dataset,
            folder,
            transforms.Compose(
                [
                    transforms.Grayscale(settings.channels),
                    transforms.Resize((settings.image_size, settings.image_size)),
                    transforms.ToTensor(),
                    transforms.Normalize([mean] * settings.channels, [std] * settings.channels),
                ]
            ),
        )
        self.model = build(setup.architecture(images.classes), setup.seed("weights"))
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = make_optimizer(self.model, setup.optimizer, run.learning_rate)

    def loader(self, index: NDArray[np.int64], *, shuffle: bool) -> DataLoader[tuple[Tensor, Tensor]]:
        """Batches of float32 [B, channels, size, size] and labels [B]."""
        warnings.filterwarnings(
            "ignore", message="This DataLoader will create"
        )  # more workers than cores: meant
        return DataLoader(
            Subset(self.images, index.tolist()),
            batch_size=self.batch_size,
            shuffle=shuffle,
            num_workers=WORKERS,
            multiprocessing_context=PLATFORM_DEFAULT,
        )

    def train_epoch(self, on_step: Callable[[], None]) -> float:
        """Mean loss over the steps of one epoch."""
        self.model.train()
        loader = self.loader(self.splits.train, shuffle=True)
        total = 0.0
        for images, labels in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(images), labels)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
            on_step()
        return total / len(loader)

    @torch.no_grad()
    def accuracy(self, index: NDArray[np.int64]) -> float:
        """Share of these images that the network gets right."""
        self.model.eval()
        right = 0
        for images, labels in self.loader(index, shuffle=False):
            right += (self.model(images).argmax(dim=1) == labels).sum().item()
        return right / len(index)


def make_optimizer(model: nn.Module, settings: Sgd | Adam, learning_rate: float) -> torch.optim.Optimizer:
    """The optimizer as torch makes it when nothing else is asked for."""
    if isinstance(settings, Sgd):
        return torch.optim.SGD(
            model.parameters(),
            lr=learning_rate,
            momentum=settings.momentum,
            weight_decay=settings.weight_decay,
        )
    betas = (settings.beta1, settings.beta2)
    return torch.optim.Adam(
        model.parameters(), lr=learning_rate, betas=betas, weight_decay=settings.weight_decay
    )


def pooled(
    dataset: str, folder: Path, transform: Callable[..., Tensor] | None
) -> Dataset[tuple[Tensor, Tensor]]:
    """torchvision's two datasets one after the other, read from the four IDX files in a folder."""
    kind = CLASSES[dataset]
    with TemporaryDirectory() as root:  # read when the dataset is made, never again
        expected = Path(root) / kind.__name__ / "raw"
        expected.parent.mkdir()
        expected.symlink_to(folder.resolve(), target_is_directory=True)
        return ConcatDataset([kind(root, train=train, transform=transform) for train in (True, False)])


def study(params: Params, raw: Path) -> dict[str, float]:
    """Test accuracies of all runs of a study by key, computed one after the other."""
    accuracies = {}
    for dataset in params.datasets:
        images = loading.load(raw / dataset, params.dataset(dataset).format)
        splits = split(images.labels, params.division(dataset))
        for key, run in train_runs(params).items():
            if run.dataset == dataset:
                accuracies[key] = _train(run, params, raw / dataset, images, splits)
        features = images.pixels.reshape(len(images.pixels), -1)
        for key, machine in svm_runs(params).items():
            if machine.dataset == dataset:
                accuracies[key] = _fit(machine.config, params.svm, features, images.labels, splits)
    return accuracies


def _train(run: TrainRun, params: Params, folder: Path, images: Images, splits: Splits) -> float:
    training = Training(Setup.of(run, params), folder, splits, images)
    tested, test_accuracy = tested_at(params.train, params.recipes[run.recipe]), 0.0
    for epoch in range(1, params.train.epochs + 1):
        training.train_epoch(lambda: None)
        training.accuracy(splits.validation)
        if epoch in tested:
            test_accuracy = training.accuracy(splits.test)
    return test_accuracy


def _fit(
    config: SvmConfig, settings: Svm, pixels: NDArray[np.uint8], labels: Labels, splits: Splits
) -> float:
    train = pixels[splits.train] / 255
    scaler = StandardScaler().fit(train)
    machine = plain_svc(config, settings).fit(scaler.transform(train), labels[splits.train])
    machine.predict(scaler.transform(pixels[splits.validation] / 255))
    answers = machine.predict(scaler.transform(pixels[splits.test] / 255))
    return float((answers == labels[splits.test]).mean())


if __name__ == "__main__":
    print(json.dumps(study(load_params(find_project().params), Path(sys.argv[1]))))

"""Made-up studies: records that a study of these parameters could have, written where they belong."""

from __future__ import annotations

import base64
import copy
import shutil
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel
from ruamel.yaml import YAML

from conftest import DECLARED
from gridpress.benchmark.cost import Cost
from gridpress.benchmark.records.agreement import Agreement, LossCurve
from gridpress.benchmark.records.cases import Baseline, CaseRecord, Roofline, TargetComparison
from gridpress.benchmark.records.growth import Growth
from gridpress.benchmark.records.hardware import ForeignLoad, HardwareRecord
from gridpress.benchmark.records.svm import SvmCost, SvmTimes
from gridpress.benchmark.records.targets import TargetLimits, TargetRecord
from gridpress.benchmark.records.timing import BlockTiming, TimingInterval
from gridpress.config.params import Params, parse_params
from gridpress.config.yaml_file import read_yaml
from gridpress.data.splits import split
from gridpress.results.shared_errors import hardest, indices
from gridpress.study import expected
from gridpress.study.grid import SvmRun, TrainRun, svm_runs, train_runs
from gridpress.study.project import Project
from gridpress.study.records.data import DataRecord, ImagesRecord, Sample
from gridpress.study.records.runs import Epoch, Milestone, Predictions, SvmRecord, TrainRecord
from gridpress.study.records.store import dumps
from gridpress.study.records.timings import SvmTiming, TrainTiming
from gridpress.system.machine import Machine

ROOT = Path(__file__).resolve().parents[2]
PARAMETERS = {"resnet18": 11181642, "resnet34": 21289802, "resnet50": 23528522}
LABELS = np.tile(np.arange(10, dtype=np.uint8), 7000)
ACCURACY = {"mnist": 0.97, "fashion_mnist": 0.88}
MACHINE = Machine(
    processor="Example CPU",
    processor_family=None,
    vector_extensions=["avx2"],
    physical_cores=2,
    logical_cores=4,
    usable_cores=4,
    memory_bytes=8 << 30,
    gpus=[],
    operating_system="Example OS",
    kernel="Linux 6.1",
    versions={"python": "3.11.7", "torch": "2.14.1"},
    environment={},
    preloaded=[],
    load_average=None,
)
EFFECTS = {
    "resnet18": 0.005,
    "resnet34": 0.003,
    "resnet50": 0.0,
    "sgd": -0.01,
    "adam": 0.0,
    0.001: 0.0,
    0.0001: -0.02,
    16: 0.004,
    32: 0.0,
}
SVM_EFFECTS = {"poly": -0.03, "rbf": 0.0, 0.1: -0.05, 1.0: 0.0, 10.0: 0.005}


SMALL = {
    "data": {"train_samples": 1000, "train_eval_samples": 500, "val_samples": 500, "test_samples": 1000},
    "train": {"epochs": 2, "milestones": [1, 2], "grid": {"seed": [0]}},
    "hardware": {"machines": ["epyc-2core"]},
}


def parameters(**changes: Any) -> dict[str, Any]:
    """The committed parameters at a small size, with blocks updated: `train={"grid": {"seed": [0, 1]}}`."""
    content = copy.deepcopy(read_yaml(ROOT / "params.yaml"))
    _update(content, SMALL)
    _update(content, changes)
    return content


def save(record: BaseModel, path: Path) -> None:
    """Like `records.save`, without the fsync that a throw-away study does not need."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dumps(record), encoding="utf-8")


def _update(content: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if (
            isinstance(value, dict)
            and key not in ("configs", "targets")
            and isinstance(content.get(key), dict)
        ):
            _update(content[key], value)
        else:
            content[key] = value


def rng(*key: object) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr(key).encode()))


def train_accuracy_of(run: TrainRun, epoch: int) -> float:
    """A smooth made-up truth plus a little seed noise."""
    truth = ACCURACY[run.dataset] + sum(EFFECTS.get(value, 0.0) for value in vars(run).values() if value != 0)
    return min(0.999, truth - 0.03 / epoch + rng(run.key).normal(0, 0.002))


def svm_accuracy_of(run: SvmRun) -> float:
    effects = (SVM_EFFECTS.get(value, 0.0) for value in run.config.model_dump().values() if value != "scale")
    return ACCURACY[run.dataset] - 0.03 + sum(effects) + (-0.01 if run.config.degree == 3 else 0)


@cache
def drawn_test_images(seed: int, images: int) -> np.ndarray:
    """The test images of a study with the committed split; image i shows class i % 10."""
    sizes = {"train": 49_000, "validation": 7_000, "test": 14_000}
    samples = {"train": 1, "train_eval": 1, "validation": 1, "test": images}
    return split(LABELS, seed, sizes, samples).test


def wrong_answers(params: Params, dataset: str, accuracy: float, *key: object) -> Predictions:
    """Errors that fall mostly on the same hard images, as those of trained classifiers do."""
    images = params.data.images("test")
    hardness = rng(dataset).normal(size=images) + 0.3 * rng(*key).normal(size=images)
    index = drawn_test_images(params.data.seed, images)[
        np.argsort(hardness)[: round((1 - accuracy) * images)]
    ]
    index = np.sort(index)
    return Predictions(index=index.tolist(), predicted=((LABELS[index] + 1 + index // 10 % 2) % 10).tolist())


def of(images: int, share: float) -> float:
    """The nearest share that so many images can give."""
    return round(share * images) / images


def train_record(params: Params, run: TrainRun, accuracy: Callable[[TrainRun, int], float]) -> TrainRecord:
    data, train = params.data, params.train
    images = data.images("test")
    history, milestones = [], []
    for epoch in range(1, train.epochs + 1):
        share = accuracy(run, epoch)
        history.append(
            Epoch(
                epoch=epoch,
                loss=1 - share,
                train_accuracy=of(data.images("train_eval"), min(1, share + 0.01)),
                validation_accuracy=of(data.images("validation"), share),
            )
        )
        if epoch in train.test_epochs:
            wrong = wrong_answers(params, run.dataset, share, run.key, epoch)
            milestones.append(
                Milestone(
                    epoch=epoch,
                    train_accuracy=history[-1].train_accuracy,
                    validation_accuracy=history[-1].validation_accuracy,
                    test_accuracy=(images - len(wrong.index)) / images,
                    misclassified=wrong,
                )
            )
    return TrainRecord(
        schema_version=TrainRecord.current,
        key=run.key,
        **expected.train_fields(run, params) | {"device": "cpu"},
        parameters=PARAMETERS[run.model],
        diverged_at_epoch=None,
        history=history,
        milestones=milestones,
    )


def diverged(record: TrainRecord, epoch: int) -> TrainRecord:
    """The record of the same run, had its loss stopped being finite in `epoch`."""
    return record.model_copy(
        update={
            "diverged_at_epoch": epoch,
            "history": [entry for entry in record.history if entry.epoch < epoch],
            "milestones": [entry for entry in record.milestones if entry.epoch < epoch],
        }
    )


def svm_record(params: Params, run: SvmRun, accuracy: Callable[[SvmRun], float]) -> SvmRecord:
    data, share = params.data, accuracy(run)
    images = data.images("test")
    wrong = wrong_answers(params, run.dataset, share, run.key)
    return SvmRecord(
        schema_version=SvmRecord.current,
        key=run.key,
        **expected.svm_fields(run, params),
        train_accuracy=of(data.images("train"), min(1, share + 0.05)),
        validation_accuracy=of(data.images("validation"), share),
        test_accuracy=(images - len(wrong.index)) / images,
        support_vectors=[50] * 10,
        converged=True,
        kernel_values="precomputed",
        misclassified=wrong,
    )


def data_record(dataset: str) -> DataRecord:
    pixels = [base64.b64encode(bytes([label * 20] * 784)).decode() for label in range(10)]
    return DataRecord(
        schema_version=DataRecord.current,
        dataset=dataset,
        sha256={"train-images-idx3-ubyte": "0" * 64},
        images=70000,
        class_counts=[7000] * 10,
        labels="".join(map(str, LABELS)),
        samples=[Sample(index=10 * label, label=label, pixels=pixels[label]) for label in range(10)],
    )


def images_record(params: Params, runs: Sequence[TrainRecord], machines: Sequence[SvmRecord]) -> ImagesRecord:
    """What `gridpress summarize` would keep, were image i of grey i."""
    shown = {}
    for dataset in params.datasets:
        found = hardest(
            [run for run in runs if run.dataset == dataset],
            [machine for machine in machines if machine.dataset == dataset],
            len(params.train.grid.seed),
        )
        shown[dataset] = [
            Sample(
                index=index,
                label=int(LABELS[index]),
                pixels=base64.b64encode(bytes([index % 256] * 784)).decode(),
            )
            for index in indices(found)
        ]
    return ImagesRecord(schema_version=ImagesRecord.current, datasets=shown)


def write_study(
    root: Path,
    content: dict[str, Any],
    train_accuracy: Callable[[TrainRun, int], float] = train_accuracy_of,
    svm_accuracy: Callable[[SvmRun], float] = svm_accuracy_of,
) -> Project:
    """A project folder with params.yaml, dvc.yaml, the published studies and all records."""
    project = Project(root)
    root.mkdir(parents=True, exist_ok=True)
    params = parse_params(content, DECLARED)
    with project.params.open("w", encoding="utf-8") as file:
        YAML().dump(content, file)
    (root / "dvc.yaml").write_text("stages: {}\n", encoding="utf-8")
    shutil.copytree(ROOT / "data" / "published", project.published)
    for dataset in params.datasets:
        save(data_record(dataset), project.record("data", dataset))
    runs, machines = [], []
    for key, run in train_runs(params).items():
        runs.append(train_record(params, run, train_accuracy))
        save(runs[-1], project.record("train", key))
        seconds = {"resnet18": 8.0, "resnet34": 14.0, "resnet50": 20.0}[run.model]
        timing = TrainTiming(
            schema_version=TrainTiming.current,
            key=key,
            clock="processor",
            training_seconds=[seconds] * params.train.epochs,
            evaluation_seconds=[1.0] * params.train.epochs,
            resumed_at_epoch=None,
            machine=MACHINE,
        )
        save(timing, project.timing("train", key))
    for key, fit in svm_runs(params).items():
        machines.append(svm_record(params, fit, svm_accuracy))
        save(machines[-1], project.record("svm", key))
        timing_of_fit = SvmTiming(
            schema_version=SvmTiming.current,
            key=key,
            clock="processor",
            fit_seconds=1.5,
            predict_seconds=0.5,
            machine=MACHINE,
        )
        save(timing_of_fit, project.timing("svm", key))
    save(images_record(params, runs, machines), project.images)
    for name in params.hardware.machines:
        save(hardware_record(params, name), project.record("hardware", name))
    return project


SPEED = {
    "cpu-1-thread": 1.0,
    "cpu-all-threads": 1.8,
    "cpu-bf16": 0.7,
    "cpu-channels-last": 1.03,
    "cuda-fp32": 20.0,
    "cuda-amp": 36.0,
}
STEP_SECONDS = {"resnet18": 0.10, "resnet34": 0.18, "resnet50": 0.30}
COSTS = {
    "resnet18": (11181642, 148473920, 296101888, 149300000),
    "resnet34": (21289802, 299700000, 598091776, 301000000),
    "resnet50": (23528522, 335500000, 667328512, 339000000),
}


def timing(seconds: float, *key: object, blocks: int = 9) -> BlockTiming:
    values = [float(seconds * (1 + 0.02 * deviate)) for deviate in rng(*key).normal(size=blocks)]
    low, middle, high = (float(np.quantile(values, q)) for q in (0.25, 0.5, 0.75))
    return BlockTiming(
        blocks=values,
        median=TimingInterval(value=middle, low=0.98 * middle, high=1.02 * middle),
        lower_quartile=low,
        upper_quartile=high,
    )


def hardware_record(
    params: Params,
    name: str,
    devices: tuple[str, ...] = ("cpu",),
    *,
    factor: float = 1.0,
    heavy: bool = False,
) -> HardwareRecord:
    """A machine with some devices, `factor` times as slow as the usual one."""
    settings = params.hardware.measure
    there = [key for key, target in settings.targets.items() if target.device in devices]
    on_cpu = [key for key in there if settings.targets[key].device == "cpu"]
    works: list[tuple[str, str | None]] = [
        *(("training", optimizer) for optimizer in settings.optimizers),
        ("inference", None),
    ]
    cases, comparisons, baselines = [], [], []
    for model in settings.models:
        for phase, optimizer in works:
            for batch in settings.batch_sizes:
                for target in there:
                    seconds = factor * STEP_SECONDS[model] / SPEED[target] / (1 if optimizer else 3)
                    timed = timing(seconds, name, model, optimizer, target)
                    cases.append(
                        CaseRecord(
                            model=model,
                            phase=phase,
                            optimizer=optimizer,
                            batch_size=batch,
                            image_size=settings.image_size,
                            target=target,
                            seconds=timed,
                            images_per_second=batch / timed.median.value,
                            process_peak_bytes=600 << 20,
                            device_peak_bytes=None,
                            flops_fvcore=3 * batch * COSTS[model][1],
                            flops_torch=3 * batch * COSTS[model][2],
                            bytes_moved=10**9,
                            operations=400,
                            roofline=Roofline(
                                intensity=10.0,
                                flops_per_second=4e10,
                                attainable_flops_per_second=8e10,
                                share=0.5,
                                bound_by="compute",
                            ),
                        )
                    )
                for baseline, target in combinations(there, 2):
                    ratio = SPEED[target] / SPEED[baseline]
                    comparisons.append(
                        TargetComparison(
                            model=model,
                            phase=phase,
                            optimizer=optimizer,
                            batch_size=batch,
                            target=target,
                            baseline=baseline,
                            speedup=TimingInterval(value=ratio, low=0.95 * ratio, high=1.05 * ratio),
                            distinguishable=abs(ratio - 1) > 0.05,
                        )
                    )
                best = max(on_cpu, key=SPEED.__getitem__)
                baselines.append(
                    Baseline(model=model, phase=phase, optimizer=optimizer, batch_size=batch, target=best)
                )
    limits = TargetLimits(
        matmul_flops_per_second=1e11,
        convolution_flops_per_second=8e10,
        bandwidth_bytes_per_second=2e10,
        operation_seconds=1e-6,
    )
    rounding = LossCurve(target="moved", losses=[2.3, 2.2001], largest_difference=1e-4, at_step=2)
    curves = [
        LossCurve(target=key, losses=[2.3, 2.2 + away], largest_difference=away, at_step=2)
        for key in there
        for away in [0.05 if settings.targets[key].precision != "fp32" else 1e-5]
    ]
    svm_times = SvmTimes(fit=timing(0.5, name, "fit"), predict=timing(0.4, name, "predict"))
    return HardwareRecord(
        schema_version=HardwareRecord.current,
        name=name,
        fingerprint="0123456789ab",
        machine=MACHINE,
        foreign_load=ForeignLoad(
            before=0.4 if heavy else 0.01,
            during=[0.01],
            load_average_before=None,
            load_average_after=None,
            heavy=heavy,
        ),
        settings=settings,
        optimizers=params.optimizers,
        elapsed_seconds=60.0,
        vector_instructions="AVX2",
        tf32=True,
        networks={
            model: Cost(
                **dict(
                    zip(
                        ("parameters", "flops_fvcore", "flops_torch", "flops_thop"), COSTS[model], strict=True
                    )
                )
            )
            for model in settings.models
        },
        targets=[
            TargetRecord(
                name=key,
                target=target,
                absent=None if key in there else "no CUDA device: PyTorch finds no NVIDIA GPU or driver",
                device_name=None,
                threads=4 if target.threads == "all" else target.threads,
                limits=limits if key in there else None,
            )
            for key, target in settings.targets.items()
        ],
        cases=cases,
        comparisons=comparisons,
        cpu_baselines=baselines,
        agreement=Agreement(
            model=settings.models[0],
            optimizer=settings.optimizers[0],
            batch_size=settings.batch_sizes[0],
            image_size=settings.image_size,
            reference=[2.3, 2.2],
            rounding=rounding,
            curves=curves,
        ),
        svm=SvmCost(
            samples=1000,
            scaling=params.svm.scaling,
            max_iter=params.svm.max_iter,
            cache_size=params.svm.cache_size,
            own=svm_times,
            study=svm_times,
            kernel_values="precomputed",
            fit_speedup=TimingInterval(value=1.0, low=0.9, high=1.1),
            predict_speedup=TimingInterval(value=1.0, low=0.9, high=1.1),
            equal_predictions=1.0,
        ),
        growth=[
            Growth(
                work="svm fit",
                axis="samples",
                model=None,
                target=None,
                sizes=[500, 1000, 2000],
                held=784,
                seconds=[timing(0.1 * 2**step, name, step) for step in range(3)],
                exponent=TimingInterval(value=1.8, low=1.7, high=1.9),
                coefficient=1e-6,
                misfit=0.05,
            ),
            Growth(
                work="svm fit",
                axis="pixels",
                model=None,
                target=None,
                sizes=[49, 196, 784],
                held=2000,
                seconds=[timing(0.1 * 2**step, name, "pixels", step) for step in range(3)],
                exponent=TimingInterval(value=0.5, low=0.4, high=0.6),
                coefficient=0.015,
                misfit=0.04,
            ),
            Growth(
                work="training step",
                axis="pixels",
                model=settings.models[0],
                target=there[0],
                sizes=[1024, 4096, 16384],
                held=16,
                seconds=[timing(0.05 * 4**step, name, "step", step) for step in range(3)],
                exponent=TimingInterval(value=1.02, low=0.95, high=1.1),
                coefficient=5e-5,
                misfit=0.03,
            ),
        ],
    )

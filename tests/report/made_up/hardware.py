"""A made-up record of the hardware stage."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from gridpress.benchmark.cost import Cost
from gridpress.benchmark.records.cases import (
    Baseline,
    BlockTiming,
    CaseRecord,
    Roofline,
    TargetComparison,
    TargetLimits,
    TargetRecord,
    TimingInterval,
)
from gridpress.benchmark.records.hardware import (
    Agreement,
    ForeignLoad,
    Growth,
    HardwareRecord,
    LossCurve,
    SvmCost,
    SvmTimes,
)
from gridpress.config.params import Params
from report.made_up.machine import MACHINE, rng

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

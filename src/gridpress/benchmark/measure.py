"""The whole benchmark of one machine."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch

from gridpress import __version__
from gridpress.benchmark.agreement import measure_agreement
from gridpress.benchmark.blocks import block_timing, growth
from gridpress.benchmark.cases import Case
from gridpress.benchmark.cost import TRAINING_FACTOR
from gridpress.benchmark.device import device_name, device_of
from gridpress.benchmark.footprint import Footprint, footprints
from gridpress.benchmark.images import enough
from gridpress.benchmark.limits import measure_limits, roofline
from gridpress.benchmark.load import LoadWatch, foreign_load
from gridpress.benchmark.plan import LIMITS_SECONDS, Plan
from gridpress.benchmark.records.cases import CaseRecord, TargetLimits, TargetRecord
from gridpress.benchmark.records.hardware import Growth, HardwareRecord
from gridpress.benchmark.speedup import comparisons, cpu_baselines
from gridpress.benchmark.spread import rounded
from gridpress.benchmark.svm import measure_svm
from gridpress.benchmark.timing import time_cases
from gridpress.benchmark.workload import Bench
from gridpress.data.loading import Images
from gridpress.progress import Advance
from gridpress.system.machine import fingerprint
from gridpress.system.resources import load_average


def measure(plan: Plan, name: str, dataset: Images, advance: Advance) -> HardwareRecord:
    """Carry out a plan.

    Args:
        plan: what to measure; `plan.seconds` is the sum of what `advance` is told.
        name: of the machine.
        dataset: whose images are measured with, and made-up ones where it has fewer than `plan.images`.
        advance: told the estimated seconds of what was done.
    """
    begin = time.monotonic()
    settings, optimizers = plan.settings, plan.optimizers
    before, average_before = LoadWatch.while_idle(), load_average()
    images, made_up = enough(dataset, plan.images, settings.seed)
    few = replace(
        images, pixels=images.pixels[: plan.timed_images], labels=images.labels[: plan.timed_images]
    )
    bench = Bench(settings, optimizers, plan.targets, plan.threads, few)
    agreement = measure_agreement(
        bench,
        lambda target, steps: advance(steps * plan.agreement_step, f"loss curve on {target}"),
    )
    needs = _footprints(plan, bench, advance)
    limits = _limits(plan, advance)
    seconds, during = _timings(plan, bench, advance)
    svm, svm_growth = measure_svm(settings, plan.svm, images, lambda case: advance(plan.svm_seconds(case)))
    cases = [_case(plan, case, seconds[case], needs[case], limits[case.target]) for case in plan.cases]
    return HardwareRecord(
        schema_version=HardwareRecord.current,
        name=name,
        fingerprint=fingerprint(plan.machine),
        machine=plan.machine,
        gridpress=__version__,
        foreign_load=foreign_load(before, during, average_before),
        settings=settings,
        optimizers=optimizers,
        made_up_images=made_up,
        elapsed_seconds=round(time.monotonic() - begin, 1),
        vector_instructions=torch.backends.cpu.get_cpu_capability(),
        tf32=torch.backends.cudnn.allow_tf32,
        networks=dict(plan.networks),
        targets=_targets(plan, limits),
        cases=cases,
        comparisons=comparisons(cases),
        cpu_baselines=cpu_baselines(cases, _cpu_targets(plan)),
        agreement=agreement,
        svm=svm,
        growth=[*_growth(plan, seconds), *svm_growth],
    )


def _footprints(plan: Plan, bench: Bench, advance: Advance) -> dict[Case, Footprint]:
    needs = {}
    for case, footprint in footprints(bench, plan.cases):
        needs[case] = footprint
        advance(plan.footprint_seconds(case))
    return needs


def _limits(plan: Plan, advance: Advance) -> dict[str, TargetLimits]:
    limits = {}
    for name, target in plan.targets.items():
        limits[name] = measure_limits(target, plan.threads[name])
        advance(LIMITS_SECONDS)
    return limits


def _timings(plan: Plan, bench: Bench, advance: Advance) -> tuple[dict[Case, list[float]], list[float]]:
    """Seconds of all cases, and the foreign load of each round."""
    watch = LoadWatch()
    during: list[float] = []
    seconds = time_cases(
        bench,
        plan.timed,
        on_block=lambda case, steps: advance(steps * plan.step_seconds(case)),
        on_round=lambda: during.append(watch.foreign_share()),
    )
    return seconds, during


def _case(
    plan: Plan, case: Case, blocks: Sequence[float], footprint: Footprint, limits: TargetLimits
) -> CaseRecord:
    timing = block_timing(blocks)
    passes = TRAINING_FACTOR if case.optimizer else 1
    return CaseRecord(
        model=case.model,
        phase=case.phase,
        optimizer=case.optimizer,
        batch_size=case.batch_size,
        image_size=case.image_size,
        target=case.target,
        seconds=timing,
        images_per_second=rounded(case.batch_size / timing.median.value),
        process_peak_bytes=footprint.process_peak,
        device_peak_bytes=footprint.device_peak,
        flops_fvcore=passes * case.batch_size * plan.networks[case.model].flops_fvcore,
        flops_torch=footprint.flops,
        bytes_moved=footprint.moved,
        operations=footprint.operations,
        roofline=roofline(footprint, timing.median.value, limits),
    )


def _targets(plan: Plan, limits: Mapping[str, TargetLimits]) -> list[TargetRecord]:
    return [
        TargetRecord(
            name=name,
            target=target,
            absent=plan.probes[name].reason,
            device_name=device_name(device_of(target)) if name in limits else None,
            threads=plan.threads[name],
            limits=limits.get(name),
        )
        for name, target in plan.settings.targets.items()
    ]


def _cpu_targets(plan: Plan) -> set[str]:
    return {name for name, target in plan.targets.items() if target.device == "cpu"}


def _growth(plan: Plan, seconds: Mapping[Case, Sequence[float]]) -> list[Growth]:
    return [
        growth(
            "training step",
            sweep.axis,
            sweep.sizes,
            [seconds[case] for case in sweep.cases],
            held=sweep.held,
            model=sweep.cases[0].model,
            target=sweep.cases[0].target,
        )
        for sweep in plan.sweeps
    ]

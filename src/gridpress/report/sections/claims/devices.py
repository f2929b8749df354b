"""Claims about where a network trains: on another device, and from which memory."""

from __future__ import annotations

from gridpress.report.data.study import Study
from gridpress.report.presentation.names import listed
from gridpress.report.sections.claims import accuracy, times
from gridpress.report.sections.claims.evidence import Evidence, Ours
from gridpress.report.sections.claims.judge import Verdict, agrees, below, both, within
from gridpress.report.sections.claims.ours import SLIGHT

ACCELERATORS = ("cuda", "mps")


def same_result(study: Study) -> Ours:
    """An accelerator's result is the CPU's.

    No network is trained on two devices, so this is judged by the losses of the same training on both, in
    fp32: as near as rounding alone brings them, as far as training moves them, or in between.
    """
    words, verdicts = [], []
    for name, record in study.hardware.items():
        there = [
            target.name
            for target in record.targets
            if not target.absent
            and target.target.device in ACCELERATORS
            and target.target.precision == "fp32"
        ]
        agreement = record.agreement
        rounding = agreement.rounding.largest_difference
        fall = max(agreement.reference) - min(agreement.reference)
        for curve in agreement.curves:
            if curve.target in there:
                verdicts.append(agrees(curve.largest_difference, rounding, fall))
                words.append(
                    f"over {len(agreement.reference)} steps the loss on {curve.target} of {name} is up to "
                    f"{curve.largest_difference:.2g} away from the CPU's, where rounding alone takes it "
                    f"{rounding:.2g}"
                )
    if not verdicts:
        return Evidence("no CUDA or MPS device was measured in fp32"), Verdict.UNMEASURED
    return Evidence(listed(words)), both(*verdicts)


def pinned_memory(study: Study) -> Ours:
    """Pinned instead of pageable host memory shortens training and leaves accuracy alone."""
    move = ("data_memory", "pageable", "pinned")
    if not {"pageable", "pinned"} <= set(study.params.train.grid.data_memory):
        return Evidence("train.grid.data_memory does not hold pageable and pinned"), Verdict.UNMEASURED
    devices = sorted({record.device for record in study.train.values()} - {"cuda"})
    if devices or not study.train:
        where = f"trained on {listed(devices)}" if devices else "nothing was trained"
        return Evidence(f"{where}; only copies to a CUDA device use pinned memory"), Verdict.UNMEASURED
    accuracies, spent = accuracy.moved(study, move), times.training_ratio(study, move)
    verdict = both(within(accuracies.intervals, -SLIGHT, SLIGHT), below(spent.intervals, 1.0))
    return Evidence(f"{accuracies.words}; {spent.words}"), verdict

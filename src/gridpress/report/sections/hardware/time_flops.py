"""Time of a step against its FLOPs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pandas as pd

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.analysis.timed_cases import cases, of_machine
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import shown
from gridpress.report.presentation.plotting import scaled
from gridpress.report.sections.hardware.time_flops_plot import draw
from gridpress.report.sections.hardware.wording import load


def time_against_flops(study: Study) -> Iterator[Item]:
    """Per machine; a line joins the networks on one target."""
    everything = cases(study)
    for record in study.hardware.values():
        here = first_of_each_phase(of_machine(everything, record), record)
        if here["model"].nunique() < 2:
            continue
        yield Figure(
            name=slug("time-flops", record.name),
            caption=(
                f"`{record.name}`: median time of a step of {record.settings.batch_sizes[0]} images against "
                "its FLOPs (two per multiply-add, backward pass counted), a line per target. Grey lines "
                "mark equal FLOP/s: where a target's line is flatter, the larger network uses it "
                f"better.{load(record)}"
            ),
            alt=f"Line plots of time against FLOPs on {record.name}. {_alt(here)}",
            data=here[["target", "work", "model", "step_flops", "seconds", "seconds_low", "seconds_high"]],
            sources=[study.source("hardware", record.name)],
            draw=partial(draw, here, list(here["work"].unique()), workloads.measured(record)),
        )


def first_of_each_phase(here: pd.DataFrame, record: HardwareRecord) -> pd.DataFrame:
    """Training with the first optimizer and inference, of the first batch size."""
    here = here[here["batch_size"] == record.settings.batch_sizes[0]]
    kinds = here["work"].unique()
    return here[here["work"].isin([*kinds[:1], workloads.INFERENCE])]


def _alt(here: pd.DataFrame) -> str:
    rates = here.assign(rate=here["step_flops"] / here["seconds"]).sort_values("rate", kind="stable")
    ends = [rows_of(rates)[place] for place in (-1, 0)]
    words = [
        f"{scaled(row['rate'], 'FLOP/s')} ({shown(row['model'])}, {row['work']}, {row['target']})"
        for row in ends
    ]
    return f"Most FLOPs per second: {words[0]}. Fewest: {words[1]}."

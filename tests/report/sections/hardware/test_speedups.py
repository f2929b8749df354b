from __future__ import annotations

from report.made_up.reading import MACHINE, items, prose


def test_figure_gives_no_verdict_where_the_interval_contains_one(study):
    figure = items(study)[f"fig-speedup-{MACHINE}"]
    assert "Largest: 1.80 times" in figure.alt
    assert "Smallest: 0.70 times" in figure.alt
    assert "cuda-amp" in figure.caption
    open_ones = figure.data[~figure.data["distinguishable"].astype(bool)]
    assert set(open_ones["target"]) == {"cpu-channels-last"}
    assert f"{len(open_ones)} of {len(figure.data)} are not distinguishable" in figure.alt
    told = len(figure.data) - len(open_ones)
    assert f"{told} of {len(figure.data)} speedups on `{MACHINE}` differ significantly" in prose(study)


def test_accelerator_is_compared_with_the_best_cpu_target(with_gpu):
    figure = items(with_gpu)[f"fig-speedup-{MACHINE}"]
    assert set(figure.data.loc[figure.data["target"] == "cuda-amp", "baseline"]) == {"cpu-all-threads"}
    assert "over the best CPU target (`cpu-all-threads`)" in figure.caption
    assert "An accelerator is compared with the CPU target" in prose(with_gpu)

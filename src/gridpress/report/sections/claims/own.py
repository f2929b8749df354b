"""What a published study's own table says about its claims; accuracies in percent, as printed."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from gridpress.report.data.frames import rows_of
from gridpress.report.data.published import Published
from gridpress.report.presentation.names import ABSENT, listed, shown

Own = tuple[str, bool | None]  # in words, and whether it agrees with the claim (None: says nothing)
NOTHING: Own = (ABSENT, None)
RESNET = ["dataset", "model", "batch_size", "optimizer", "learning_rate", "epochs", "pin_memory"]
SVM = ["dataset", "kernel", "degree", "C", "gamma"]


def differences(
    table: pd.DataFrame, axes: list[str], axis: str, first: object, second: object
) -> pd.Series[float]:
    """Printed test accuracy at `second` minus at `first`, over rows equal in all other axes."""
    others = [name for name in axes if name != axis]

    def at(value: object) -> pd.Series[float]:
        return table[table[axis] == value].set_index(others)["test_acc_pct"]

    return (at(second) - at(first)).dropna()


def moved(
    published: Published,
    study: str,
    move: tuple[str, object, object],
    span: tuple[float, float] = (0.0, 100.0),
    needed: float = 1.0,
    **where: object,
) -> Own:
    """Its ResNet pairs along an axis: how many gain as the claim says.

    Args:
        published: the studies.
        study: its letter.
        move: axis, from which value, to which.
        span: what gains the claim allows, in points.
        needed: the share of pairs that has to gain so.
        where: values of other columns.
    """
    table = narrowed(published.resnet, study=study, **where)
    return _summed(differences(table, RESNET, *move), span, needed)


def best_of_each(
    published: Published, study: str, move: tuple[str, object, object], dataset: str | None = None
) -> Own:
    """Its best ResNet cell at the second value of an axis minus its best at the first, per dataset."""
    axis, first, second = move
    where = {"dataset": dataset} if dataset else {}
    table = narrowed(published.resnet, study=study, **where)
    best = table.pivot_table(index="dataset", columns=axis, values="test_acc_pct", aggfunc="max")
    if not {first, second} <= set(best.columns):
        return NOTHING
    gap = (best[second] - best[first]).dropna()
    words = listed(f"{value:+.2f} points on {published.titles[str(name)]}" for name, value in gap.items())
    return f"best of each: {words}".replace("-", "−"), bool((gap > 0).all())


def flops(published: Published, study: str, wanted: dict[str, float]) -> Own:
    """The FLOPs that it prints for some models, against claimed billions with one decimal."""
    table = narrowed(published.hardware, study=study).groupby("model")["flops_as_printed"].max()
    found = {model: float(table[model]) for model in wanted}
    words = f"{listed(f'{value:.0f}' for value in found.values())} FLOPs"
    return words, all(round(found[model] / 1e9, 1) == value for model, value in wanted.items())


def kernels(published: Published, study: str) -> Own:
    """Its SVMs: RBF minus polynomial, at equal C and gamma where it states them."""
    table = narrowed(published.svm, study=study)
    equal = [name for name in ("dataset", "C", "gamma") if not table[name].isna().all()]
    best = table.fillna({"gamma": "", "C": 0}).pivot_table(
        index=equal, columns="kernel", values="test_acc_pct", aggfunc="max"
    )
    if not {"rbf", "poly"} <= set(best.columns):
        return NOTHING
    return _summed((best["rbf"] - best["poly"]).dropna())


def degrees(published: Published, study: str) -> Own:
    """Its polynomial SVMs: degree 2 minus degree 3."""
    table = narrowed(published.svm, study=study, kernel="poly")
    return _summed(differences(table, SVM, "degree", 3, 2))


def _summed(found: pd.Series[float], span: tuple[float, float] = (0.0, 100.0), needed: float = 1.0) -> Own:
    if found.empty:
        return NOTHING
    agreeing = int(((found > 0) & found.between(*span)).sum())
    words = f"{agreeing} of {len(found)} pairs agree, mean {found.mean():+.2f} points".replace("-", "−")
    return words, agreeing >= needed * len(found)


def share(published: Published, study: str, dataset: str, low: float, high: float = 100.0) -> Own:
    """How many of its ResNet test accuracies lie between two percentages."""
    values = narrowed(published.resnet, study=study, dataset=dataset)["test_acc_pct"]
    inside = int(values.between(low, high).sum())
    return (
        f"{inside} of {len(values)} cells, from {values.min()} to {values.max()} %",
        2 * inside > len(values),
    )


def speedups(
    published: Published, study: str, agrees: Callable[[pd.DataFrame], bool], **where: object
) -> Own:
    """Its training time on the CPU over that on the GPU."""
    table = ratios(published, study, **where).dropna(subset=["ratio"])
    if table.empty:
        return NOTHING
    words = f"{table['ratio'].min():.2f} to {table['ratio'].max():.2f} times in {len(table)} pairs"
    return words, agrees(table)


def ratios(published: Published, study: str, **where: object) -> pd.DataFrame:
    """One row per model and optimizer: `ratio` of times, `difference` of accuracies; NaN without both."""
    table = narrowed(published.hardware, study=study, **where)
    sides = [table[table["device"] == device].set_index(["model", "optimizer"]) for device in ("cpu", "cuda")]
    cpu, cuda = sides
    return pd.DataFrame(
        {
            "ratio": cpu["train_time_s"] / cuda["train_time_s"],
            "difference": cpu["test_acc_pct"] - cuda["test_acc_pct"],
        }
    ).reset_index()


def device_gap(published: Published, study: str, most: float) -> Own:
    """Its accuracy differences between CPU and GPU, against the most that the claim allows in points."""
    found = ratios(published, study)["difference"].dropna()
    if found.empty:
        return NOTHING
    return f"up to {found.abs().max():.2f} points apart", bool(found.abs().max() <= most)


def best_optimizers(published: Published, study: str) -> dict[str, str]:
    """The optimizer of its best ResNet cell per dataset."""
    table = narrowed(published.resnet, study=study)
    best = table.sort_values("test_acc_pct", kind="stable").drop_duplicates("dataset", keep="last")
    return {str(row["dataset"]): str(row["optimizer"]) for row in rows_of(best)}


def best_gap(published: Published, study: str) -> Own:
    """Its best ResNet minus its best SVM, per dataset."""
    best = [
        narrowed(table, study=study).groupby("dataset")["test_acc_pct"].max()
        for table in (published.resnet, published.svm)
    ]
    gap = (best[0] - best[1]).dropna()
    words = listed(
        f"{value:+.2f} points on {published.titles[str(dataset)]}" for dataset, value in gap.items()
    )
    return words.replace("-", "−"), bool((gap > 0).all())


def narrowed(table: pd.DataFrame, **where: object) -> pd.DataFrame:
    """Rows with these values."""
    for name, value in where.items():
        table = table[table[name] == value]
    return table


def svm_time(published: Published) -> Own:
    """Study B: fit time of its SVMs over training time of its ResNets."""
    fit = narrowed(published.svm, study="B")["train_time_ms"].median() / 1000
    train = narrowed(published.resnet, study="B")["train_time_s"].median()
    return f"{fit:.0f} s against {train:.0f} s at the median: {fit / train:.1f} times", bool(
        fit / train >= 100
    )


def fit_seconds(published: Published, study: str, most: float) -> Own:
    """The longest time that it prints for an SVM."""
    longest = narrowed(published.svm, study=study)["train_time_ms"].max() / 1000
    return f"{longest:.1f} s at most", bool(longest <= most)


def weakest(published: Published) -> Own:
    """Study A: polynomial SVMs of degree 3 with C 0.1 on MNIST."""
    values = narrowed(published.svm, study="A", dataset="mnist", degree=3, C=0.1)["test_acc_pct"]
    return f"{values.min()} to {values.max()} %", bool((values < 50).all())


def adam_time(published: Published) -> Own:
    """Study D: training time of Adam over SGD on the same device and model."""
    table = narrowed(published.hardware, study="D").set_index(["device", "model", "optimizer"])[
        "train_time_s"
    ]
    ratios = (table.xs("adam", level="optimizer") / table.xs("sgd", level="optimizer") - 1) * 100
    words = f"{ratios.min():+.1f} to {ratios.max():+.1f} % in {len(ratios)} pairs".replace("-", "−")
    return words, bool(ratios.between(2.5, 5.5).all())


def best_models(published: Published, study: str) -> Own:
    """Whether its best cell is ResNet-18's on every dataset."""
    table = narrowed(published.resnet, study=study)
    best = table.pivot_table(index="dataset", columns="model", values="test_acc_pct", aggfunc="max")
    gap = best["resnet18"] - best["resnet50"]
    return listed(f"{v:+.2f} points on {published.titles[str(d)]}" for d, v in gap.items()), bool(
        (gap > 0).all()
    )


def rbf_match(published: Published) -> Own:
    """Study E: its RBF SVM against ResNet-18 on FashionMNIST."""
    rbf = narrowed(published.svm, study="E", dataset="fashion_mnist", kernel="rbf")["test_acc_pct"].max()
    network = narrowed(published.resnet, study="E", dataset="fashion_mnist", model="resnet18")[
        "test_acc_pct"
    ].max()
    return f"{rbf} against {network} %", bool(abs(rbf - network) <= 1)


def deeper(published: Published, study: str) -> Own:
    """Whether its speedup rises with the depth of the network."""
    return speedups(
        published,
        study,
        lambda t: bool(t.groupby("model")["ratio"].mean().sort_index().is_monotonic_increasing),
    )


def preferred(published: Published) -> Own:
    """Study E: the optimizer of its best cell per dataset."""
    found = best_optimizers(published, "E")
    words = listed(
        f"{shown(optimizer)} on {published.titles[dataset]}" for dataset, optimizer in found.items()
    )
    return f"best cells: {words}", found == {"mnist": "sgd", "fashion_mnist": "adam"}

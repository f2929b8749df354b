"""What a study's own table says of its claims turns around with the table."""

from __future__ import annotations

import pandas as pd
import pytest

from gridpress.report.data.published import Published
from gridpress.report.sections.claims import own

NETWORK = {
    "study": "A", "dataset": "mnist", "model": "resnet18", "batch_size": 16, "optimizer": "sgd",
    "learning_rate": 0.001, "epochs": 5, "pin_memory": "no", "test_acc_pct": 98.0, "train_time_s": 100.0,
}  # fmt: skip
SVM = {
    "study": "A", "dataset": "mnist", "kernel": "rbf", "degree": None, "C": 1.0, "gamma": "scale",
    "test_acc_pct": 95.0, "train_time_ms": 2000.0,
}  # fmt: skip
DEVICE = {
    "study": "A", "dataset": "mnist", "device": "cpu", "model": "resnet18", "optimizer": "sgd",
    "test_acc_pct": 98.0, "train_time_s": 100.0, "flops_as_printed": 1_818_558_976.0,
}  # fmt: skip
POLY = {"kernel": "poly", "degree": 2}


def printed(networks=(), svms=(), devices=()) -> Published:
    """Tables whose rows are as above, but for what is given of each."""

    def table(usual, rows):
        return pd.DataFrame([usual | row for row in rows], columns=list(usual))

    nothing = pd.DataFrame()
    datasets = pd.DataFrame({"dataset": ["mnist", "fashion_mnist"], "title": ["MNIST", "FashionMNIST"]})
    return Published(
        nothing, table(NETWORK, networks), table(SVM, svms), table(DEVICE, devices), nothing, datasets
    )


def optimizers(*pairs) -> list[dict]:
    """Networks with SGD and with Adam, at batch sizes 1, 2, …, of these accuracies."""
    return [
        {"batch_size": size, "optimizer": name, "test_acc_pct": value}
        for size, pair in enumerate(pairs, start=1)
        for name, value in zip(("sgd", "adam"), pair, strict=True)
    ]


MOVE = ("optimizer", "sgd", "adam")


@pytest.mark.parametrize(
    ("pairs", "options", "said"),
    [
        ([(90, 91), (90, 92)], {}, ("2 of 2 pairs agree, mean +1.50 points", True)),
        ([(90, 91), (92, 90)], {}, ("1 of 2 pairs agree, mean −0.50 points", False)),
        ([(90, 91), (92, 90)], {"needed": 0.5}, ("1 of 2 pairs agree, mean −0.50 points", True)),
        ([(90, 91), (90, 96)], {"span": (0, 2)}, ("1 of 2 pairs agree, mean +3.50 points", False)),
        ([(90, 90)], {}, ("0 of 1 pairs agree, mean +0.00 points", False)),
        ([(90, 91)], {"dataset": "fashion_mnist"}, own.NOTHING),
        ([(90, None)], {}, own.NOTHING),
    ],
)
def test_pairs_along_an_axis_are_counted_that_gain_as_the_claim_says(pairs, options, said):
    assert own.moved(printed(optimizers(*pairs)), "A", MOVE, **options) == said


def test_only_cells_that_are_equal_in_all_other_settings_are_a_pair():
    other = [{"optimizer": "sgd", "epochs": 5}, {"optimizer": "adam", "epochs": 10}]
    assert own.moved(printed(other), "A", MOVE) == own.NOTHING
    foreign = [{"optimizer": "sgd"}, {"optimizer": "adam", "study": "B"}]
    assert own.moved(printed(foreign), "A", MOVE) == own.NOTHING


@pytest.mark.parametrize(("gain", "agrees"), [(1, True), (-1, False)])
def test_the_best_of_each_value_are_compared_whatever_their_other_settings(gain, agrees):
    rows = [*optimizers((90, 80), (70, 90 + gain))]
    said = own.best_of_each(printed(rows), "A", MOVE)
    assert said == (f"best of each: {gain:+.2f} points on MNIST".replace("-", "−"), agrees)
    assert own.best_of_each(printed(rows[::2]), "A", MOVE) == own.NOTHING


def test_flops_are_compared_in_the_claimed_billions():
    models = [{"model": "resnet18"}, {"model": "resnet50", "flops_as_printed": 4_109_485_056.0}]
    tables = printed(devices=models)
    words = "1818558976 and 4109485056 FLOPs"
    assert own.flops(tables, "A", {"resnet18": 1.8, "resnet50": 4.1}) == (words, True)
    assert own.flops(tables, "A", {"resnet18": 1.8, "resnet50": 4.2}) == (words, False)


def test_kernels_are_compared_at_equal_c_and_gamma_with_the_best_degree():
    degrees = [{**POLY, "test_acc_pct": 93.0}, {**POLY, "degree": 3, "test_acc_pct": 94.0}]
    assert own.kernels(printed(svms=[{}, *degrees]), "A") == ("1 of 1 pairs agree, mean +1.00 points", True)
    other_c = [{"C": 10.0}, *degrees]
    assert own.kernels(printed(svms=other_c), "A") == own.NOTHING
    assert own.kernels(printed(svms=degrees), "A") == own.NOTHING


def test_degrees_are_compared_at_equal_c_and_gamma():
    two, three = {**POLY, "test_acc_pct": 94.0}, {**POLY, "degree": 3, "test_acc_pct": 91.0}
    assert own.degrees(printed(svms=[two, three]), "A") == ("1 of 1 pairs agree, mean +3.00 points", True)
    worse = three | {"test_acc_pct": 95.0}
    assert own.degrees(printed(svms=[two, worse]), "A") == ("0 of 1 pairs agree, mean −1.00 points", False)


def test_a_share_is_of_most_cells():
    tables = printed([{"test_acc_pct": value} for value in (80.0, 90.0, 91.0)])
    assert own.share(tables, "A", "mnist", 90) == ("2 of 3 cells, from 80.0 to 91.0 %", True)
    assert own.share(tables, "A", "mnist", 91) == ("1 of 3 cells, from 80.0 to 91.0 %", False)
    assert own.share(tables, "A", "mnist", 70, 85)[1] is False


def devices(**ratios: float) -> list[dict]:
    """Networks on both devices; the CPU takes so many times as long."""
    return [
        {"model": model, "device": device, "train_time_s": seconds, "test_acc_pct": accuracy}
        for model, ratio in ratios.items()
        for device, seconds, accuracy in (("cpu", 10.0 * ratio, 98.0), ("cuda", 10.0, 98.3))
    ]


def test_speedups_are_of_the_pairs_of_both_devices():
    tables = printed(devices=[*devices(resnet18=4, resnet50=6), {"model": "resnet34"}])
    fast = own.speedups(tables, "A", lambda table: bool((table["ratio"] > 3).all()))
    assert fast == ("4.00 to 6.00 times in 2 pairs", True)
    assert own.speedups(tables, "B", lambda _: True) == own.NOTHING


@pytest.mark.parametrize(("ratios", "rises"), [((4, 5, 6), True), ((4, 7, 6), False)])
def test_a_speedup_that_rises_with_depth_is_told_from_one_that_does_not(ratios, rises):
    models = dict(zip(("resnet18", "resnet34", "resnet50"), ratios, strict=True))
    assert own.deeper(printed(devices=devices(**models)), "A")[1] is rises


def test_devices_are_apart_by_the_largest_difference():
    tables = printed(devices=devices(resnet18=4))
    assert own.device_gap(tables, "A", 0.5) == ("up to 0.30 points apart", True)
    assert own.device_gap(tables, "A", 0.2) == ("up to 0.30 points apart", False)
    assert own.device_gap(tables, "B", 1) == own.NOTHING


@pytest.mark.parametrize(("svm", "gap", "agrees"), [(95.0, "+3.00", True), (99.0, "−1.00", False)])
def test_the_best_network_is_held_against_the_best_svm(svm, gap, agrees):
    tables = printed([{}, {"test_acc_pct": 90.0}], [{"test_acc_pct": svm}, {"test_acc_pct": 80.0}])
    assert own.best_gap(tables, "A") == (f"{gap} points on MNIST", agrees)


@pytest.mark.parametrize(("fifty", "agrees"), [(97.0, True), (99.0, False)])
def test_the_best_cell_is_resnet_18s_on_every_dataset_or_not(fifty, agrees):
    tables = printed([{}, {"model": "resnet50", "test_acc_pct": fifty}])
    assert own.best_models(tables, "A")[1] is agrees


def test_the_optimizer_of_the_best_cell_is_asked_per_dataset():
    on_fashion = [row | {"dataset": "fashion_mnist", "study": "E"} for row in optimizers((80, 85))]
    on_mnist = [row | {"study": "E"} for row in optimizers((99, 98))]
    found = own.preferred(printed([*on_mnist, *on_fashion]))
    assert found == ("best cells: Adam on FashionMNIST and SGD on MNIST", True)
    assert own.preferred(printed([{**row, "study": "E"} for row in optimizers((97, 98))]))[1] is False


@pytest.mark.parametrize(("milliseconds", "said"), [(1e7, 100), (1e5, 1)])
def test_times_of_svms_are_milliseconds_and_those_of_networks_seconds(milliseconds, said):
    tables = printed([{"study": "B"}], [{"study": "B", "train_time_ms": milliseconds}])
    words = f"{milliseconds / 1000:.0f} s against 100 s at the median: {said:.1f} times"
    assert own.svm_time(tables) == (words, said >= 100)
    assert own.fit_seconds(tables, "B", 200.0)[1] is (said == 1)


@pytest.mark.parametrize(("accuracy", "agrees"), [(46.0, True), (51.0, False)])
def test_the_weakest_svms_are_all_below_half(accuracy, agrees):
    weak = {**POLY, "degree": 3, "C": 0.1}
    tables = printed(svms=[weak | {"test_acc_pct": 44.0}, weak | {"gamma": "auto", "test_acc_pct": accuracy}])
    assert own.weakest(tables) == (f"44.0 to {accuracy} %", agrees)


@pytest.mark.parametrize(("seconds", "words", "agrees"), [(104.0, "+4.0", True), (99.0, "−1.0", False)])
def test_the_time_that_adam_costs_is_relative_to_sgd_on_the_same_device(seconds, words, agrees):
    rows = [{"study": "D"}, {"study": "D", "optimizer": "adam", "train_time_s": seconds}]
    assert own.adam_time(printed(devices=rows)) == (f"{words} to {words} % in 1 pairs", agrees)


@pytest.mark.parametrize(("network", "agrees"), [(95.5, True), (96.5, False)])
def test_an_svm_matches_a_network_within_a_point(network, agrees):
    here = {"study": "E", "dataset": "fashion_mnist"}
    tables = printed([{**here, "test_acc_pct": network}], [here])
    assert own.rbf_match(tables) == (f"95.0 against {network} %", agrees)

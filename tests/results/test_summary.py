from __future__ import annotations

from gridpress.results.summary import curves, summarize
from made_up import fitted, scored, trained


def run(model="resnet18", *, validation=(0.5,), test=(0.5,), diverged=None, rate=0.1, seed=0):
    states = [(scored(v), scored(t)) for v, t in zip(validation, test, strict=True)]
    return trained(states, model=model, diverged_at_epoch=diverged, learning_rate=rate, seed=seed)


def svm(kernel, validation, test, name="n"):
    return fitted(scored(validation), scored(test), kernel, name=name)


def entry(validation, test):
    names = ("test_accuracy", "test_balanced_accuracy", "test_macro_f1")
    return {"validation_accuracy": validation, **dict.fromkeys(names, test)}


def test_validation_chooses_and_test_accuracy_only_reports():
    summary = summarize(
        ["mnist"],
        [
            run(validation=(0.5, 0.7), test=(0.9, 0.6)),
            run(validation=(0.6, 0.6), test=(0.99, 0.99), rate=0.2),
            svm("rbf", 0.8, 0.4),
            svm("rbf", 0.7, 0.9, name="other"),
            svm("poly", 0.3, 0.2),
        ],
        "accuracy",
    )
    assert summary["mnist"] == {
        "resnet18": entry(0.7, 0.6),
        "rbf": entry(0.8, 0.4),
        "poly": entry(0.3, 0.2),
        "diverged_runs": 0,
    }


def test_a_diverged_run_is_counted_and_a_family_without_results_left_out():
    summary = summarize(["mnist"], [run("resnet50", validation=(), test=(), diverged=1)], "accuracy")
    assert summary["mnist"] == {"diverged_runs": 1}


def test_seeds_of_a_configuration_are_averaged_before_choosing():
    lucky = [run(validation=(0.9,), test=(0.9,), seed=0), run(validation=(0.1,), test=(0.1,), seed=1)]
    steady = [run(validation=(0.6,), test=(0.5,), rate=0.2, seed=seed) for seed in (0, 1)]
    assert summarize(["mnist"], lucky + steady, "accuracy")["mnist"]["resnet18"] == entry(0.6, 0.5)


def test_curves_are_those_of_every_seed_of_the_configuration_that_validation_chose():
    lucky = [
        run(validation=(0.2, 0.9), test=(0.1, 0.9), seed=0),
        run(validation=(0.1, 0.1), test=(0.1, 0.1), seed=1),
    ]
    steady = [run(validation=(0.6, 0.6), test=(0.5, 0.5), rate=0.2, seed=seed) for seed in (0, 1)]
    rows = curves(["mnist"], lucky + steady, "accuracy")
    assert [(row["run"], row["epoch"]) for row in rows] == [("k", 1), ("k", 2)] * 2
    assert rows == curves(["mnist"], steady, "accuracy")
    assert curves(["mnist"], [run(validation=(), test=(), diverged=1)], "accuracy") == []


def test_another_metric_may_choose_another_configuration():
    exact, sure = (
        trained([(scored(accuracy, log_loss=loss), scored(accuracy))], learning_rate=rate)
        for accuracy, loss, rate in ((0.8, 0.9, 0.1), (0.7, 0.5, 0.2))
    )
    by = {metric: summarize(["mnist"], [exact, sure], metric)["mnist"] for metric in ("accuracy", "log_loss")}
    assert by["accuracy"]["resnet18"] == entry(0.8, 0.8)
    assert by["log_loss"]["resnet18"] == entry(0.7, 0.7)

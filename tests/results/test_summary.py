from __future__ import annotations

from gridpress.config.optimizers import Sgd
from gridpress.config.svm import SvmConfig
from gridpress.results.summary import curves, summarize
from gridpress.study.records.runs import Epoch, Milestone, Predictions, SvmRecord, TrainRecord
from made_up import TEN_IMAGES

NONE = Predictions(index=[], predicted=[])


def run(model="resnet18", *, validation=(0.5,), test=(0.5,), diverged=None, rate=0.1, seed=0):
    milestones = [
        Milestone(epoch=n, train_accuracy=1, validation_accuracy=v, test_accuracy=t, misclassified=NONE)
        for n, (v, t) in enumerate(zip(validation, test, strict=True), start=1)
    ]
    history = [Epoch(epoch=s.epoch, loss=1, train_accuracy=1, validation_accuracy=0.1) for s in milestones]
    return TrainRecord(
        schema_version=TrainRecord.current,
        key="k",
        dataset="mnist",
        model=model,
        batch_size=16,
        optimizer="sgd",
        learning_rate=rate,
        precision="fp32",
        data_memory="device",
        seed=seed,
        epochs=2,
        image_size=28,
        channels=1,
        threads=1,
        device="cpu",
        parameters=1,
        **TEN_IMAGES,
        train_eval_samples=10,
        optimizer_settings=Sgd(momentum=0.9, weight_decay=0.0),
        diverged_at_epoch=diverged,
        history=history,
        milestones=milestones,
    )


def svm(kernel, validation, test, name="n"):
    config = SvmConfig(kernel=kernel, C=1.0, gamma="auto", degree=2 if kernel == "poly" else None)
    return SvmRecord(
        schema_version=SvmRecord.current,
        key="k",
        dataset="mnist",
        name=name,
        config=config,
        scaling="none",
        max_iter=-1,
        **TEN_IMAGES,
        train_accuracy=1,
        validation_accuracy=validation,
        test_accuracy=test,
        support_vectors=[1] * 10,
        converged=True,
        kernel_values="precomputed",
        misclassified=NONE,
    )


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
    )
    assert summary["mnist"] == {
        "resnet18": {"validation_accuracy": 0.7, "test_accuracy": 0.6},
        "rbf": {"validation_accuracy": 0.8, "test_accuracy": 0.4},
        "poly": {"validation_accuracy": 0.3, "test_accuracy": 0.2},
        "diverged_runs": 0,
    }


def test_a_diverged_run_is_counted_and_a_family_without_results_left_out():
    summary = summarize(["mnist"], [run("resnet50", validation=(), test=(), diverged=1)])
    assert summary["mnist"] == {"diverged_runs": 1}


def test_seeds_of_a_configuration_are_averaged_before_choosing():
    lucky = [run(validation=(0.9,), test=(0.9,), seed=0), run(validation=(0.1,), test=(0.1,), seed=1)]
    steady = [run(validation=(0.6,), test=(0.5,), rate=0.2, seed=seed) for seed in (0, 1)]
    assert summarize(["mnist"], lucky + steady)["mnist"]["resnet18"] == {
        "validation_accuracy": 0.6,
        "test_accuracy": 0.5,
    }


def test_curves_are_those_of_every_seed_of_the_configuration_that_validation_chose():
    lucky = [
        run(validation=(0.2, 0.9), test=(0.1, 0.9), seed=0),
        run(validation=(0.1, 0.1), test=(0.1, 0.1), seed=1),
    ]
    steady = [run(validation=(0.6, 0.6), test=(0.5, 0.5), rate=0.2, seed=seed) for seed in (0, 1)]
    rows = curves(["mnist"], lucky + steady)
    assert [(row["run"], row["epoch"]) for row in rows] == [("k", 1), ("k", 2)] * 2
    assert rows == curves(["mnist"], steady)
    assert curves(["mnist"], [run(validation=(), test=(), diverged=1)]) == []

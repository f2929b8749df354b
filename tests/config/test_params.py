from __future__ import annotations

import shutil

import pytest

from conftest import DECLARED, FROZEN
from gridpress.config.params import load_params, parse_params
from gridpress.errors import InputError
from gridpress.training.milestones import tested_at as epochs_of


def put(content, path, value):
    *parents, last = path.split(".")
    for parent in parents:
        content = content[parent]
    content[last] = value


FAULTS = [
    ("train.epoch", 3, "train.epoch is not a known key. Did you mean `epochs`?"),
    ("surprise", 1, "surprise is not a known key. Allowed here: baseline, data, "),
    ("train.epochs", 2.0, "train.epochs is 2.0; it must be a whole number from 1"),
    ("train.epochs", True, "train.epochs is True; it must be a whole number from 1"),
    ("train.epochs", "three", "train.epochs is 'three'; it must be a whole number from 1"),
    (
        "train.grid.batch_size",
        [16, 201],
        "train.grid.batch_size is 201, but data leaves 200 training images of mnist",
    ),
    ("train.grid.model", [], "train.grid.model is []; it needs at least one value"),
    ("train.grid.model", "resnet18", "train.grid.model is 'resnet18'; it must be a list, even of one value"),
    (
        "train.grid.model",
        ["resnet200"],
        (
            "model.0 is 'resnet200'; it must be a classification network of torchvision, or one of lenet5, "
            "mlp, resnet20, small_cnn. Did you mean resnet20?"
        ),
    ),
    ("train.grid.optimizer", ["rmsprop"], "optimizer.0 is 'rmsprop'; allowed: 'sgd' or 'adam'"),
    ("train.grid.learning_rate", [0], "train.grid.learning_rate.0 is 0; it must be a number above 0"),
    ("train.grid.learning_rate", [-0.1], "learning_rate.0 is -0.1; it must be a number above 0"),
    ("train.grid.learning_rate", [float("nan")], "learning_rate.0 is nan; it must be a number above 0"),
    ("train.grid.learning_rate", ["1e-4"], "learning_rate.0 is '1e-4'; it must be a number above 0"),
    ("train.grid.learning_rate", [0.1, 1e-1], "may hold every value only once"),
    ("train.milestones", [1, 1], "may hold every value only once"),
    ("train.milestones", [2, 1], "milestones must rise"),
    ("train.image_size", 7, "train.image_size is 7; it must be a whole number from 8 to 1024"),
    ("train.image_size", 1025, "train.image_size is 1025; it must be a whole number from 8 to 1024"),
    ("train", None, "train is None; it must hold keys and values"),
    ("datasets", "mnist", "datasets is 'mnist'; it must be a list"),
    (
        "datasets",
        ["cifar10"],
        "datasets holds 'cifar10', which data/datasets does not declare; declared are fashion_mnist, mnist.",
    ),
    ("datasets", ["minst"], "Did you mean mnist?"),
    ("data.train_samples", 1, "data.train_samples is 1; it must be a whole number from 2 or `all`"),
    ("data.val_samples", 5, "data.val_samples leaves 5 images of mnist; its 10 classes need at least 10"),
    ("data.split.test", "own", "data.split.test is 'own'; it must be a number above 0, or `official`"),
    ("data.split.test", "official", "split.test is official, but the declaration of mnist has no part with"),
    ("data.split.train", 0.5, "data.split: train, validation and test sum to 0.8; they must sum to 1"),
    ("selection.metric", "f1", "selection.metric is 'f1'; allowed: 'accuracy', 'balanced_accuracy', 'macro_"),
    ("learning_curve.fractions", [0.2, 0.1], "learning_curve.fractions is [0.2, 0.1]; it must rise"),
    ("learning_curve.fractions", [0.2, 0.2], "learning_curve.fractions is [0.2, 0.2]; it must rise"),
    ("learning_curve.fractions", [0.5, 1.5], "fractions.1 is 1.5; it must be a number above 0 and at most 1"),
    ("learning_curve.fractions", 1, "learning_curve.fractions is 1; it must be a list"),
    (
        "learning_curve.fractions",
        [0.0002],
        (
            "learning_curve.fractions has 0.0002, which leaves 10 training images of mnist; its 10 classes "
            "and train.grid.batch_size need at least 16"
        ),
    ),
    ("learning_curve.epochs", [0], "learning_curve.epochs.0 is 0; it must be a whole number from 1"),
    ("recipes", {}, "recipes is {}; it needs at least one entry"),
    (
        "train.grid.recipe",
        ["modem"],
        "holds 'modem', which recipes does not; it has default, modern. Did you",
    ),
    ("recipes.default.stem", "tiny", "recipes.default.stem is 'tiny'; allowed: 'standard' or 'small'"),
    ("recipes.default.schedule", {"name": "linear"}, "{'name': 'linear'}; it must be a mapping whose na"),
    ("recipes.default.schedule", {"name": "step", "every": 1}, "recipes.default.schedule.factor is missing"),
    (
        "recipes.default.augmentation",
        {},
        "names none of shift, flip, crop, cutout; for no augmentation write",
    ),
    (
        "recipes.default.augmentation",
        {"shift": 2},
        "augmentation.shift is 2; it must be a number above 0 and",
    ),
    (
        "recipes.default.augmentation",
        {"blur": 1},
        "augmentation.blur is not a known key. Allowed here: crop, ",
    ),
    ("recipes.default.weights", {"file": "x"}, "recipes.default.weights.sha256 is missing"),
    *(
        (
            "recipes.default.weights",
            {"file": path, "sha256": "0" * 64},
            f"recipes.default.weights.file is {path!r}; it must be a path below the study's folder",
        )
        for path in ("/etc/passwd", "../../x", "a/../../x", "a\\..\\x", "C:\\x")
    ),
    ("recipes.default.early_stopping", {"metric": "loss", "patience": 1}, "metric is 'loss'; allowed: 'acc"),
    (
        "baseline.configs",
        {"a": {"estimator": "forest", "scaling": "none", "parameters": {}}},
        "baseline.configs.a.estimator is 'forest'; allowed: 'logistic_regression', 'linear_svm'",
    ),
    (
        "baseline.configs",
        {"a": {"estimator": "random_forest", "scaling": "none", "parameters": {"trees": 5}}},
        "baseline.configs.a: parameters holds 'trees', which random_forest does not take here; allowed: ",
    ),
    ("svm.configs", {}, "svm.configs is {}; it needs at least one entry"),
    ("svm.configs", {"a.b": {"kernel": "rbf", "C": 1.0, "gamma": "auto"}}, "is 'a.b'; it must be made of"),
    ("svm.configs", {"a/b": {"kernel": "rbf", "C": 1.0, "gamma": "auto"}}, "is 'a/b'; it must be made of"),
    (
        "svm.configs",
        {"a": {"kernel": "poly", "C": 1.0, "gamma": "auto"}},
        "degree is needed with kernel poly",
    ),
    ("svm.configs", {"a": {"kernel": "sigmoid", "C": 1.0}}, "gamma is needed with every kernel but linear"),
    (
        "svm.configs",
        {"a": {"kernel": "linear", "C": 1.0, "gamma": "auto"}},
        "gamma is needed with every kernel but linear, and has no meaning with that",
    ),
    (
        "svm.configs",
        {"a": {"kernel": "lin", "C": 1.0}},
        "kernel is 'lin'; allowed: 'linear', 'poly', 'rbf' or 's",
    ),
    ("svm.configs", {"a": {"kernel": "rbf", "C": 1.0, "gamma": 0}}, "must be a number above 0, `scale`"),
    ("hardware.machines", ["../x"], "machines.0 is '../x'; it must be made of letters"),
    (
        "profiles",
        {"smoke": {}},
        "profiles is no key here any more: each profile is a file, profiles/NAME.yaml",
    ),
]


@pytest.mark.parametrize(("path", "value", "message"), FAULTS, ids=[f"{p}={v!s:.20}" for p, v, _ in FAULTS])
def test_a_fault_is_one_message_with_key_value_and_what_is_allowed(smoke, path, value, message):
    put(smoke, path, value)
    with pytest.raises(InputError) as fault:
        parse_params(smoke, DECLARED)
    assert message in str(fault.value)
    assert str(fault.value).startswith("params.yaml: ")
    assert len(str(fault.value).splitlines()) == 1


def test_every_fault_is_named_at_once(smoke):
    put(smoke, "train.epochs", 0)
    put(smoke, "svm.scaling", "robust")
    with pytest.raises(InputError) as fault:
        parse_params(smoke, DECLARED)
    assert len(str(fault.value).splitlines()) == 2


def test_a_missing_key_is_an_error_as_nothing_has_a_default(smoke):
    del smoke["data"]["seed"]
    with pytest.raises(InputError, match=r"data\.seed is missing"):
        parse_params(smoke, DECLARED)


@pytest.mark.parametrize("content", [None, [], "text", 3])
def test_anything_but_a_mapping_is_refused(content):
    with pytest.raises(InputError, match="must hold keys and values"):
        parse_params(content, DECLARED)


def test_all_means_the_whole_split(smoke):
    smoke["data"] |= {
        "train_samples": "all",
        "train_eval_samples": "all",
        "val_samples": "all",
        "test_samples": "all",
    }
    used = parse_params(smoke, DECLARED).used("mnist")
    assert used == {"train": 49_000, "train_eval": 49_000, "validation": 7_000, "test": 14_000}


def test_more_images_than_a_dataset_has_means_all_of_it(smoke):
    smoke["data"] |= {
        "train_samples": 60_000,
        "train_eval_samples": 50_000,
        "val_samples": 7_001,
        "test_samples": 14_001,
    }
    used = parse_params(smoke, DECLARED).used("mnist")
    assert used == {"train": 49_000, "train_eval": 49_000, "validation": 7_000, "test": 14_000}


def test_the_official_test_part_is_the_test_split_and_the_others_are_shared_in_proportion(smoke):
    smoke["data"]["split"]["test"] = "official"
    smoke["data"] |= dict.fromkeys(("train_samples", "val_samples", "test_samples"), "all")
    parts = [part.model_copy(update={"split": name}) for part, name in zip(
        DECLARED["mnist"].parts, ("train", "test"), strict=True
    )]  # fmt: skip
    declared = {"mnist": DECLARED["mnist"].model_copy(update={"parts": parts})}
    params = parse_params(smoke | {"datasets": ["mnist"]}, declared)
    assert params.sizes("mnist") == {"train": 52_500, "validation": 7_500, "test": 10_000}
    assert params.used("mnist")["test"] == 10_000


@pytest.mark.parametrize(
    ("milestones", "epochs", "tested", "beyond"),
    [
        ([3], 5, [3, 5], []),
        ([3, 5], 5, [3, 5], []),
        ([], 4, [4], []),
        ([3, 5], 2, [2], [3, 5]),
        ([3, 5], 10, [3, 5, 10], []),
    ],
)
def test_the_last_epoch_is_always_tested_and_milestones_beyond_it_are_left_out(
    smoke, milestones, epochs, tested, beyond
):
    smoke["train"].update(milestones=milestones, epochs=epochs)
    params = parse_params(smoke, DECLARED)
    train = params.train
    assert epochs_of(train, params.recipes["default"]) == tested
    assert train.left_out.rpartition(": ")[2] == ", ".join(map(str, beyond))


def test_params_yaml_comes_back_from_dvc_as_it_was(tmp_path):
    from dvc.utils.hydra import apply_overrides  # noqa: PLC0415

    whole = FROZEN.params.read_text(encoding="utf-8")
    path = tmp_path / "params.yaml"
    shutil.copytree(FROZEN.root / "data", tmp_path / "data")
    path.write_text(whole, encoding="utf-8")
    apply_overrides(str(path), ["train.epochs=5"])
    assert path.read_text(encoding="utf-8") == whole
    apply_overrides(str(path), ["train.epochs=6"])
    assert path.read_text(encoding="utf-8") == whole.replace("epochs: 5 ", "epochs: 6 ")
    apply_overrides(str(path), ["train.milestones=[]"])
    train = load_params(path).train
    assert (train.epochs, train.milestones) == (6, [])


def test_a_list_that_contains_itself_is_refused_by_its_key(smoke):
    smoke["datasets"].append(smoke["datasets"])
    with pytest.raises(InputError, match=r"datasets\.\d+ is "):
        parse_params(smoke, DECLARED)

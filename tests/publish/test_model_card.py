from __future__ import annotations

import ast
import re

import pytest
import torch

from conftest import DECLARED
from gridpress.checks.verify.tolerance import Tolerance
from gridpress.config.params import parse_params
from gridpress.publish.model_card import Card, Elsewhere
from gridpress.study import expected
from gridpress.study.grid import train_runs
from gridpress.study.records.runs import Milestone, Predictions, TrainRecord
from gridpress.training.input_pipeline import InputPipeline
from made_up import scored


@pytest.fixture
def text(smoke, made_up):
    """The card of a network that gets 5 of its test images wrong, with changes."""

    def write(
        *,
        channels=1,
        image_size=28,
        changed=0,
        elsewhere=None,
        model="resnet18",
        metric="accuracy",
        stopped=None,
        chosen_with=None,
        **recipe,
    ):
        smoke["selection"]["metric"] = metric
        smoke["train"] |= {"channels": channels, "image_size": image_size}
        smoke["train"]["grid"]["model"] = [model]
        smoke["recipes"]["default"] |= recipe
        params = parse_params(smoke, DECLARED)
        run = next(iter(train_runs(params).values()))
        milestone = Milestone(
            epoch=3,
            train_accuracy=1.0,
            validation=scored(0.95),
            test=scored(0.98765, Predictions(index=list(range(5)), predicted=[0] * 5), macro_f1=0.97),
        )
        record = TrainRecord(
            schema_version=TrainRecord.current,
            key=run.key,
            **expected.train_fields(run, params) | {"device": "cpu"},
            parameters=12,
            diverged_at_epoch=None,
            stopped=stopped,
            history=[],
            milestones=[milestone],
        )
        pipeline = InputPipeline.fit(made_up[0].pixels, channels, image_size, None)
        name = f"train@{run.key}"
        card = Card(
            name, run, chosen_with, milestone, record, milestone, elsewhere, params, pipeline, changed, "abc"
        )
        return card.text("file.safetensors")

    return write


def listing(card: str) -> str:
    [code] = re.findall(r"```python\n(.*?)```", card, re.DOTALL)
    return code


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("image_size", [28, 64])
@pytest.mark.parametrize("changed", [0, 2])
def test_a_card_is_a_title_one_whole_table_and_python(text, channels, image_size, changed):
    card = text(channels=channels, image_size=image_size, changed=changed)
    assert card.startswith("# resnet18 on mnist\n\nWeights at the end of epoch 3 ")
    lines = card.splitlines()
    rows = [number for number, line in enumerate(lines) if line.startswith("|")]
    assert rows == list(range(rows[0], rows[0] + len(rows)))
    assert all(lines[number].count("|") == 3 and lines[number].endswith("|") for number in rows)
    ast.parse(listing(card))
    assert "\n\n\n" not in card.replace(listing(card), "")


def test_it_says_how_many_images_made_the_choice_where_others_trained_it(text):
    assert "Validation chose them among the study's configurations" in text()
    card = text(chosen_with=50)
    assert "A final model: validation chose the configuration with 50 training images, and it was " in card


def test_percentages_have_two_digits(text):
    assert "| test accuracy | 98.77 % of " in text()


def test_the_code_does_what_the_network_needs_and_nothing_else(text):
    plain, large = listing(text(channels=1)), listing(text(channels=3, image_size=64))
    assert "model.conv1 = torch.nn.Conv2d(1, 64," in plain
    assert "resize" not in plain
    assert "expand" not in plain
    assert "conv1" not in large
    assert "functional.resize(images, [64, 64], antialias=False)" in large
    assert "images.expand(-1, 3, -1, -1)" in large


def test_images_answered_otherwise_are_counted(text):
    assert "it gives the recorded class for every test image" in text(changed=0)
    assert "it gives another than the recorded class for 2 of the " in text(changed=2)


def test_what_differs_on_another_machine_is_told_in_a_row_that_stays_whole(text):
    elsewhere = Elsewhere(["processor was A | B"], Tolerance(half_width=0.0123, reason="so it is"))
    card = text(elsewhere=elsewhere)
    assert "on another kind of machine; processor was A \\| B. The same training" in card
    assert "within 1.23 points of the recorded one (so it is), and does |" in card
    assert "it gives the class that it gave after training for every test image" in card


def test_accuracy_is_not_the_only_measure(text):
    assert "| balanced accuracy, macro F1 | 98.77 %, 97.00 % |" in text()


@pytest.mark.parametrize(
    ("changes", "statements"),
    [
        (
            {"model": "lenet5"},
            ["from gridpress.networks.own import lenet5", "model = lenet5.build(1, 10, 28)"],
        ),
        (
            {"stem": "small"},
            [
                "model.conv1 = torch.nn.Conv2d(1, 64, kernel_size=(3, 3)",
                "model.maxpool = torch.nn.Identity()",
            ],
        ),
        ({"model": "googlenet", "channels": 3}, ["models.googlenet(num_classes=10, aux_logits=False"]),
        ({"model": "vit_b_32", "channels": 3, "image_size": 64}, ["num_classes=10, image_size=64)"]),
        (
            {"model": "vgg11_bn", "image_size": 32},
            ["(model.get_submodule('features'), '0', torch.nn."],
        ),
    ],
    ids=lambda value: next(iter(value.values()), "") if isinstance(value, dict) else "",
)
def test_the_code_makes_the_network_of_any_name_and_stem(text, changes, statements):
    code = listing(text(**changes))
    ast.parse(code)
    assert all(statement in code for statement in statements)


def test_the_code_that_makes_the_network_runs_and_takes_the_images(text):
    code = listing(text(stem="small")).partition("model.load_state_dict")[0]
    names = {}
    exec(code, names)  # noqa: S102  # as who reads the card does
    assert names["model"].eval()(torch.zeros(1, 1, 28, 28)).shape == (1, 10)


@pytest.mark.parametrize(
    ("metric", "row"),
    [
        ("accuracy", "| validation accuracy | 95.00 % of 100 images; it made the choice, so it flatters |"),
        ("macro_f1", "| validation macro F1 | 95.00 %; it made the choice, so it flatters |"),
        ("log_loss", "| validation log loss | 1.000; it made the choice, so it flatters |"),
    ],
)
def test_what_made_the_choice_flatters_and_nothing_else(text, metric, row):
    card = text(metric=metric)
    assert row in card.splitlines()
    assert card.count("so it flatters") == 1


def test_epochs_after_early_stopping_are_those_of_the_weights_of_at_most_so_many(text):
    assert "| training | 3 epochs, batch size" in text()
    assert re.search(r"\| training \| 3 of at most \d+ epochs, early stopping, batch size", text(stopped=3))

from __future__ import annotations

import pytest

from gridpress.report.analysis.learning_curves import final_models as bests
from gridpress.report.data.study import Study
from gridpress.report.sections.selected.final_models import final_models
from report.builder import parameters, write_study


@pytest.fixture
def made(tmp_path):
    def made(seeds, **changes) -> Study:
        grid = {"model": ["resnet18", "resnet50"], "seed": seeds}
        content = parameters(
            train={"grid": grid}, learning_curve={"fractions": [1.0], "epochs": [9]} | changes
        )
        return Study.load(write_study(tmp_path / "study", content))

    return made


def test_every_final_model_has_a_row_and_longer_training_comes_last_of_its_dataset(made):
    study = made([0, 1])
    [table] = final_models(study)
    rows = table.data.to_dict("records")
    assert len(rows) == len(bests(study)) + 2
    for dataset in study.datasets:
        here = [row for row in rows if row["dataset"] == dataset]
        assert [row["name"] for row in here][:2] == ["ResNet-18", "ResNet-50"]
        assert here[-1]["name"].endswith(", 9 epochs")
        assert sum(row["winner"] is True for row in here) == 1
    assert "Over seeds (%)" in [header.text for header in table.head[0]]
    wanted = [path for path in study.record_paths if "learning_curve/" in path and "chosen" not in path]
    of_seeds = [path for path in wanted if path.startswith("metrics/learning_curve/network/")]
    shown = {*table.sources}
    assert shown <= {*wanted}
    assert {path for path in wanted if path not in shown} <= {*of_seeds}  # of each network one seed is shown
    assert len(shown & {*of_seeds}) == len(of_seeds) / 2


def test_the_caption_says_at_what_size_was_chosen_and_at_what_size_trained(made):
    [table] = final_models(made([0]))
    assert (
        "chose with 1\u202f000 training images for each classifier, trained on all 49\u202f000"
        in table.caption
    )
    assert "the chosen network also with more epochs, one seed" in table.caption
    assert "Over seeds (%)" not in [header.text for header in table.head[0]]


def test_cells_lead_to_the_records_of_the_final_models(made):
    [table] = final_models(made([0]))
    links = [cell.link for row in table.body for cell in row if cell is not None and cell.link]
    assert "#record-learning_curve-network-mnist-resnet18-1.0" in links
    assert "#record-learning_curve-classical-mnist-1.0" in links
    assert "#record-learning_curve-saturation-mnist-9" in links


def test_without_all_images_there_is_no_table(made):
    assert [*final_models(made([0], fractions=[0.02]))] == []

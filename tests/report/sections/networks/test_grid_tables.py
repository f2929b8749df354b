from __future__ import annotations

from gridpress.report.data.study import Study
from gridpress.report.presentation.markup import MARK
from gridpress.report.sections.networks import grid_tables
from report.builder import PATIENT, parameters, write_study
from report.made_up.runs import diverged


def texts(row):
    return [cell.text for cell in row if not cell.head]


def test_grid_table_shows_the_records_in_study_a_layout(study):
    tables = list(grid_tables.grid_tables(study))
    assert [table.reference for table in tables] == ["tbl-grid-mnist", "tbl-grid-fashion-mnist"]
    body = tables[0].body
    grid = study.params.train.grid
    expected = []
    for batch in grid.batch_size:
        for optimizer in grid.optimizer:
            for rate in grid.learning_rate:
                row = []
                for model in grid.model:
                    record = study.train[f"mnist-{model}-{batch}-{optimizer}-{rate}-fp32-device-default-0"]
                    row += [f"{100 * m.test.accuracy:.2f}" for m in record.milestones]
                expected.append(row)
    assert [texts(row) for row in body] == expected


def test_choice_is_marked_once_and_named_in_the_caption(study):
    tables = [*grid_tables.grid_tables(study)]
    assert len(tables) == 2
    for table in tables:
        assert sum(cell.marked for row in table.body for cell in row) == 1
        assert sum(cell.bold for row in table.body for cell in row) == len(study.params.train.grid.model)
        assert MARK in table.caption


def test_axes_with_several_values_become_rows(build):
    study = build(train={"grid": {"precision": ["fp32", "bf16"], "data_memory": ["device", "pinned"]}})
    table = next(iter(grid_tables.grid_tables(study)))
    titles = [header.text for header in table.head[0]]
    assert titles[:5] == ["Batch size", "Optimizer", "Learning rate", "Precision", "Data in"]
    assert len(table.body) == 2 * 2 * 2 * 2 * 2


def test_several_seeds_show_mean_and_standard_deviation(build):
    study = build(datasets=["mnist"], train={"grid": {"seed": [0, 1]}})
    table = next(iter(grid_tables.grid_tables(study)))
    first = study.configurations.iloc[0]
    expected = f"{100 * first['test_accuracy']:.2f} ± {100 * first['test_accuracy_sd']:.2f}"
    assert texts(table.body[0])[0] == expected
    assert "2 seeds" in table.caption


def test_diverged_and_missing_cells_say_so(study, tmp_path):
    project = write_study(tmp_path, parameters())
    lost, gone = list(study.train)[:2]
    project.record("train", lost).write_text(
        diverged(study.train[lost], 1).model_dump_json(), encoding="utf-8"
    )
    project.record("train", gone).unlink()
    table = next(iter(grid_tables.grid_tables(Study.load(project))))
    assert texts(table.body[0])[:2] == ["diverged", "diverged"]
    assert texts(table.body[1])[:2] == ["–", "–"]
    assert "diverged: the loss stopped being finite" in table.caption


def test_matrix_alt_text_names_the_extremes(study):
    (figure,) = grid_tables.accuracy_matrix(study)
    best = study.configurations["test_accuracy"].max()
    assert f"Highest: {100 * best:.2f} %" in figure.alt


def test_a_recipe_that_is_tested_once_has_one_column_alone_and_a_dash_beside_others(build):
    study = build(train={"epochs": 3, "milestones": [2], "grid": {"recipe": ["modern", "default"]}})
    table = next(iter(grid_tables.grid_tables(study)))
    assert [header.text for header in table.head[1]] == ["2 epochs", "3 epochs"] * 2
    rows = [row for row in table.body if any(cell.text == "modern" for cell in row)]
    assert rows
    for row in rows:
        absent = [cell for cell in row if cell.text == "–"]
        assert [(cell.bold, cell.marked, cell.link) for cell in absent] == [(False, False, None)] * 2
    assert sum(cell.marked for row in table.body for cell in row) == 1
    assert "`modern`: tested after the last epoch alone." in table.caption


def test_where_every_recipe_is_tested_once_there_is_no_column_of_a_milestone(build):
    study = build(train={"grid": {"recipe": ["modern"]}})
    table = next(iter(grid_tables.grid_tables(study)))
    assert [header.text for header in table.head[1]] == ["2 epochs"] * 2
    assert "tested" not in table.caption


def test_epochs_are_the_most_where_training_may_stop_early(build):
    study = build(**PATIENT, train={"epochs": 4})
    table = next(iter(grid_tables.grid_tables(study)))
    (figure,) = grid_tables.accuracy_matrix(study)
    assert [header.text for header in table.head[1]] == ["4 epochs"] * 2
    said = "With early stopping only the epoch kept is tested, of at most as many as the column names."
    assert table.caption.endswith(said)
    assert figure.caption.endswith(said)

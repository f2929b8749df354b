from __future__ import annotations

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.stages import BY_NAME, PHASES, RUN_STAGES, runs_by_name, stage_names
from gridpress.study.grid import kind_of
from report.builder import parameters


def test_every_stage_has_a_name_and_a_folder_of_its_own():
    assert {stage.stage: stage for stage in RUN_STAGES} == BY_NAME
    assert len({stage.folder for stage in RUN_STAGES}) == len(RUN_STAGES)


def test_runs_are_named_as_their_stages_phase_by_phase():
    params = parse_params(parameters(learning_curve={"fractions": [0.02], "epochs": [9]}), DECLARED)
    runs = runs_by_name(params)
    names = stage_names(params)
    assert [*runs] == [name for name in names if kind_of(name) in BY_NAME]
    assert all(name == f"{stage.stage}@{run.key}" for name, (stage, run) in runs.items())
    first, second = ({stage.stage for stage in phase} for phase in PHASES)
    places = {name: place for place, name in enumerate(names)}
    assert max(places[name] for name in runs if kind_of(name) in first) < places["summarize"]
    assert places["summarize"] < min(places[name] for name in runs if kind_of(name) in second)
    assert names[-2:] == ["final", "report"]

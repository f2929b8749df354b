from __future__ import annotations

from types import SimpleNamespace

import pytest
from distributed import Future

from gridpress.families.registry import runs_by_stage_name
from gridpress.pipeline.repro import dispatch
from gridpress.pipeline.repro.cluster import Crew
from gridpress.pipeline.repro.dispatch import Dispatch
from gridpress.study.project import Project


class Ended(Future):
    """A run that has ended by the time that anybody listens."""

    def __init__(self) -> None:
        pass

    def __del__(self) -> None:
        pass

    __hash__ = object.__hash__
    status = "finished"

    def add_done_callback(self, call) -> None:
        call(self)

    def result(self, timeout: float) -> tuple[str, str]:
        assert timeout > 0
        return "record", "timing"

    def release(self) -> None:
        pass


class Client:
    """A scheduler with one worker."""

    def __init__(self, happened: list[str]) -> None:
        self.happened = happened
        self.resource = ""

    def register_plugin(self, plugin) -> None:
        self.resource = plugin.resource

    def subscribe_topic(self, *_) -> None:
        pass

    def get_events(self, _) -> list:
        return []

    def scheduler_info(self) -> dict:
        return {"workers": {"inproc://1": {"name": "1", "resources": {self.resource: 1}}}}

    def submit(self, _perform, task, **_) -> Ended:
        self.happened.append(f"{task.name} begins")
        return Ended()


class Recorder:
    """One that records every run at once."""

    def __init__(self, happened: list[str]) -> None:
        self.happened = happened
        self.pending = []

    def add(self, run) -> None:
        self.pending.append(run)

    def due(self) -> bool:
        return bool(self.pending)

    def flush(self, *, final: bool = True) -> None:
        assert not final
        self.happened += [f"{run.name} is recorded" for run in self.pending]
        self.pending = []


@pytest.fixture
def checked(monkeypatch):
    monkeypatch.setattr(
        dispatch, "Records", lambda **texts: SimpleNamespace(check=lambda _: SimpleNamespace(**texts))
    )


@pytest.mark.usefixtures("checked")
def test_a_free_worker_has_its_next_run_before_the_last_one_is_recorded(params, tmp_path):
    happened: list[str] = []
    first, second = [name for name in runs_by_stage_name(params) if name.startswith("train@")][:2]
    view = SimpleNamespace(done=lambda _: None, say=lambda _: None)
    crew = Crew(Client(happened), "inproc://", str(tmp_path), room={"train": 2, "svm": 1})
    failures = Dispatch(
        Project(tmp_path), params, crew, {first: "", second: ""}, Recorder(happened), view, keep_going=False
    ).run()
    assert failures == {}
    assert happened == [f"{first} begins", f"{second} begins", f"{first} is recorded"]

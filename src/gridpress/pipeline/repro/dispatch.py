"""Runs go to workers one by one, as many as there are, and come back as records."""
# mypy: untyped-calls-exclude=distributed

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Future, KilledWorker

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.pipeline.repro.cluster import RETRIES, Crew, lost, memory
from gridpress.pipeline.repro.finished import Finished, Records
from gridpress.pipeline.repro.record import Recorder
from gridpress.pipeline.repro.view import View
from gridpress.pipeline.repro.worker import Admission, Task, explain, perform, versions
from gridpress.stages import BY_NAME, runs_by_name
from gridpress.study.grid import kind_of
from gridpress.study.project import Project

TICK = 0.5  # seconds between two looks at the workers
PATIENCE = 120.0  # seconds to wait for a worker when there is none
RESULT_TIMEOUT = 60.0  # seconds for a finished run's records to arrive

Resources = dict[str, float]


@dataclass
class Dispatch:
    """The runs of a study on their way.

    Attributes:
        project: the study.
        params: its parameters; every run gets them whole.
        crew: the workers.
        todo: the digest of each run's inputs by the stage's name, in the order to begin them.
        recorder: takes what is finished.
        view: is told of everything.
        keep_going: begin further runs after one has failed.
    """

    project: Project
    params: Params
    crew: Crew
    todo: dict[str, str]
    recorder: Recorder
    view: View
    keep_going: bool
    running: dict[Future[Any], tuple[str, str]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    refusals: set[str] = field(default_factory=set)
    inbox: SimpleQueue[Any] = field(default_factory=SimpleQueue)

    def __post_init__(self) -> None:
        self.wanted = versions()
        self.resource = f"gridpress-{self.wanted['gridpress']}"
        self.topic = f"{self.resource}-{uuid.uuid4().hex}"
        self.content = self.params.model_dump(exclude_none=True)
        self.datasets = {name: self.params.dataset(name).model_dump() for name in self.params.datasets}
        self.seen = time.monotonic()  # when a worker was last there

    def run(self) -> dict[str, str]:
        """Compute everything; why each failed run failed, by name.

        Raises:
            GridpressError: no worker may compute, or the scheduler is gone.
        """
        try:
            self._admit()
            while self.todo or self.running:
                self._submit()
                if self.recorder.due():  # while the workers compute
                    self.recorder.flush(final=False)
                self._listen()
        except (OSError, TimeoutError) as error:  # Dask's errors of communication are OSErrors
            if isinstance(error, OSError) and error.filename:
                raise
            raise lost(self.crew.address) from None
        finally:
            if self.crew.root is None:  # workers of our own are about to end
                self._leave()
        return self.failures

    def _leave(self) -> None:
        """Let the workers of a cluster drop what they compute for us.

        Whether they hear it changes nothing.
        """
        with suppress(Exception):
            self.crew.client.cancel(list(self.running), force=True)
            self.crew.client.unregister_worker_plugin(self.topic)

    def _admit(self) -> None:
        client = self.crew.client
        client.subscribe_topic(self.topic, lambda event: self.inbox.put(event[1]))
        local = self.crew.root is not None
        with suppress(ImportError):  # of workers without Gridpress, who get no resource then
            client.register_plugin(Admission(self.wanted, self.resource, self.topic, local=local))
        for _, message in client.get_events(self.topic):
            self._hear(message)
        for address, worker in self._workers().items():
            named = f"worker {worker['name']} ({address})"
            if self.resource not in worker["resources"] and not any(named in text for text in self.refusals):
                self._hear({"refused": f"{named} is refused: gridpress cannot be imported there"})
        if self.refusals and not self._admitted():
            raise GridpressError(
                "no worker of the Dask cluster may compute this study:\n" + "\n".join(sorted(self.refusals))
            )

    def _workers(self) -> dict[str, Any]:
        return dict(self.crew.client.scheduler_info()["workers"])

    def _admitted(self) -> list[Resources]:
        return [
            worker["resources"]
            for worker in self._workers().values()
            if worker["resources"].get(self.resource)
        ]

    def _submit(self) -> None:
        """Begin what the workers that are free can take."""
        if not self.todo and not self.running:
            return
        admitted = self._admitted()
        self._wait_for_workers(admitted)
        for name in list(self.todo):
            if len(self.running) >= len(admitted):
                return
            needs = self._needs(name, admitted)
            if self._memory(name) and not any(_fits(needs, resources) for resources in admitted):
                needed = self._memory(name) / 2**30
                self._fail(name, f"it needs {needed:.1f} GiB, more than any worker has")
            elif self._is_room(name, needs, admitted):
                self._begin(name, needs)

    def _needs(self, name: str, admitted: list[Resources]) -> Resources:
        if needed := self._memory(name):
            return {self.resource: 1, f"{self.resource}-memory": needed}
        gpus = self.params.train.device != "cpu" and any(resources.get("GPU") for resources in admitted)
        return {self.resource: 1, **({"GPU": 1} if gpus else {})}

    def _is_room(self, name: str, needs: Resources, admitted: list[Resources]) -> bool:
        kind = kind_of(name)
        alike = sum(kind_of(other) == kind for other, _ in self.running.values())
        room = sum(_fits(needs, resources) for resources in admitted)
        return alike < min(room, self.crew.room[kind])

    def _memory(self, name: str) -> int:
        """Bytes that a run asks of its worker; 0 where it takes hardly more than the worker itself."""
        stage = BY_NAME[kind_of(name)]
        return memory(stage, self.params) if stage.memory(self.params) else 0

    def _begin(self, name: str, needs: Resources) -> None:
        task = Task(name, self.content, self.datasets, self._files(name), self.crew.root, self.topic)
        future = self.crew.client.submit(
            perform, task, key=f"{name}-{uuid.uuid4().hex}", pure=False, resources=needs
        )
        self.running[future] = name, self.todo.pop(name)
        future.add_done_callback(self.inbox.put)

    def _files(self, name: str) -> dict[str, str]:
        """What a worker that does not see the study needs of it."""
        if self.crew.root is not None:
            return {}
        stage, run = runs_by_name(self.params)[name]
        return dict(stage.files(run, self.params, self.project))

    def _wait_for_workers(self, admitted: list[Resources]) -> None:
        now = time.monotonic()
        if admitted:
            self.seen = now
        elif now - self.seen > PATIENCE:
            raise GridpressError(f"no worker has been there for {PATIENCE:.0f} s; what was finished is kept")

    def _listen(self) -> None:
        """Hear what comes in until nothing more does."""
        wait = TICK
        while True:
            try:
                self._hear(self.inbox.get(timeout=wait))
            except Empty:
                return
            wait = 0

    def _hear(self, message: Any) -> None:
        match message:
            case Future():
                self._end(message)
            case {"refused": str(refusal)}:
                if refusal not in self.refusals:
                    self.refusals.add(refusal)
                    self.view.say(refusal)
            case {"stage": str(name), "at": worker, "done": done, "total": total, "note": note}:
                if any(name == running for running, _ in self.running.values()):
                    self.view.progress(name, worker, done / total, note)

    def _end(self, future: Future[Any]) -> None:
        name, digest = self.running.pop(future)
        if future.status == "cancelled":
            raise lost(self.crew.address)
        try:
            record, timing = future.result(timeout=RESULT_TIMEOUT)
        except KilledWorker as error:
            last = error.last_worker.address
            self._fail(
                name, f"its worker died {RETRIES + 1} times, the last one was {last}; is memory short?"
            )
        except Exception as error:  # noqa: BLE001  # whatever a stage raises in a worker is raised here
            self._fail(name, explain(error))
        else:
            self._accept(name, digest, record, timing)
        finally:
            future.release()

    def _accept(self, name: str, digest: str, record: str, timing: str) -> None:
        try:
            records = Records(record=record, timing=timing).check(name)
        except ValueError:
            self._fail(name, "what the worker returned is not its record")
            return
        self.recorder.add(Finished(name, digest, records))
        self.view.done(name)

    def _fail(self, name: str, reason: str) -> None:
        self.failures[name] = reason
        self.view.fail(name, reason)
        self.todo.pop(name, None)
        if not self.keep_going:
            self.todo.clear()


def _fits(needs: Resources, resources: Resources) -> bool:
    return all(resources.get(name, 0) >= quantity for name, quantity in needs.items())

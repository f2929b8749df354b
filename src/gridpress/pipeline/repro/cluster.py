"""The Dask workers that compute a study: this machine's cores, or a cluster that exists."""
# mypy: untyped-calls-exclude=distributed

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import dask
import psutil
from distributed import Client, LocalCluster, Nanny

from gridpress.config.params import Params
from gridpress.errors import GridpressError, InputError
from gridpress.pipeline.processes import forkserver
from gridpress.pipeline.processes.interrupt import uninterrupted
from gridpress.stages import BY_NAME, RUN_STAGES, AnyStage
from gridpress.study.project import Project
from gridpress.system.resources import available_memory
from gridpress.system.start_method import START_METHOD

RETRIES = 2  # how often a run whose worker died is computed again
CONNECT_TIMEOUT = 15  # seconds
BASE_MEMORY = 800_000_000  # bytes of a worker: Python, torch, the images (benchmarks/results/memory.json)
SETTINGS = {
    "distributed.scheduler.allowed-failures": RETRIES,
    "distributed.worker.multiprocessing-method": START_METHOD,
    # a worker computes in the environment that `gridpress train` would have
    "distributed.nanny.pre-spawn-environ": {},
    "distributed.comm.timeouts.connect": f"{CONNECT_TIMEOUT}s",
    # runs take seconds to hours, and nobody looks at these: on two cores they cost a twentieth of one
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
}


@dataclass(frozen=True)
class Crew:
    """Workers, and what is known of them.

    Attributes:
        client: connected to their scheduler.
        address: of the scheduler.
        root: the study's folder where they see it, else None.
        room: how many runs of each stage may run at once, beyond what each worker's own memory allows.
    """

    client: Client
    address: str
    root: str | None
    room: Mapping[str, int]


@contextmanager
def local(project: Project, params: Params, jobs: int) -> Iterator[Crew]:
    """One-thread processes on this machine, reachable by nobody else; they end with this process.

    Args:
        project: the study.
        params: decide how many runs fit into memory.
        jobs: how many processes.
    """
    _quiet()
    forkserver.begin()
    with dask.config.set(SETTINGS):
        with uninterrupted():
            cluster = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                security=True,
                dashboard_address=None,
                memory_limit=None,
                silence_logs=logging.CRITICAL,
                local_directory=str(project.scratch / "dask"),
            )
            client = Client(cluster)
        try:
            yield Crew(client, cluster.scheduler_address, str(project.root), at_once(params, jobs))
        finally:
            with uninterrupted():
                _kill(cluster)
                with suppress(TimeoutError):
                    client.close(timeout=2)
                with suppress(TimeoutError):
                    cluster.close(timeout=2)
                forkserver.end()


def _quiet() -> None:
    """What Dask logs with a traceback, we say in a line."""
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", r"Port \d+ is already in use", UserWarning)  # it takes another one


def _kill(cluster: LocalCluster) -> None:
    """End the workers at once: what they were at is in checkpoints, what they finished is here."""
    for nanny in cluster.workers.values():
        if isinstance(nanny, Nanny):
            nanny.close_gracefully()  # in Dask's words: don't start it again
            if nanny.pid is not None:
                with suppress(psutil.NoSuchProcess):
                    psutil.Process(nanny.pid).kill()


def at_once(params: Params, jobs: int) -> dict[str, int]:
    """How many runs of each stage fit into the memory that is free now, beside the other processes."""
    free = available_memory() - jobs * BASE_MEMORY
    return {
        stage.stage: max(1, min(jobs, int(free // memory(stage, params)))) if stage.memory(params) else jobs
        for stage in RUN_STAGES
    }


def memory(stage: AnyStage, params: Params) -> int:
    """Bytes that a run needs at its peak."""
    return BASE_MEMORY + stage.memory(params)


@contextmanager
def cluster(address: str) -> Iterator[Crew]:
    """The workers of a Dask cluster that exists.

    Args:
        address: of its scheduler, such as `tcp://host:8786`.

    Raises:
        InputError: nothing answers there.
    """
    _quiet()
    with dask.config.set(SETTINGS):
        try:
            client = Client(address, timeout=CONNECT_TIMEOUT)
        except (OSError, ValueError) as error:
            raise InputError(f"no Dask scheduler answers at {address}: {error}") from None
        try:
            yield Crew(client, address, None, room=dict.fromkeys(BY_NAME, 2**31))
        finally:
            with uninterrupted(), suppress(TimeoutError):
                client.close(timeout=2)


def lost(address: str) -> GridpressError:
    """The scheduler went away."""
    return GridpressError(
        f"the connection to the Dask scheduler at {address} is lost.\n"
        "What was finished is kept: the same command goes on from there."
    )

"""A Dask cluster of separate processes on the loopback address.

Its workers share no folder with the study.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from contextlib import ExitStack

import pytest
from distributed import Client

from conftest import ROOT
from gridpress.errors import InputError
from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS
from gridpress.pipeline.repro import cluster
from gridpress.pipeline.repro.dispatch import Dispatch
from gridpress.pipeline.repro.finished import files_of
from gridpress.pipeline.repro.view import View
from pipeline.conftest import ADAM, RUNS, SGD, copy, entries, records, wait_until


@pytest.fixture
def processes(tmp_path, real_data):
    """Starts commands that end with the test."""
    with ExitStack() as stack:

        def start(*command, **environment):
            process = subprocess.Popen(
                command,
                cwd=tmp_path,
                env={**os.environ, "GRIDPRESS_DATA": str(real_data), **environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        yield start


@pytest.fixture
def scheduler(tmp_path, processes):
    described = tmp_path / "scheduler.json"
    arguments = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(described))
    processes("dask", "scheduler", *arguments, DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL="20s")
    wait_until(lambda: described.is_file() and described.read_text().strip().endswith("}"))
    return json.loads(described.read_text())["address"]


def test_a_run_whose_worker_is_killed_runs_again_elsewhere_and_another_gridpress_is_refused(
    study, plain, tmp_path, processes, scheduler
):
    shutil.copytree(ROOT / "src", tmp_path / "edited")
    with (tmp_path / "edited" / "gridpress" / "classical" / "svc.py").open("a") as module:
        module.write("# another version\n")

    def worker(name, **environment):
        arguments = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name)
        folder = str(tmp_path / name)
        return processes("dask", "worker", scheduler, *arguments, "--local-directory", folder, **environment)

    alpha = worker("alpha")
    worker("beta")
    worker("gamma", PYTHONPATH=str(tmp_path / "edited"))
    with Client(scheduler) as client:
        client.wait_for_workers(3, timeout=120)
    log = tmp_path / "output"
    with log.open("w") as file:
        engine = subprocess.Popen(
            ("gridpress", "repro", "--scheduler", scheduler), cwd=study.root, stdout=file, stderr=file
        )
        wait_until(lambda: list((tmp_path / "alpha").rglob("*.pt")), seconds=90)
        alpha.kill()
        assert engine.wait(timeout=120) == 0
    output = log.read_text()
    assert "worker gamma (tcp://" in output
    assert "is refused: gridpress " in output
    assert ": worker gamma" not in output
    assert "again, after worker alpha was lost: worker beta" in output
    assert all(output.count(f"Finished stage '{name}'") == 1 for name in RUNS)
    assert records(study) == records(plain)
    assert entries(study) == entries(plain)
    assert "up to date" in study.call("dvc", "status")
    again = [name for name in (SGD, ADAM) if f"'{name}' again" in output]
    assert json.loads(files_of(study.project, again[0])[1].read_text())["resumed_at_epoch"] is None


def test_a_run_whose_worker_is_frozen_runs_again_elsewhere_and_is_recorded_once(
    study, plain, tmp_path, processes, scheduler
):
    workers = {}
    for name in ("alpha", "beta"):
        # torch is imported before heartbeats are expected
        arguments = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, "--preload", "torch")
        folder = str(tmp_path / name)
        workers[name] = processes("dask", "worker", scheduler, *arguments, "--local-directory", folder)
    with Client(scheduler) as client:
        client.wait_for_workers(2, timeout=120)
    log = tmp_path / "output"
    with log.open("w") as file:
        engine = subprocess.Popen(
            ("gridpress", "repro", "--scheduler", scheduler), cwd=study.root, stdout=file, stderr=file
        )
        wait_until(lambda: list((tmp_path / "alpha").rglob("*.pt")))
        workers["alpha"].send_signal(signal.SIGSTOP)
        wait_until(lambda: "again, after worker alpha was lost: worker beta" in log.read_text(), seconds=120)
        workers["alpha"].send_signal(signal.SIGCONT)
        assert engine.wait(timeout=120) == 0
    assert all(log.read_text().count(f"Finished stage '{name}'") == 1 for name in RUNS)
    assert records(study) == records(plain)
    assert entries(study) == entries(plain)
    assert "up to date" in study.call("dvc", "status")


def test_points_of_learning_curves_are_computed_by_a_worker_that_does_not_see_the_study(
    curved, tmp_path, processes, scheduler
):
    there, here = copy(curved, tmp_path / "there"), copy(curved, tmp_path / "here")
    folder = str(tmp_path / "alone")
    arguments = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", folder)
    processes("dask", "worker", scheduler, *arguments)
    with Client(scheduler) as client:
        client.wait_for_workers(1, timeout=120)
    said = there.call("gridpress", "repro", "--scheduler", scheduler)
    assert (
        said.count("Finished stage 'learning_curve@") == said.count("Finished stage 'classical_curve@") == 2
    )
    here.call("gridpress", "repro", "--jobs", "1")
    assert records(there) == records(here)
    assert entries(there) == entries(here)


def test_no_worker_of_the_same_version_is_an_error_that_names_them(study, tmp_path, processes, scheduler):
    (tmp_path / "edited" / "gridpress").mkdir(parents=True)
    shutil.copytree(ROOT / "src", tmp_path / "edited", dirs_exist_ok=True)
    (tmp_path / "edited" / "gridpress" / "extra.py").touch()
    worker = (
        "dask",
        "worker",
        scheduler,
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
        "--name",
        "delta",
    )
    processes(*worker, PYTHONPATH=str(tmp_path / "edited"))
    log = tmp_path / "worker"

    def refused():
        log.write_text(study.call("gridpress", "repro", "--scheduler", scheduler, code=1))
        return "worker delta" in log.read_text()

    wait_until(refused)
    assert "no worker of the Dask cluster may compute this study" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_no_scheduler_is_an_error_that_names_its_address(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_TIMEOUT", 1)
    with (
        pytest.raises(InputError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"),
        cluster.cluster("tcp://127.0.0.1:9"),
    ):
        pass


def test_an_svm_takes_its_cache_and_up_to_the_bound_its_matrix(params):
    def memory(samples):
        data = params.data.model_copy(update={"train_samples": samples})
        return cluster.memory(SVMS, params.model_copy(update={"data": data})) - cluster.BASE_MEMORY

    def features(samples):
        others = params.used("mnist")["validation"] + params.used("mnist")["test"]
        return 8 * 784 * (2 * samples + others)

    assert memory(1_000) == features(1_000) + 8 * 1_000**2 + 4 * 1_000**2
    assert memory(10_000) == features(10_000) + 8 * 10_000**2 + params.svm.cache_size * 2**20
    assert memory(49_000) == features(49_000) + params.svm.cache_size * 2**20
    assert cluster.memory(NETWORKS, params) == cluster.BASE_MEMORY


@pytest.mark.parametrize(("fit", "svms"), [(0, 1), (1, 1), (2.5, 2), (100, 4)])
def test_as_many_svms_run_at_once_as_fit_into_memory_and_at_least_one(params, monkeypatch, fit, svms):
    free = 4 * cluster.BASE_MEMORY + int(fit * cluster.memory(SVMS, params))
    monkeypatch.setattr(cluster, "available_memory", lambda: free)
    found = cluster.at_once(params, 4)
    assert (found["train"], found["svm"]) == (4, svms)


@pytest.fixture
def dispatch(study, params):
    people = cluster.Crew(client=None, address="", root=None, room={"train": 8, "svm": 8, "baseline": 8})
    return Dispatch(study.project, params, people, {}, recorder=None, view=View({}, 1), keep_going=False)


def test_training_asks_for_a_gpu_only_where_workers_have_one_and_svms_never(dispatch):
    plain = {dispatch.resource: 1, f"{dispatch.resource}-memory": 2**34}
    gpu = {**plain, "GPU": 1}
    assert "GPU" not in dispatch._needs(SGD, [plain, plain])
    assert dispatch._needs(SGD, [plain, gpu])["GPU"] == 1
    assert "GPU" not in dispatch._needs("svm@mnist-rbf-C1-gscale", [plain, gpu])
    needs = dispatch._needs(SGD, [plain, gpu])
    assert dispatch._is_room(SGD, needs, [plain, gpu])
    dispatch.running["a future"] = (ADAM, "key")
    assert not dispatch._is_room(SGD, needs, [plain, gpu])
    assert dispatch._is_room(SGD, needs, [gpu, gpu])


def test_svms_go_only_to_workers_with_memory_for_them(dispatch):
    small = {dispatch.resource: 1, f"{dispatch.resource}-memory": 10}
    large = {dispatch.resource: 1, f"{dispatch.resource}-memory": 2**40}
    needs = dispatch._needs("svm@a", [small, large])
    assert not dispatch._is_room("svm@a", needs, [small])
    assert dispatch._is_room("svm@a", needs, [small, large])
    dispatch.running["a future"] = ("svm@b", "key")
    assert not dispatch._is_room("svm@a", needs, [small, large])

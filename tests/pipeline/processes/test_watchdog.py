from __future__ import annotations

import subprocess
import sys
import time

import pytest
from distributed import Client, LocalCluster

from gridpress.pipeline.processes.watchdog import ended_if_stuck

pytestmark = pytest.mark.skipif(
    not hasattr(time, "pthread_getcpuclockid"), reason="the clock of another thread cannot be read here"
)


def stuck_at_first(marker):
    """Waits for ever in the worker that begins it first; the worker's event loop goes on."""
    with ended_if_stuck(look=0.1, looks=5):
        if not marker.exists():
            marker.touch()
            time.sleep(600)
        return "computed"


def test_a_run_that_is_stuck_in_a_living_worker_runs_again(tmp_path):
    cluster = LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0", local_directory=str(tmp_path)
    )
    with cluster, Client(cluster) as client:
        future = client.submit(stuck_at_first, tmp_path / "marker")
        assert future.result(timeout=60) == "computed"


BUSY = """
import time
from gridpress.pipeline.processes.watchdog import ended_if_stuck
with ended_if_stuck(look=0.5, looks=3):
    end = time.monotonic() + 3
    while time.monotonic() < end:
        sum(range(1000))
print("computed")
"""


def test_a_thread_that_computes_is_left_alone():
    done = subprocess.run([sys.executable, "-c", BUSY], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "computed\n")

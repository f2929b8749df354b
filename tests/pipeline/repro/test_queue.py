from __future__ import annotations

import json

from pipeline.conftest import processes_in, wait_until


def test_queued_experiments_run_side_by_side(computed):
    computed.call("dvc", "queue", "status")
    for name, cost in (("soft", 0.5), ("hard", 2.0)):
        change = f"svm.configs.rbf-C1-gscale.C={cost}"
        computed.call("dvc", "exp", "run", "--queue", "--name", name, "--set-param", change)
    computed.call("dvc", "queue", "start", "--jobs", "2")

    def ended():
        status = computed.call("dvc", "queue", "status")
        assert "Failed" not in status, computed.call("dvc", "queue", "logs", "soft", code=None)
        return status.count("Success") == 2

    wait_until(ended, seconds=240)
    found = {}
    for name in ("soft", "hard"):
        reference = next(
            line
            for line in computed.call("git", "for-each-ref", "--format=%(refname)", "refs/exps").splitlines()
            if line.endswith(f"/{name}")
        )
        record = json.loads(computed.call("git", "show", f"{reference}:metrics/svm/mnist-rbf-C1-gscale.json"))
        found[name] = record["config"]["C"]
    assert found == {"soft": 0.5, "hard": 2.0}
    wait_until(lambda: not processes_in(computed.root))

"""Some of the kills of `make chaos`, which strikes a hundred times."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from conftest import ROOT

KILLS = 5


def test_a_study_survives_kills_and_ends_with_the_same_bytes(real_data, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "chaos", "--kills", str(KILLS), "--data", str(real_data)],
        cwd=ROOT / "tests",
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    summary = json.loads(done.stdout[done.stdout.index("\n{") :])
    assert (summary["kills"], summary["violations"]) == (KILLS, 0)

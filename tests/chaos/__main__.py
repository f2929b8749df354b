"""`make chaos`: strike a small study until it has survived enough."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path

from chaos import study
from chaos.life import BrokenPromiseError, Life
from chaos.plan import GRIDPRESS, Kill, life
from conftest import DECLARED, ROOT
from end_to_end.conftest import Clone
from gridpress.fetch import fetch
from gridpress.system.machine import describe

RESULT = ROOT / "benchmarks" / "results" / "chaos.json"
say = partial(print, flush=True)


def main() -> int:
    """Live as many lives as it takes; 1 if a promise was not kept."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first-life", type=int, default=1, help="begin with this one, to repeat it")
    parser.add_argument("--data", type=Path, help="where the datasets lie; by default here, or fetched")
    parser.add_argument("--record", action="store_true", help=f"write {RESULT.relative_to(ROOT)}")
    options = parser.parse_args()
    survived: list[Kill] = []
    with tempfile.TemporaryDirectory(prefix="gridpress-chaos-", ignore_cleanup_errors=True) as folder:
        clone, reference, seconds = _prepare(Path(folder) / "study", options.data or ROOT / "data" / "raw")
        for number in count(options.first_life):
            if len(survived) >= options.kills:
                break
            study.wipe(clone)
            one = Life(
                clone,
                reference,
                seconds,
                lambda text, number=number: say(f"life {number}, {text}"),
            )
            try:
                one.live(life(options.seed, number), options.kills - len(survived))
            except BrokenPromiseError as broken:
                say(
                    f"VIOLATED in life {number}, kill {len(one.survived)} of it: {broken}\n"
                    f"To repeat: make chaos ARGUMENTS='--seed {options.seed} --first-life {number}'"
                )
                return 1
            survived += one.survived
            say(f"life {number}: finished, the same bytes; {len(survived)} kills survived")
    summary = {"seed": options.seed, "first_life": options.first_life, **_summary(survived)}
    say(json.dumps(summary, indent=1))
    if options.record:
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(summary, indent=1) + "\n")
    return 0


def _prepare(folder: Path, data: Path) -> tuple[Clone, dict[str, object], dict[str, float]]:
    """A study, what comes out of it undisturbed, and how long it and its rendering take."""
    if not (data / "mnist").is_dir():
        data = folder.with_name("raw")
        fetch("mnist", DECLARED["mnist"], data / "mnist")
    clone = study.make(folder, data)
    begin = time.monotonic()
    clone.call(*GRIDPRESS.split())
    whole = time.monotonic() - begin
    reference = study.outcome(clone)
    begin = time.monotonic()
    clone.call("dvc", "repro", "--force", "--single-item", "report")
    rendering = time.monotonic() - begin
    say(f"undisturbed: {whole:.0f} s, of which the report {rendering:.0f} s")
    return clone, reference, {"anything": whole, "rendering": rendering}


def _summary(survived: list[Kill]) -> dict[str, object]:
    """What was survived, for the README."""
    machine = describe()
    return {
        "kills": len(survived),
        "violations": 0,
        "by_signal": dict(Counter(kill.number.name for kill in survived)),
        "by_target": dict(Counter("process group" if kill.group else "process" for kill in survived)),
        "by_command": dict(Counter(kill.command for kill in survived)),
        "by_activity": dict(Counter(kill.activity for kill in survived)),
        "machine": machine.model_dump(),
        "versions": {package: version(package) for package in ("dvc", "distributed")},
    }


if __name__ == "__main__":
    sys.exit(main())

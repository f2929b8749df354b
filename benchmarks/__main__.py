"""`python -m benchmarks [NAME...]`: measure, print a table each, keep the figures in results/NAME.json."""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from benchmarks.results import ROOT, Result, Setup
from gridpress.benchmark.load import HEAVY, LoadWatch
from gridpress.config.params import load_params
from gridpress.errors import GridpressError
from gridpress.pipeline.stages.images import verified_images
from gridpress.progress import console
from gridpress.study.project import Project
from gridpress.study.records.store import save
from gridpress.system.machine import describe

NAMES = ("training", "svm", "grid", "curves", "adding", "pipeline", "memory")
VERSIONS = ("dvc", "distributed", "pillow", "scipy")


def main() -> int:
    """Run the benchmarks that are named, or all; one that fails keeps none from running."""
    options = parse()
    setup = Setup(Project(ROOT), options.quick, options.repeats)
    failed = False
    try:
        params = load_params(setup.project.params)
        for dataset in params.datasets:
            verified_images(setup.project, params, dataset)
    except GridpressError as error:
        console.print(f"benchmarks: {error}", markup=False)
        return error.exit_code
    for name in options.names or NAMES:
        try:
            run(name, setup, options.results / f"{name}.json")
        except GridpressError as error:
            console.print(f"benchmarks: {name}: {error}", markup=False)
            failed = True
        except KeyboardInterrupt:
            return 130
    return int(failed)


def parse() -> argparse.Namespace:
    """What the person asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="at toy size: does it work?")
    parser.add_argument("--repeats", type=int, help="rounds or passes of everything; by default each its own")
    parser.add_argument("--results", type=Path, help="folder; by default benchmarks/results")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark is named {unknown[0]!r}; there are {', '.join(NAMES)}")
    if options.repeats is not None and options.repeats < 1:
        parser.error(f"--repeats is {options.repeats}; it must be 1 or more")
    if options.results is None:
        folder = ROOT / "scratch" if options.quick else ROOT
        options.results = folder / "benchmarks" / "results"
    return options


def run(name: str, setup: Setup, path: Path) -> None:
    """Measure one, saving after every piece; its table goes to stdout."""
    benchmark = import_module(f"benchmarks.{name}")
    foreign = LoadWatch.while_idle()
    if foreign >= HEAVY:
        console.print(f"{name}: other processes use {foreign:.0%} of the machine; the record says so")
    machine, versions = describe(), {package: version(package) for package in VERSIONS}
    begin = time.monotonic()
    result = None
    for measured in benchmark.measure(setup):
        result = Result(
            schema_version=Result.current,
            quick=setup.quick,
            finished=False,
            elapsed_seconds=round(time.monotonic() - begin, 1),
            foreign_load=foreign,
            machine=machine,
            versions=versions,
            measured=measured,
        )
        save(result, path)
    if result is not None:
        save(result.model_copy(update={"finished": True}), path)
        print(f"\n{name}: {path}\n\n{benchmark.table(result.measured)}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())

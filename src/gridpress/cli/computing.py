"""Commands about a study as a whole: what it asks for, computing it, checking it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from gridpress.cli.app import app, print_paths, study
from gridpress.errors import GridpressError, InputError
from gridpress.study.project import find_project


@app.command("check")
def check_setup() -> None:
    """Say what params.yaml asks for, and what is wrong with it or with the setup."""
    from gridpress.checks.setup import check, summary, table
    from gridpress.config.params import load_params
    from gridpress.pipeline.plan import describe, undecided

    project = study()
    params = load_params(project.params)
    findings = check(project, params)
    print(describe(params, undecided=undecided(project, params)))
    print(table(findings))
    if faults := summary(findings):
        given = all(finding.given for finding in findings if finding.faults)
        raise InputError(faults) if given else GridpressError(faults)


@app.command("plan")
def print_plan(
    profile: Annotated[
        str | None, typer.Option(help="A variant of params.yaml: a file in profiles/.")
    ] = None,
) -> None:
    """Print what params.yaml or a profile would run, and the command that runs the profile."""
    from gridpress.config.params import load_params
    from gridpress.pipeline.plan import describe, undecided
    from gridpress.pipeline.repro.estimate import estimates
    from gridpress.stages import runs_by_name
    from gridpress.study import profiles
    from gridpress.system import machine

    project = study()
    params = load_params(project.params)
    if profile is not None:
        params = profiles.load(project, profile)
        print(profiles.command(project, profile))
    seconds = estimates(project, params, runs_by_name(params), machine.describe().kind)
    print(describe(params, seconds, undecided(project, params)))


@app.command("repro")
def bring_up_to_date(
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Runs at once; by default one per core.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Compute everything again.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", "-k", help="Go on with other runs after one has failed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would run.")] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", "-y", help="Do not ask before results of the same parameters are computed again."
        ),
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask cluster that computes the runs, such as tcp://host:8786.")
    ] = None,
) -> None:
    """Compute what is missing or out of date, runs side by side, and say where the report lies."""
    project = study()
    if dry_run:
        from gridpress.pipeline.repro import dry_run as dry

        print(dry.dry_run(project, jobs=jobs, force=force))
        return
    from gridpress.pipeline.repro import engine

    print_paths(
        engine.repro(
            project, jobs=jobs, force=force, keep_going=keep_going, scheduler=scheduler, agree=_agreed(yes)
        )
    )


@app.command("resolve")
def resolve_merge() -> None:
    """After a merge: put dvc.lock and records together from both sides, by what each entry says."""
    from gridpress.pipeline.merging.resolve import resolve

    print(resolve(find_project()))


@app.command("verify")
def verify_results(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            help="Runs to compute again, such as mnist-rbf-C1-gscale or 'train@mnist-*'; else all."
        ),
    ] = None,
    sample: Annotated[
        int | None, typer.Option(min=0, help="How many of them to draw; by default 3, or all that are named.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of the draw; by default another one each time.")
    ] = None,
) -> None:
    """Check all results by reading, compute some again, and compare.

    Exit code 1 if anything is not as it should.
    """
    from gridpress.checks.verify import verify

    if not verify(study(), runs or [], sample, seed, lambda text: print(text, flush=True)):
        raise typer.Exit(1)


@app.command("smoke")
def run_at_toy_size() -> None:
    """Run the whole study at toy size in a copy below scratch/, and say where its report lies."""
    from gridpress.pipeline.smoke import smoke

    print_paths(smoke(study()))


def _agreed(yes: bool) -> Callable[[str], bool]:
    """Asks a person, if there is one at a terminal."""

    def agreed(question: str) -> bool:
        if yes:
            return True
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        return typer.confirm(f"{question}\nCompute them again?", default=False, err=True)

    return agreed

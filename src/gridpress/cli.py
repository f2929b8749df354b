"""The command line: parse, call, print. Every stage of dvc.yaml is one of these commands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from gridpress.errors import GridpressError
from gridpress.progress import console
from gridpress.project import find_project

app = typer.Typer(
    help="Reproducible reports of image-classification studies, with DVC and Quarto.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def check() -> None:
    """Say whether params.yaml is valid, and what it asks for."""
    from gridpress.params import load_params
    from gridpress.plan import describe

    print(describe(load_params(find_project().params)))


@app.command()
def plan(profile: Annotated[str | None, typer.Option(help="A profile of params.yaml.")] = None) -> None:
    """Print what params.yaml or one of its profiles would run, and the command that runs the profile."""
    from gridpress.params import load_params
    from gridpress.plan import command_for, describe, with_profile

    params = load_params(find_project().params)
    if profile is not None:
        params = with_profile(params, profile)
        print(command_for(profile))
    print(describe(params))


@app.command()
def repro(
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Runs at once; by default one per core.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Compute everything again.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", "-k", help="Go on with other runs after one has failed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would run.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="A Dask cluster that computes the runs, such as tcp://host:8786.")
    ] = None,
) -> None:
    """Compute what is missing or out of date, runs side by side, and say where the report lies."""
    from gridpress import repro as engine

    project = find_project()
    if dry_run:
        print(engine.dry_run(project, jobs=jobs))
        return
    _print_paths(engine.repro(project, jobs=jobs, force=force, keep_going=keep_going, scheduler=scheduler))


@app.command()
def render(
    document: Annotated[Path | None, typer.Argument(help="By default report/report.qmd.")] = None,
    to: Annotated[Literal["html", "pdf"] | None, typer.Option(help="By default both.")] = None,
    renderer: Annotated[
        Literal["auto", "quarto", "builtin"], typer.Option(help="auto: Quarto where it is on the PATH.")
    ] = "auto",
) -> None:
    """Render the report as it stands, with Quarto where it is installed, and say where it lies."""
    from gridpress.progress import progress
    from gridpress.render import Format
    from gridpress.render import render as write

    source = document or find_project().report / "report.qmd"
    formats = get_args(Format) if to is None else (to,)
    with progress(f"render {source.name}", total=1) as advance:
        written = write(source, formats, renderer, advance)
    _print_paths(written)


@app.command()
def export() -> None:
    """Print every result as one tidy CSV table."""
    from gridpress.report.export import tidy
    from gridpress.report.study import Study

    print(tidy(Study.load(find_project())).to_csv(index=False), end="")


@app.command()
def smoke() -> None:
    """Run the whole study at toy size in a copy below scratch/, and say where its report lies."""
    from gridpress.smoke import smoke as run_at_toy_size

    _print_paths(run_at_toy_size(find_project()))


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def fetch(
    dataset: str,
    source: Annotated[Path | None, typer.Option("--from", help="A folder that holds the files.")] = None,
) -> None:
    """Fetch and verify a dataset."""
    from gridpress.stages import fetch as stage

    stage.run(find_project(), dataset, source)


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def train(key: str) -> None:
    """Train one configuration, such as mnist-resnet18-16-sgd-0.001-fp32-device-0."""
    from gridpress.stages import train as stage

    stage.run(find_project(), key)


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def svm(key: str) -> None:
    """Fit one support vector machine, such as mnist-rbf-C1-gscale."""
    from gridpress.stages import svm as stage

    stage.run(find_project(), key)


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def hardware(
    machine: Annotated[str, typer.Option(help="The name of this machine's record.")],
    quick: Annotated[bool, typer.Option("--quick", help="At the toy size of the smoke profile.")] = False,
) -> None:
    """Measure what the models cost on this machine."""
    from gridpress.stages import hardware as stage

    stage.run(find_project(), machine, profile="smoke" if quick else None)


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def summarize() -> None:
    """Condense all records into metrics/summary.json."""
    from gridpress.stages import summarize as stage

    stage.run(find_project())


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def report() -> None:
    """Render the report, with Quarto where it is installed, and write its manifest."""
    from gridpress.stages import report as stage

    _print_paths(stage.run(find_project()))


def _print_paths(paths: list[Path]) -> None:
    for path in paths:
        print(path)


def main() -> None:
    """Run the command line; a fault that we foresaw is one message, without a traceback."""
    try:
        app(prog_name="gridpress")
    except GridpressError as error:
        console.print(f"gridpress: {error}", markup=False)
        sys.exit(error.exit_code)
    except OSError as error:
        console.print(f"gridpress: {error.filename}: {error.strerror}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

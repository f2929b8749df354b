"""The command line: parse, call, print. Every stage of dvc.yaml is one of these commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO, cast, get_args

import typer

from gridpress.errors import GridpressError
from gridpress.progress import console
from gridpress.study.project import Project, find_project

OUTPUT = "standard output"
UNIX = {"fcntl", "pwd", "grp", "resource", "termios"}  # what Python lacks on Windows
WINDOWS = "Windows itself is not supported: use it in WSL, https://learn.microsoft.com/windows/wsl/install"

app = typer.Typer(
    help="Reproducible reports of image-classification studies, with DVC and Quarto.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _study() -> Project:
    """The study that a command is called in, with nothing in conflict.

    Raises:
        InputError: this is no study, or Git has left both sides of a merge in it.
    """
    from gridpress.pipeline.dvc import layout

    project = find_project()
    if layout.stage_name() is None:  # DVC has read everything before it starts a stage
        from gridpress.pipeline.merging.conflicts import refuse

        refuse(project)
    return project


@app.command()
def check() -> None:
    """Say what params.yaml asks for, and what is wrong with it or with the setup."""
    from gridpress.checks.setup import check as look
    from gridpress.checks.setup import summary, table
    from gridpress.config.params import load_params
    from gridpress.pipeline.plan import describe

    project = _study()
    params = load_params(project.params)
    findings = look(project, params)
    print(describe(params))
    print(table(findings))
    if faults := summary(findings):
        raise GridpressError(faults)


@app.command()
def plan(
    profile: Annotated[
        str | None, typer.Option(help="A variant of params.yaml: a file in profiles/.")
    ] = None,
) -> None:
    """Print what params.yaml or a profile would run, and the command that runs the profile."""
    from gridpress.config import profiles
    from gridpress.config.params import load_params
    from gridpress.pipeline.plan import describe
    from gridpress.pipeline.repro.estimate import estimates
    from gridpress.study.grid import run_names
    from gridpress.system.machine import describe as here

    project = _study()
    params = load_params(project.params)
    if profile is not None:
        params = profiles.load(project, profile)
        print(profiles.command(project, profile))
    print(describe(params, estimates(project, params, run_names(params), here().kind)))


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
    from gridpress.pipeline.repro import engine

    project = _study()
    if dry_run:
        print(engine.dry_run(project, jobs=jobs, force=force))
        return
    _print_paths(
        engine.repro(
            project, jobs=jobs, force=force, keep_going=keep_going, scheduler=scheduler, agree=_agreed(yes)
        )
    )


@app.command()
def resolve() -> None:
    """After a merge: put a conflicted dvc.lock and records together from both sides, by what each entry says."""
    from gridpress.pipeline.merging.resolve import resolve as put_together

    print(put_together(find_project()))


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

    source = document or _study().report / "report.qmd"
    formats = get_args(Format) if to is None else (to,)
    with progress(f"render {source.name}", total=1) as advance:
        written = write(source, formats, renderer, advance)
    _print_paths(written)


@app.command()
def export() -> None:
    """Print every result as one tidy CSV table."""
    from gridpress.report.data.study import Study
    from gridpress.report.export import tidy

    print(tidy(Study.load(_study())).to_csv(index=False), end="")


@app.command()
def verify(
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
    """Check all results by reading, compute some again, and compare; exit code 1 if anything is not as it should."""
    from gridpress.checks.verify import verify as confirmed

    if not confirmed(_study(), runs or [], sample, seed, lambda text: print(text, flush=True)):
        raise typer.Exit(1)


@app.command()
def weights(
    dataset: str,
    model: str,
    to: Annotated[Path, typer.Option(help="The folder for the two files.")],
) -> None:
    """Train the network that validation chose again, check it, and write its weights and a model card."""
    from gridpress.publish.weights import export as write

    _print_paths(write(_study(), dataset, model, to))


@app.command()
def docs() -> None:
    """Write the rendered report to docs/ and the README's figures, for visitors of the repository."""
    from gridpress.progress import progress
    from gridpress.publish.docs import write

    with progress("render report.qmd", total=1) as advance:
        written = write(_study(), advance)
    _print_paths(written)


@app.command()
def smoke() -> None:
    """Run the whole study at toy size in a copy below scratch/, and say where its report lies."""
    from gridpress.pipeline.smoke import smoke as run_at_toy_size

    _print_paths(run_at_toy_size(_study()))


def _entry(stage: str) -> str:
    """The matrix entry that a stage's name ends with: `mnist` of `fetch@mnist`, and of `mnist`."""
    return stage.rpartition("@")[2]


# dvc.yaml names no entry in a command, so that no value of params.yaml ever reaches the shell
OF_STAGE: dict[str, Any] = {"envvar": "DVC_STAGE", "show_envvar": False, "callback": _entry}


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def fetch(
    dataset: Annotated[str, typer.Argument(**OF_STAGE)],
    source: Annotated[Path | None, typer.Option("--from", help="A folder that holds the files.")] = None,
) -> None:
    """Fetch and verify a dataset."""
    from gridpress.pipeline.stages import fetch as stage

    stage.run(_study(), dataset, source)


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def train(key: Annotated[str, typer.Argument(**OF_STAGE)]) -> None:
    """Train one configuration, such as mnist-resnet18-16-sgd-0.001-fp32-device-0."""
    from gridpress.pipeline.stages import train as stage

    stage.run(_study(), key)


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def svm(key: Annotated[str, typer.Argument(**OF_STAGE)]) -> None:
    """Fit one support vector machine, such as mnist-rbf-C1-gscale."""
    from gridpress.pipeline.stages import svm as stage

    stage.run(_study(), key)


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def hardware(
    machine: Annotated[str, typer.Option(help="The name of this machine's record.", **OF_STAGE)],
    quick: Annotated[bool, typer.Option("--quick", help="At the toy size of the smoke profile.")] = False,
) -> None:
    """Measure what the models cost on this machine."""
    from gridpress.pipeline.stages import hardware as stage

    stage.run(_study(), machine, profile="smoke" if quick else None)


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def summarize() -> None:
    """Condense all records into metrics/summary.json."""
    from gridpress.pipeline.stages import summarize as stage

    stage.run(_study())


@app.command(rich_help_panel="Stages, as dvc.yaml calls them")
def report() -> None:
    """Render the report, with Quarto where it is installed, and write its manifest."""
    from gridpress.pipeline.stages import report as stage

    _print_paths(stage.run(_study()))


def _agreed(yes: bool) -> Callable[[str], bool]:
    """Asks a person, if there is one at a terminal."""

    def agreed(question: str) -> bool:
        if yes:
            return True
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        return typer.confirm(f"{question}\nCompute them again?", default=False, err=True)

    return agreed


def _print_paths(paths: list[Path]) -> None:
    for path in paths:
        print(path)


class _Output:
    """Standard output that says its name where it cannot be written, as files do that cannot be opened."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with self._named():
            return self._stream.write(text)

    def flush(self) -> None:
        with self._named():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), self._stream.fileno()
            )  # Python flushes once more as it ends
            raise OSError(error.errno, error.strerror, OUTPUT) from None


def main() -> None:
    """Run the command line; a fault that we foresaw is one message, without a traceback."""
    stdout = sys.stdout
    try:
        from gridpress.pipeline.dvc import stage

        sys.stdout = cast(TextIO, _Output(stdout))
        stage.begin(Path.cwd())
        try:
            app(prog_name="gridpress")
        finally:
            sys.stdout.flush()
    except GridpressError as error:
        console.print(f"gridpress: {error}", markup=False)
        sys.exit(error.exit_code)
    except OSError as error:
        # Python names a file that it cannot open, not one that it writes; of those we know the names.
        where = f"{error.filename}: " if error.filename else "the operating system refuses: "
        console.print(f"gridpress: {where}{error.strerror or error}", markup=False)
        sys.exit(1)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "gridpress":
            raise
        if error.name in UNIX:
            console.print(f"gridpress: {WINDOWS}", markup=False)
            sys.exit(1)
        helps = "`pip install --constraint constraints.txt --editable .` installs what is missing"
        console.print(f"gridpress: the package {error.name} is not installed; {helps}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        sys.stdout = stdout

"""Commands that make something of a study's results for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from gridpress.cli.app import app, print_paths, study


@app.command("render")
def render_report(
    document: Annotated[Path | None, typer.Argument(help="By default report/report.qmd.")] = None,
    to: Annotated[Literal["html", "pdf"] | None, typer.Option(help="By default both.")] = None,
    renderer: Annotated[
        Literal["auto", "quarto", "builtin"], typer.Option(help="auto: Quarto where it is on the PATH.")
    ] = "auto",
) -> None:
    """Render the report as it stands, with Quarto where it is installed, and say where it lies."""
    from gridpress.progress import progress
    from gridpress.render import Format, render

    source = document or study().report / "report.qmd"
    formats = get_args(Format) if to is None else (to,)
    with progress(f"render {source.name}", total=1) as advance:
        written = render(source, formats, renderer, advance)
    print_paths(written)


@app.command("export")
def export_results() -> None:
    """Print every result as one tidy CSV table."""
    from gridpress.report.data.study import Study
    from gridpress.report.export import tidy

    print(tidy(Study.load(study())).to_csv(index=False), end="")


@app.command("weights")
def export_weights(
    dataset: str,
    model: str,
    to: Annotated[Path, typer.Option(help="The folder for the two files.")],
) -> None:
    """Train a final model again, or else the choice of the grid; check it, write weights and model card."""
    from gridpress.publish.weights import export

    print_paths(export(study(), dataset, model, to))


@app.command("docs")
def write_docs() -> None:
    """Write the rendered report to docs/ and the README's figures, for visitors of the repository."""
    from gridpress.progress import progress
    from gridpress.publish.docs import write

    with progress("render report.qmd", total=1) as advance:
        written = write(study(), advance)
    print_paths(written)

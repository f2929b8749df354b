"""The stages of dvc.yaml, one command each.

DVC sets DVC_STAGE to the name of the stage, such as `train@KEY`, and dvc.yaml hands it over as an argument:
the shell puts it in after it has read the command, so that no value of params.yaml is read as a part of one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridpress.cli.app import app, print_paths, study
from gridpress.study.grid import key_of

PANEL = "Stages, as dvc.yaml calls them"


def _key(name: str) -> str:
    """`KEY` of `train@KEY`, and of `KEY`."""
    return key_of(name) or name


@app.command("fetch", rich_help_panel=PANEL)
def fetch_stage(
    dataset: Annotated[str, typer.Argument(callback=_key)],
    source: Annotated[Path | None, typer.Option("--from", help="A folder that holds the files.")] = None,
) -> None:
    """Fetch and verify a dataset."""
    from gridpress.pipeline.stages import fetch

    fetch.run(study(), dataset, source)


@app.command("network", rich_help_panel=PANEL)
def network_stage(network: Annotated[str, typer.Argument(callback=_key)]) -> None:
    """Note which file makes a network, such as resnet18."""
    from gridpress.pipeline.stages import network as stage

    stage.run(study(), network)


@app.command("train", rich_help_panel=PANEL)
def train_stage(key: Annotated[str, typer.Argument(callback=_key)]) -> None:
    """Train one configuration, such as mnist-resnet18-16-sgd-0.001-fp32-device-default-0."""
    from gridpress.pipeline.stages import train

    train.run(study(), key)


@app.command("svm", rich_help_panel=PANEL)
def svm_stage(key: Annotated[str, typer.Argument(callback=_key)]) -> None:
    """Fit one support vector machine, such as mnist-rbf-C1-gscale."""
    from gridpress.pipeline.stages import svm

    svm.run(study(), key)


@app.command("baseline", rich_help_panel=PANEL)
def baseline_stage(key: Annotated[str, typer.Argument(callback=_key)]) -> None:
    """Fit one other classifier of scikit-learn, such as mnist-random_forest."""
    from gridpress.pipeline.stages import baseline

    baseline.run(study(), key)


@app.command("learning-curve", rich_help_panel=PANEL)
def network_curve_stage(key: Annotated[str, typer.Argument(callback=_key)]) -> None:
    """Train a chosen network on a fraction of the images, such as mnist-resnet18-0.02-0."""
    from gridpress.learning_curves.curves import NETWORK_CURVES
    from gridpress.pipeline.stages import learning_curve

    learning_curve.run(study(), NETWORK_CURVES, key)


@app.command("classical-curve", rich_help_panel=PANEL)
def classical_curve_stage(key: Annotated[str, typer.Argument(callback=_key)]) -> None:
    """Fit the chosen SVMs and baselines on a fraction of the images, such as mnist-0.02."""
    from gridpress.learning_curves.curves import CLASSICAL_CURVES
    from gridpress.pipeline.stages import learning_curve

    learning_curve.run(study(), CLASSICAL_CURVES, key)


@app.command("saturation", rich_help_panel=PANEL)
def saturation_stage(key: Annotated[str, typer.Argument(callback=_key)]) -> None:
    """Train the best network of a dataset on all images with other epochs, such as mnist-20."""
    from gridpress.learning_curves.curves import SATURATION
    from gridpress.pipeline.stages import learning_curve

    learning_curve.run(study(), SATURATION, key)


@app.command("hardware", rich_help_panel=PANEL)
def hardware_stage(
    machine: Annotated[str, typer.Option(help="The name of this machine's record.", callback=_key)],
    quick: Annotated[bool, typer.Option("--quick", help="At the toy size of the smoke profile.")] = False,
) -> None:
    """Measure what the models cost on this machine."""
    from gridpress.pipeline.stages import hardware

    hardware.run(study(), machine, profile="smoke" if quick else None)


@app.command("summarize", rich_help_panel=PANEL)
def summarize_stage() -> None:
    """Condense the records of the grid into metrics/summary.json, and say what validation chose."""
    from gridpress.pipeline.stages import summarize

    summarize.run(study())


@app.command("final", rich_help_panel=PANEL)
def final_stage() -> None:
    """Condense the records of the final models into metrics/final.json."""
    from gridpress.pipeline.stages import final

    final.run(study())


@app.command("report", rich_help_panel=PANEL)
def report_stage() -> None:
    """Render the report, with Quarto where it is installed, and write its manifest."""
    from gridpress.pipeline.stages import report

    print_paths(report.run(study()))

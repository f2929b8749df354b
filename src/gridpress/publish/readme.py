"""The generated parts of README.md, each between its two markers: results, performance, what was survived."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tabulate import tabulate

from gridpress.errors import InputError
from gridpress.families.registry import FAMILIES
from gridpress.report.analysis.best import Best
from gridpress.report.analysis.image_counts import images_used
from gridpress.report.analysis.learning_curves import headline
from gridpress.report.data.study import Study
from gridpress.report.presentation import names
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.selected.best_tables import training_times


def refreshed(text: str, study: Study) -> str:
    """The README with its generated parts computed anew.

    Args:
        text: of README.md, with a pair of markers `<!-- NAME -->` and `<!-- /NAME -->` for each part.
        study: what the results are of; its folder also holds `benchmarks/results`.

    Raises:
        InputError: a pair of markers is missing.
    """
    for name, written in PARTS.items():
        before, opening, rest = text.partition(f"<!-- {name} -->\n")
        _, closing, after = rest.partition(f"<!-- /{name} -->")
        if not (opening and closing):
            raise InputError(f"README.md lacks the lines <!-- {name} --> and <!-- /{name} -->; put them back")
        text = "".join([before, opening, written(study), closing, after])
    return text


def results(study: Study) -> str:
    """What validation chose, as a table."""
    found = headline(study)
    final = [best for best in found if best.folder not in study.records]
    rows = [
        {
            "dataset": study.title(chosen.dataset),
            "classifier": chosen.name,
            "chosen configuration": chosen.words,
            "test accuracy, %": names.percent(chosen.accuracy),
            "interval": f"{names.percent(chosen.interval.low)} to {names.percent(chosen.interval.high)}",
            "training time, s": time,
        }
        for chosen, time in zip(found, training_times(found), strict=True)
    ]
    params = study.params
    return _joined(
        paragraphs(
            "readme-results",
            {},
            table=_table(rows),
            study=study,
            final=_images(final) if len(final) == len(found) else "",
            images_used=partial(images_used, study),
            families=[family.plural for family in FAMILIES],
            configurations=sum(len(family.runs(params)) // family.repetitions(params) for family in FAMILIES),
        )
    )


def performance(study: Study) -> str:
    """What `make bench` measured."""
    measured = {
        name: _read(study, f"{name}.json")
        for name in ("training", "svm", "grid", "curves", "pipeline", "memory")
    }
    training = measured["training"]
    rows = [] if training is None else [_throughput(case) for case in training["measured"]["cases"]]
    return _joined(paragraphs("readme-performance", {}, table=_table(rows), **measured))


def trust(study: Study) -> str:
    """What `make chaos` and the tests of hostile input survived."""
    survived = {"chaos": _read(study, "chaos.json"), "hostile": _read(study, "hostile.json")}
    return _joined(paragraphs("readme-trust", {}, **survived))


def _joined(text: str) -> str:
    """Every paragraph on one line, whatever the lines of its template; tables stay."""
    blocks = (block.splitlines() for block in text.strip().split("\n\n"))
    joined = (("\n" if block[0].startswith("|") else " ").join(block) for block in blocks)
    return "\n\n".join(joined) + "\n"


PARTS: dict[str, Callable[[Study], str]] = {"results": results, "performance": performance, "trust": trust}


def _throughput(case: dict[str, Any]) -> dict[str, str]:
    rate = case["images_per_second"]
    ratio = rate["ratio"]
    return {
        "network": names.shown(case["model"]),
        "pixels a side": str(case["image_size"]),
        "optimizer": names.shown(case["optimizer"]),
        "precision": names.shown(case["precision"]),
        "published way, images/s": f"{rate['published']['median']['value']:.0f}",
        "Gridpress, images/s": f"{rate['ours']['median']['value']:.0f}",
        "ratio": f"{ratio['value']:.2f} ({ratio['low']:.2f} to {ratio['high']:.2f})",
        "share of the core's limit": f"{100 * case['share_of_limit']['ours']:.0f} %",
    }


def _table(rows: list[dict[str, str]]) -> str:
    return str(tabulate(rows, headers="keys", tablefmt="github", disable_numparse=True))


def _read(study: Study, name: str) -> Any:
    """A committed measurement; None where there is none."""
    path = study.project.root / "benchmarks" / "results" / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _images(bests: Sequence[Best]) -> str:
    """On how many they were trained; nothing of none."""
    numbers = dict.fromkeys(names.count(best.trained_on) for best in bests)
    return names.listed(numbers) if numbers else ""

"""What the study found: facts that the templates turn into sentences, and nothing that no test is behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from gridpress.report.analysis import noise, overfitting, trends
from gridpress.report.analysis.contradictions import contradictions
from gridpress.report.analysis.image_counts import images_used
from gridpress.report.analysis.learning_curves import final_models
from gridpress.report.analysis.milestones import tested_after
from gridpress.report.data.frames import MEASURED
from gridpress.report.data.study import Study
from gridpress.report.sections import hardware
from gridpress.report.sections.claims.judge import Verdict
from gridpress.report.sections.claims.table import judged
from gridpress.report.sections.errors import classes, shared_errors
from gridpress.report.sections.findings.fastest import fastest
from gridpress.report.sections.findings.leaders import leaders
from gridpress.report.sections.findings.quicker import quicker
from gridpress.report.sections.findings.setting_effects import settings
from gridpress.report.sections.limitations import limitations
from gridpress.report.sections.selected import learning_curves
from gridpress.report.sections.sources.provenance import digests


def twins(study: Study) -> list[str]:
    """Titles of datasets on which SVMs that differ in gamma `scale` or `auto` alone give the same answers."""
    found = []
    for dataset, here in study.svms[study.svms["state"] == MEASURED].groupby("dataset", sort=False):
        same = ["kernel", "degree", "C"]
        pairs = here[here["gamma"] == "scale"].merge(here[here["gamma"] == "auto"], on=same)
        answers = [[study.svm[key].test.misclassified for key in pairs[side]] for side in ("key_x", "key_y")]
        if len(pairs) and answers[0] == answers[1]:
            found.append(study.title(dataset))
    return found


@dataclass(frozen=True)
class Scores:
    """How many published claims have which verdict, and how many contradict their own study's tables."""

    claims: int
    supported: int
    contradicted: int
    open: int
    unmeasured: int
    untestable: int
    own: int


def scores(study: Study) -> Scores | None:
    """Of all claims; None where there are none."""
    found = judged(study)
    if not found:
        return None
    number = Counter(claim.verdict for claim in found)
    return Scores(
        claims=len(found),
        supported=number[Verdict.SUPPORTED],
        contradicted=number[Verdict.CONTRADICTED],
        open=number[Verdict.OPEN],
        unmeasured=number[Verdict.UNMEASURED],
        untestable=number[Verdict.UNTESTABLE],
        own=sum(claim.own_agrees is False for claim in found),
    )


FACTS: dict[str, Callable[[Study], object]] = {
    "images_used": lambda study: partial(images_used, study),
    "tested_after": tested_after,
    "contradictions": contradictions,
    "leaders": leaders,
    "final": final_models,
    "curve": learning_curves.facts,
    "settings": settings,
    "noise": noise.by_dataset,
    "quicker": quicker,
    "fastest": fastest,
    "weakest": classes.weakest,
    "misses": shared_errors.shared,
    "trends": trends.trends,
    "limits": limitations.limits,
    "scores": scores,
    "twins": twins,
    "fallen": overfitting.fallen,
    "far": lambda _: overfitting.FAR,
    "hardware": hardware.facts,
    "digests": digests,
}


def facts(study: Study) -> dict[str, Callable[[], object]]:
    """Everything that the templates may say; each is found when it is first asked for."""
    return {name: cache(partial(find, study)) for name, find in FACTS.items()}

"""The table of claims with their verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from gridpress.report.analysis.counterparts import as_published
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.names import listed
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.claims.checks import CHECKS, FEW_SECONDS, ORDERS, Check
from gridpress.report.sections.claims.evidence import Evidence
from gridpress.report.sections.claims.judge import Verdict
from gridpress.report.sections.claims.ours import ABOUT, EQUAL, SLIGHT


@dataclass(frozen=True)
class Judged:
    """A claim and all that is said of it; `own_agrees` is None where its study prints nothing of it."""

    study: str
    claim: str
    own_words: str
    own_agrees: bool | None
    evidence: Evidence
    verdict: Verdict


@lru_cache(maxsize=1)
def judged(study: Study) -> list[Judged]:
    """All claims in the order of the file, held against networks of published recipes."""
    checks = {(check.study, claim): check for claim, check in _matched(study.published.claims)}
    tables = (study.published.resnet, study.published.svm, study.published.hardware)
    printing = {letter for table in tables for letter in table["study"]}
    results = []
    for row in rows_of(study.published.claims):
        check = checks[row["study"], row["claim"]]
        words, agrees = check.own(study.published)
        if agrees is None:
            words = SILENT if row["study"] in printing else NO_TABLE
        evidence, verdict = check.ours(as_published(study))
        results.append(Judged(row["study"], row["claim"], words, agrees, evidence, verdict))
    return results


def _matched(claims: pd.DataFrame) -> Iterator[tuple[str, Check]]:
    for row in rows_of(claims):
        found = [c for c in CHECKS if c.study == row["study"] and row["claim"].startswith(c.beginning)]
        if len(found) != 1:
            raise LookupError(f"claim {row['claim']!r} of study {row['study']} has {len(found)} checks")
        yield row["claim"], found[0]


AGREES = {True: "agrees", False: "contradicts"}
SILENT, NO_TABLE = "silent", "prints no table"


def claims_table(study: Study) -> Iterator[Item]:
    """Every claim with its verdict."""
    claims, left_out = judged(study), study.unpublished_recipes
    if not claims:
        return
    recipes = (
        f" Networks of {listed(f'`{name}`' for name in left_out)}, recipes of this study alone, are left out."
        if left_out
        else ""
    )
    yield table(
        "claims",
        (
            f"Every claim of the published studies ({escape(claims[0].study)} to {escape(claims[-1].study)}) "
            "with what its own study's tables say, what this study says with 95 % intervals, and the "
            "verdict on the claim as far as this study can tell. Claims in our words; where one has a word "
            f"for a quantity, it is read so: a few seconds as under {FEW_SECONDS:g} s, orders of magnitude "
            f"as a factor of {ORDERS:g}, minimal or slight as within {100 * SLIGHT:.2f} points, equal or "
            f"comparable as within {100 * EQUAL:.2f} points, about as within {100 * ABOUT:.0f} %.{recipes}"
        ),
        pd.DataFrame(
            [
                {
                    "study": claim.study,
                    "claim": claim.claim,
                    "own": claim.own_words,
                    "own_agrees": claim.own_agrees,
                    "ours": claim.evidence.words,
                    "verdict": str(claim.verdict),
                    "decided": claim.verdict in (Verdict.SUPPORTED, Verdict.CONTRADICTED),
                }
                for claim in claims
            ]
        ),
        [
            replace(leading("Study", "study", str), repeated=True),
            words("Claim", "claim"),
            words("Its own tables", ("own", "own_agrees"), _own_words),
            words("This study", "ours"),
            Column(title="Verdict", of="verdict", format=str, align="left", bold="decided"),
        ],
        [
            "data/published/claims.csv",
            "data/published/resnet.csv",
            "data/published/svm.csv",
            "data/published/hardware.csv",
            *as_published(study).record_paths,
        ],
        wide=True,
    )


def _own_words(words: str, agrees: bool | None) -> str:
    return words if agrees is None else f"{AGREES[agrees]}: {words}"

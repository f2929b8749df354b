from __future__ import annotations

from gridpress.report.analysis.pairwise import against_best, more_accurate
from gridpress.report.data.study import Study
from gridpress.report.sections.selected.best_tables import classifiers
from report.builder import parameters, write_study


def test_more_accurate_holds_only_what_the_test_tells_apart(tmp_path):
    def network(run, _epoch):
        return {"resnet18": 0.97, "resnet50": 0.901}[run.model]

    project = write_study(
        tmp_path, parameters(datasets=["mnist"]), network, lambda _run: 0.90, lambda _run: 0.899
    )
    bests = classifiers(Study.load(project))
    best, *others = [found.key for found in bests]
    assert more_accurate(bests) == {(best, other) for other in others}


def test_a_study_of_two_datasets_never_compares_across_them(study):
    bests = classifiers(study)
    datasets = {found.key: found.dataset for found in bests}
    assert more_accurate(bests)
    assert all(datasets[one] == datasets[other] for one, other in more_accurate(bests))
    assert all(versus.first.dataset == dataset for (dataset, _), versus in against_best(bests).items())

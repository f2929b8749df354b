from __future__ import annotations

from gridpress.report.data.study import Study
from report.made_up.reading import changed, items, prose


def test_verdict_turns_around(mutable):
    def verdicts(study):
        return [row[-1].text for row in items(study)["tbl-hardware-svm"].body]

    study = Study.load(mutable)
    assert verdicts(study) == ["not distinguishable"] * 2
    assert "scikit-learn's own kernel computation and the study's are not distinguishable" in prose(study)

    def faster(record):
        record["svm"]["fit_speedup"] = {"value": 2.0, "low": 1.5, "high": 2.5}
        record["svm"]["predict_speedup"] = {"value": 0.5, "low": 0.4, "high": 0.6}

    study = changed(mutable, faster)
    assert verdicts(study) == ["the study's", "scikit-learn's own"]
    assert (
        "For fitting an SVM, the study's kernel computation is the faster; "
        "for predicting, scikit-learn's own kernel computation." in prose(study)
    )


def test_table_says_where_the_study_computes_on_demand(mutable):
    assert "computed beforehand (its time included)" in items(Study.load(mutable))["tbl-hardware-svm"].caption

    def large(record):
        record["svm"]["kernel_values"] = "on demand"

    assert "which is the same here" in items(changed(mutable, large))["tbl-hardware-svm"].caption

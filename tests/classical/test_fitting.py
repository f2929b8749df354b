from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from gridpress.classical.fitting import fit_and_evaluate, record_fields, timing
from gridpress.classical.svc import fit_svm
from gridpress.config.svm import SvmConfig
from gridpress.study.records.runs import Evaluation


@pytest.fixture
def fit(params, made_up):
    config = SvmConfig(kernel="rbf", C=1.0, gamma="scale")
    return fit_and_evaluate(partial(fit_svm, config, params.svm), "standard", *made_up)


def test_it_gives_what_record_and_timing_hold(fit):
    fields = record_fields(fit)
    assert set(fields) == {"temperature", "train_accuracy", "validation", "test"}
    assert Evaluation.model_validate(fields["test"]).images == 60
    assert timing("key", fit).fit_seconds == fit.fit_seconds > 0
    assert timing("key", fit).predict_seconds == fit.predict_seconds > 0


def test_test_labels_choose_no_temperature(params, made_up, fit):
    images, splits = made_up
    labels = images.labels.copy()
    labels[splits.test] = labels[splits.test][::-1]
    config = SvmConfig(kernel="rbf", C=1.0, gamma="scale")
    blind = fit_and_evaluate(
        partial(fit_svm, config, params.svm), "standard", replace(images, labels=labels), splits
    )
    assert (blind.temperature, blind.validation) == (fit.temperature, fit.validation)
    assert blind.test != fit.test

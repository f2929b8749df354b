"""The records that the verification sees, for what reads them."""

from checks.verify.conftest import (  # noqa: F401
    baseline,
    evaluation,
    evaluations,
    images,
    network,
    params,
    splits,
    svm,
)

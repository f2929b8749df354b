"""The records that the verification sees, for what reads them."""

from checks.verify.conftest import images, network, params, splits, svm, wrong  # noqa: F401

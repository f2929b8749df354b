"""The records that the verification sees, for what reads them."""

from checks.verify.conftest import images, machine, network, params, splits, wrong  # noqa: F401

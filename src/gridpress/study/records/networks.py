"""The code of networks."""

from __future__ import annotations

from pydantic import Field

from gridpress.config.values import Name, Sha256
from gridpress.study.records.base import Record


class NetworkRecord(Record):
    """The file that makes a network: what its training runs depend on."""

    named_by = "network"
    network: Name
    source: str = Field(description="below src/gridpress/networks")
    sha256: Sha256

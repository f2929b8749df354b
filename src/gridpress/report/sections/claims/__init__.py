"""Every claim of the published studies: what its own table says, what this study says, and a verdict."""

from __future__ import annotations

from gridpress.report.sections.claims.table import claims_table

__all__ = ["claims_table"]

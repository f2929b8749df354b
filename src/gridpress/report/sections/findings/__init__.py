"""The findings that lead the report."""

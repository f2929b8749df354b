"""Intervals, tests of significance, and effects: what stands behind every statement of the report."""

from __future__ import annotations

import pytest


@pytest.fixture
def no_garbage_collection(monkeypatch):
    """statsmodels collects garbage at every correction: twenty times as long as all else of a simulation."""
    monkeypatch.setattr("gc.collect", int)

"""Where a dataset is looked for, and in which order."""

from __future__ import annotations

from collections import Counter

import pytest

from gridpress.fetch.catalog import sources
from gridpress.fetch.local import LocalFolder
from made_up import DECLARED


@pytest.mark.parametrize("dataset", DECLARED.values(), ids=DECLARED)
def test_a_named_folder_comes_first_then_mirrors_over_https_then_a_package(tmp_path, dataset):
    kinds = Counter(type(source).__name__ for source in sources(dataset, None))
    assert kinds["Mirror"] >= 2
    named, *mirrors, package = sources(dataset, tmp_path)
    assert isinstance(named, LocalFolder)
    assert all(mirror.title.startswith("mirror https://") for mirror in mirrors)
    assert "package" in package.title

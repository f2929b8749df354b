from __future__ import annotations

from conftest import ROOT


def test_the_committed_docs_are_what_the_committed_results_render_to(pristine, tmp_path):
    clone = pristine.clone(tmp_path / "visited")
    printed = clone.call("gridpress", "docs")
    for name in ("docs/report.html", "docs/report.pdf", "docs/grid.svg", "docs/effects.svg", "README.md"):
        assert str(clone.root / name) in printed
        same = (clone.root / name).read_bytes() == (ROOT / name).read_bytes()
        assert same, f"{name} is out of date: `make docs`"
    assert clone.call("git", "status", "--short") == ""

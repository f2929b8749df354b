"""Two people compute different results of the same study with the real DVC, and merge them."""

from __future__ import annotations

from pipeline.conftest import POLY, RBF, edit, entries


def computed_on(clone, branch, name, c):
    clone.call("git", "checkout", "--quiet", "-b", branch, "begin")
    edit(clone.project.params, lambda params: params["svm"]["configs"][name].update(C=c))
    ran = clone.ran(clone.call("gridpress", "repro"))
    clone.commit()
    return ran


def test_results_of_both_branches_are_kept_and_nothing_is_computed_again(computed):
    computed.call("git", "tag", "begin")
    assert computed_on(computed, "one", "poly2-C1-gscale", 0.5) == {POLY}
    assert computed_on(computed, "two", "rbf-C1-gscale", 2.0) == {RBF}
    computed.call("git", "merge", "one", code=1)
    before = computed.call("git", "status", "--porcelain")
    said = computed.call("gridpress", "repro", code=2)
    assert "dvc.lock, params.yaml: both sides of a merge are in conflict there" in said
    assert "edit params.yaml until" in said
    assert "params.yaml: still in conflict" in computed.call("gridpress", "resolve", code=2)
    assert computed.call("git", "status", "--porcelain") == before
    computed.call("git", "checkout", "--ours", "params.yaml")
    edit(computed.project.params, lambda params: params["svm"]["configs"]["poly2-C1-gscale"].update(C=0.5))
    computed.call("git", "add", "params.yaml")
    assert "from HEAD: 1, from the other side: 1" in computed.call("gridpress", "resolve")
    computed.call("git", "commit", "--quiet", "--no-edit")
    assert computed.ran(computed.call("gridpress", "repro")) == set()
    assert "up to date" in computed.call("dvc", "status")
    recorded = entries(computed)
    assert recorded[POLY]["params"]["params.yaml"]["svm.configs.poly2-C1-gscale"]["C"] == 0.5
    assert recorded[RBF]["params"]["params.yaml"]["svm.configs.rbf-C1-gscale"]["C"] == 2.0

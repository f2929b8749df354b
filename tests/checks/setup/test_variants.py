from __future__ import annotations

from checking import check_in


def test_profiles_are_named_and_none_is_no_fault(study):
    assert check_in(study.root).line("profiles") == "none"
    folder = study.root / "profiles"
    folder.mkdir()
    (folder / "short.yaml").write_text("train: {epochs: 1, milestones: []}\n")
    said = check_in(study.root)
    assert (said.code, said.line("profiles")) == (0, "short")


def test_a_profile_that_does_not_fit_params_yaml_is_named_with_what_is_wrong(study):
    folder = study.root / "profiles"
    folder.mkdir()
    (folder / "wrong.yaml").write_text("train: {epochs: 0}\n")
    said = check_in(study.root)
    assert (said.code, said.line("profiles")) == (2, "! wrong")
    assert "profiles/wrong.yaml" in said.err
    assert "train.epochs is 0; it must be a whole number from 1" in said.err

from __future__ import annotations

from gridpress.system.pins import installed, other_versions, read_pins

PINS = {"torch": "2.14.1", "torchvision": "0.29.1", "numpy": "2.4.6", "ruamel-yaml": "0.18.1"}


def test_pins_are_read_by_canonical_name_and_comments_are_none(tmp_path):
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("# torch: pinned\nRuamel.YAML==0.18.1\n\ntorch == 2.14.1\n")
    assert read_pins(constraints) == {"ruamel-yaml": "0.18.1", "torch": "2.14.1"}


def test_without_a_readable_file_there_are_no_pins(tmp_path):
    assert read_pins(tmp_path / "nowhere.txt") is None
    (tmp_path / "broken.txt").write_bytes(b"\xff")
    assert read_pins(tmp_path / "broken.txt") is None


def test_packages_of_other_versions_than_pinned_are_named():
    versions = {"torch": "2.15.0+cpu", "ruamel.yaml": "0.18.2", "numpy": "absent"}
    assert other_versions(versions, PINS) == {
        "torch": "2.15.0+cpu instead of 2.14.1",
        "ruamel.yaml": "0.18.2 instead of 0.18.1",
        "numpy": "absent instead of 2.4.6",
    }


def test_how_a_version_was_built_does_not_matter_and_neither_does_what_is_not_pinned():
    assert other_versions({"torchvision": "0.29.1+cu130", "other": "1"}, PINS) == {}
    assert other_versions({"torch": "2.14.1"}, {"torch": "2.14.1+cpu"}) == {}


def test_what_is_not_installed_has_no_version():
    assert installed("no-such-package") is None
    assert installed("pydantic")

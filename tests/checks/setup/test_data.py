from __future__ import annotations

from secrets import token_urlsafe

import pytest
from ruamel.yaml import YAML

from checking import check_in
from checks.setup.conftest import put_data
from gridpress.errors import InputError
from gridpress.pipeline.stages import fetch


def test_data_are_there_or_not_fetched_yet_and_neither_is_a_fault(study):
    assert check_in(study.root).line("data").startswith("mnist not fetched; `gridpress repro` does it")
    study.raw("mnist").mkdir(parents=True)
    assert check_in(study.root).line("data").startswith("mnist not fetched")
    put_data(study)
    said = check_in(study.root)
    assert (said.code, said.line("data")) == (0, "all files there")


def test_missing_images_that_no_source_delivers_are_a_fault_with_what_brings_them(study):
    path = study.root / "data" / "datasets" / "mnist.yaml"
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    content["sources"] = []
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    said = check_in(study.root)
    assert (said.code, said.line("data")) == (1, "! mnist missing")
    assert "`dvc pull fetch@mnist` brings it from a DVC remote" in said.err


def test_a_data_folder_that_leads_out_of_the_repository_is_named_before_anything_is_fetched(study, tmp_path):
    """DVC stops at it after fetching."""
    disk = tmp_path / "another disk"
    disk.mkdir()
    (study.root / "data").mkdir(exist_ok=True)
    (study.root / "data" / "raw").symlink_to(disk)
    said = check_in(study.root)
    assert (said.code, said.line("data")) == (1, "! outside of the repository")
    with pytest.raises(InputError, match="link each dataset") as refused:
        fetch.run(study, "mnist", None)
    assert str(refused.value)[:150] in said.err
    disk.rmdir()
    assert check_in(study.root).line("data") == "! outside of the repository"  # a disk that is not there now
    disk.mkdir()
    (study.root / "data" / "raw").unlink()
    (study.root / "data" / "raw").mkdir()
    (study.root / "data" / "raw" / "mnist").symlink_to(disk)
    assert check_in(study.root).line("data").startswith("mnist not fetched")


def test_what_dvc_would_take_for_other_data_is_named(study):
    put_data(study)
    folder = study.raw("mnist")
    (folder / "notes.txt").touch()
    (folder / f".{token_urlsafe(16)}.tmp").touch()  # DVC's; `gridpress repro` deletes it
    (folder / "t10k-images-idx3-ubyte").unlink()
    (folder / "t10k-images-idx3-ubyte").symlink_to("nowhere")
    (folder / "t10k-labels-idx1-ubyte").write_bytes(b"cut")
    (folder / "train-labels-idx1-ubyte").unlink()
    said = check_in(study.root)
    assert (said.code, said.line("data")) == (1, "! not as they were fetched")
    assert "data/raw/mnist: notes.txt does not belong here" in said.err
    assert "train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte is missing" in said.err
    assert "`gridpress fetch mnist` fetches it" in said.err

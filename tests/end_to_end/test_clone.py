"""What a clone is made with must not matter."""

from __future__ import annotations

from conftest import ROOT
from end_to_end.conftest import Clone
from gridpress.config.params import load_params
from gridpress.config.yaml_file import read_yaml
from gridpress.pipeline.dvc.hashes import is_recorded
from gridpress.study.grid import train_runs


def test_a_clone_with_converted_line_ends_computes_nothing_again(pristine, tmp_path):
    folder = tmp_path / "clone"
    pristine.call("git", "clone", "--quiet", "-c", "core.autocrlf=true", str(pristine.root), str(folder))
    clone = Clone(folder, pristine.data)
    assert clone.call("git", "config", "core.autocrlf").strip() == "true"
    entries = read_yaml(folder / "dvc.lock")["stages"]
    deps = {dep["path"]: dep["md5"] for entry in entries.values() for dep in entry.get("deps", [])}

    def changed(root):
        return {
            path for path, md5 in deps.items() if (root / path).exists() and not is_recorded(root / path, md5)
        }

    assert changed(folder) <= changed(ROOT)
    lines = clone.call("gridpress", "repro", "--dry-run").splitlines()
    assert not any(line.startswith(("train@", "svm@", "baseline@")) for line in lines), lines
    assert clone.call("git", "status", "--porcelain") == ""


def test_where_line_ends_were_converted_all_the_same_check_says_so_and_repro_asks(pristine, tmp_path):
    clone = pristine.clone(tmp_path / "clone")
    module = clone.root / "src" / "gridpress" / "training" / "loop.py"
    module.write_bytes(module.read_bytes().replace(b"\n", b"\r\n"))
    runs = len(train_runs(load_params(clone.project.params)))
    said = clone.call("gridpress", "check", code=1)
    assert f"src/gridpress/training: changed since {runs} runs used it; Git converted its line ends" in said
    said = clone.call("gridpress", "repro", code=2)
    assert f"{runs} runs have a result of the same parameters" in said
    assert "because of src/gridpress/training." in said
    assert clone.ran(said) <= {"fetch@mnist", "fetch@fashion_mnist"}


def test_a_downloaded_archive_that_becomes_a_repository_is_told_what_experiments_need(pristine, tmp_path):
    folder = tmp_path / "unzipped"
    folder.mkdir()
    archive = tmp_path / "study.tar"
    pristine.call("git", "archive", "--output", str(archive), "HEAD")
    clone = Clone(folder, pristine.data)
    clone.call("tar", "xf", str(archive))
    assert "git: this is no git repository, but DVC needs one" in clone.call("gridpress", "repro", code=1)
    clone.call("git", "init", "--quiet")
    said = clone.call("gridpress", "check", code=1)
    assert "`dvc exp run` needs a commit: `git add --all` and `git commit --message begin` make one" in said
    clone.commit()
    assert "all results are committed" in clone.call("gridpress", "check")

from __future__ import annotations

import subprocess

from end_to_end.conftest import IDENTITY
from gridpress.system.git import commit


def test_the_commit_is_named_with_local_changes_if_there_are_any(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit(tmp_path) is None
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)

    def git(*arguments):
        done = subprocess.run(["git", *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "--quiet")
    assert commit(tmp_path) is None
    file = tmp_path / "file"
    file.write_text("one")
    git("add", "file")
    git("commit", "--quiet", "--message", "one")
    (tmp_path / "untracked").write_text("does not count")
    assert commit(tmp_path) == git("rev-parse", "HEAD")
    file.write_text("two")
    assert commit(tmp_path) == git("rev-parse", "HEAD") + " with local changes"

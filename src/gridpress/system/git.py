"""Asking Git, without its refreshing its index on disk."""

from __future__ import annotations

import subprocess
from pathlib import Path
from shlex import quote

CHANGES = ("status", "--porcelain", "--untracked-files=no")
PATIENCE = 60  # seconds that git may take, and after which its lock is nobody's


def ask(folder: Path, *arguments: str) -> bytes:
    """What `git` prints.

    Raises:
        OSError: git is not installed.
        subprocess.SubprocessError: it fails, or takes too long.
    """
    done = subprocess.run(
        ["git", "--no-optional-locks", *arguments],
        cwd=folder,
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout


def answer(folder: Path, *arguments: str) -> bytes:
    """What `git` prints; nothing where there is no git, no repository, or no such thing."""
    try:
        return ask(folder, *arguments)
    except (OSError, subprocess.SubprocessError):
        return b""


def commit(folder: Path) -> str | None:
    """The commit that a folder stands at, and whether tracked files differ from it; None outside of Git."""
    head = answer(folder, "rev-parse", "--verify", "--quiet", "HEAD").decode().strip()
    if not head:
        return None
    return f"{head} with local changes" if answer(folder, *CHANGES) else head


def problem(folder: Path) -> str | None:
    """Why git cannot serve DVC in a folder, and what helps; None where it can."""
    try:
        ask(folder, "rev-parse", "--git-dir")
    except FileNotFoundError:
        return "git is not installed, but DVC needs it"
    except OSError as error:
        return f"git does not start: {error.strerror}"
    except subprocess.TimeoutExpired:
        return "git does not answer"
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        said = lines[0] if lines else "it fails without a word"
        if "not a git repository" in said:
            said = (
                "this is no git repository, but DVC needs one: "
                "`git clone` the study, or `git init` makes this one"
            )
        elif "dubious ownership" in said:
            said = (
                "the study belongs to another user, so git refuses it: "
                f"`git config --global --add safe.directory {quote(str(folder))}` if you trust it"
            )
        return f"git: {said}"
    return None

"""Which Quarto is used, and what is said of another one; Quarto is played by a script."""

from __future__ import annotations

import shutil

import pytest

from conftest import ROOT
from gridpress.errors import GridpressError, InputError
from gridpress.render import installed_quarto, render


@pytest.fixture
def path_with(tmp_path, monkeypatch):
    """A PATH with nothing but a `quarto` that runs these lines of a shell."""

    def put(script: str | None) -> None:
        tools = tmp_path / "tools"
        tools.mkdir()
        (tools / "sh").symlink_to("/bin/sh")
        if script is not None:
            (tools / "quarto").write_text(f"#!/bin/sh\n{script}\n")
            (tools / "quarto").chmod(0o755)
        monkeypatch.setenv("PATH", str(tools))

    return put


@pytest.mark.parametrize(
    ("script", "version", "problem"),
    [
        ("exit 3", None, "does not start: `quarto --version` fails"),
        ("echo 1.8.27", "1.8.27", "is 1.8.27, older than 1.9"),
        ("echo 1.4.557", "1.4.557", "is 1.4.557, older than 1.9"),
        ("echo 0.9.1", "0.9.1", "is 0.9.1, older than 1.9"),
        ("echo nightly", "nightly", "does not say which version it is, but 'nightly'"),
        ("echo 1.9.37", "1.9.37", None),
        ("echo 1.10.18", "1.10.18", None),
        ("echo 99.9.9", "99.9.9", None),
    ],
)
def test_a_version_from_the_least_one_on_is_used(path_with, script, version, problem):
    path_with(script)
    assert installed_quarto.found() == installed_quarto.Quarto(version, problem)


def test_there_may_be_none(path_with):
    path_with(None)
    assert installed_quarto.found() is None


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, ""),
        ("exit 3", "Quarto does not start: `quarto --version` fails: the built-in renderer is used\n"),
        ("echo x", "Quarto does not say which version it is, but 'x': the built-in renderer is used\n"),
    ],
)
def test_one_that_cannot_be_used_is_named(write, path_with, capsys, script, said):
    document = write("A line.\n")
    path_with(script)
    assert render(document, ["html"])[0].is_file()
    assert capsys.readouterr().err == said


def test_with_an_older_one_the_built_in_renderer_is_used_and_it_is_named(write, path_with, capsys):
    document = write("A line.\n")
    path_with("echo 1.8.27")
    page, pdf = render(document)
    assert "Rendered with Gridpress" in page.read_text(encoding="utf-8")
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert capsys.readouterr().err == "Quarto is 1.8.27, older than 1.9: the built-in renderer is used\n"


def test_an_older_one_that_is_asked_for_is_refused(write, path_with):
    path_with("echo 1.8.27")
    with pytest.raises(
        InputError, match=r"^Quarto is 1\.8\.27, older than 1\.9; `--renderer builtin` does without"
    ):
        render(write("A line.\n"), renderer="quarto")


def test_what_quarto_says_last_is_told_without_the_settings_that_it_lists(write, path_with):
    path_with(
        'case "$1" in --version) echo 1.9.37;; *) printf "\\033[1mpandoc \\033[22m\\n"; echo "  to: typst"; '
        'echo "metadata"; '
        'echo "  title: T"; printf "\\033[31merror: set math.equation(alt: …) is unknown\\033[39m\\n"; exit '
        "1;; esac"
    )
    with pytest.raises(GridpressError) as failed:
        render(write("A line.\n"), ["pdf"], "quarto")
    assert str(failed.value).splitlines()[1:] == ["error: set math.equation(alt: …) is unknown"]


def test_one_version_is_known_to_the_code_the_document_and_the_readme():
    least = ".".join(map(str, installed_quarto.LEAST))
    assert f'quarto-required: ">={least}.0"' in (ROOT / "report" / "_quarto.yml").read_text(encoding="utf-8")
    assert f"[Quarto](https://quarto.org) {least} or newer" in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )


def test_git_ignores_what_quarto_leaves_and_nothing_that_is_tracked(tmp_path):
    import subprocess  # noqa: PLC0415

    root = tmp_path / "study"
    root.mkdir()
    shutil.copy(ROOT / ".gitignore", root)
    (root / "report").mkdir()
    shutil.copy(ROOT / "report" / ".gitignore", root / "report")
    left = [
        f"report/report.{name}"
        for name in ("html", "pdf", "typ", "tex", "docx", "md", "epub", "ipynb", "quarto_ipynb")
    ]
    left += ["report/report_files/a.svg", ".quarto/x", "report/.quarto/x", "report/_freeze/x", "_freeze/x"]
    kept = [path.relative_to(ROOT).as_posix() for path in (ROOT / "report").iterdir() if path.is_file()]
    kept = [
        name
        for name in kept
        if name.endswith((".qmd", ".css", ".html5", ".lua", ".yml", ".typ")) and "report.typ" not in name
    ]
    for name in [*left, *kept]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    done = subprocess.run(
        ["git", "check-ignore", *left, *kept], cwd=root, capture_output=True, text=True, check=False
    )
    assert sorted(done.stdout.split()) == sorted(left)
    assert {"/.quarto/", "**/*.quarto_ipynb"} <= set((ROOT / ".gitignore").read_text().splitlines())

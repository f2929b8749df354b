from __future__ import annotations

import html
import os
import sys

import pytest

from gridpress.errors import GridpressError
from gridpress.progress import silent
from gridpress.render import kernel_environment
from gridpress.render.cells import INLINE_VALUE, Composed, compose
from gridpress.render.document import read_document

SETUP = (
    "```{python}\n#| include: false\nx = 'one *star*'\ndef broken():\n    raise ValueError('no luck')\n```\n"
)


@pytest.fixture
def run(write):
    def composed(text: str) -> Composed:
        document = read_document(write(text))
        return compose(document, kernel_environment(document.path), silent)

    return composed


def test_cells_share_one_kernel_and_print_where_they_stand(run):
    composed = run(
        f"{SETUP}\nbefore\n\n```{{python}}\n#| output: asis\nprint('**' + x + '**')\n```\n\nafter\n"
    )
    text = [line for line in composed.text.splitlines() if line]
    assert text == ["before", "**one *star***", "after"]
    assert composed.line_of("one *star*") == 15
    assert composed.line_of("after") == 19


def test_inline_values_are_words_and_numbers(run):
    values = ["68.9\u00a0%", "ResNet-18 (2 of 3)", "−1.5 ± 0.2, +3", "word"]
    text = "".join(f"value `{{python}} {value!r}` end\n" for value in values)
    assert [f"value {value} end" for value in values] == html.unescape(run(text).text).strip().splitlines()


@pytest.mark.parametrize(
    "value", ["*a*", "$x$", "a -- b", "...", "<b>", "a_b`c", "{{< x >}}", "@fig-a", "a'b", "a\nb"]
)
def test_values_that_quarto_would_show_otherwise_are_no_inline_values(value):
    assert INLINE_VALUE.fullmatch(value) is None


def test_an_inline_value_that_quarto_would_show_otherwise_is_refused(run):
    with pytest.raises(GridpressError, match=r"report\.qmd, line 6: .*more than words and numbers"):
        run("a\n`{python} chr(42)`\n")


def test_the_kernel_is_this_python_in_the_documents_folder_without_start_up_files(run, tmp_path, monkeypatch):
    start = tmp_path / "ipython" / "profile_default" / "startup"
    start.mkdir(parents=True)
    (start / "a.py").write_text("print('started')\nsys = None\n", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cell = (
        "```{python}\n#| output: asis\nimport os, sys\nprint(sys.executable, os.getcwd(), sep='\\n')\n```\n"
    )
    executable, folder = run(cell).text.strip().splitlines()
    assert executable == sys.executable
    assert os.path.realpath(folder) == str((tmp_path / "report").resolve())


def test_a_copied_study_runs_its_own_code(run, tmp_path):
    package = tmp_path / "src" / "gridpress"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("mine = 'the copy'\n", encoding="utf-8")
    assert (
        "the copy" in run("```{python}\n#| output: asis\nimport gridpress\nprint(gridpress.mine)\n```\n").text
    )


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            "```{python}\n#| output: asis\na = 1\n\nb = missing\n```\n",
            9,
            "NameError: name 'missing' is not defined",
        ),
        ("a\n\n```{python}\n#| output: asis\nif:\n```\n", 9, "SyntaxError"),
        (f"{SETUP}\n```{{python}}\n#| output: asis\nprint(1)\nbroken()\n```\n", 15, "ValueError: no luck"),
        (f"{SETUP}\n`{{python}} x[:3]`\nand `{{python}} broken()`\n", 13, "ValueError: no luck"),
        ("`{python} str(1)` `{python} 1.5`\n", 5, "`1.5` is of type float"),
        ("```{python}\n#| output: asis\n1 + 1\n```\n", 6, "displays a value"),
        ("```{python}\n#| output: asis\nprint('{{< meta x >}}')\n```\n", 6, "prints a shortcode"),
        ("```{python}\n#| include: false\nimport os\nos._exit(1)\n```\n", 6, "ended its Python process"),
    ],
)
def test_a_failing_cell_is_named_by_its_line(run, text, line, said):
    with pytest.raises(GridpressError) as caught:
        run(text)
    assert str(caught.value).startswith(f"report.qmd, line {line}: ")
    assert said in str(caught.value)


def test_an_error_below_names_the_code_that_raised_it(run, tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "helper.py").write_text("def f():\n    raise KeyError('k')\n", encoding="utf-8")
    with pytest.raises(GridpressError, match=r"line 8: KeyError: 'k' \(raised in helper\.py, line 2\)"):
        run("```{python}\n#| include: false\nimport helper\nhelper.f()\n```\n")

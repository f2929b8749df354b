"""A Quarto document as what it consists of: front matter, text and cells, each with its line.

Only what both renderers treat alike is let in. What can be seen in the text is refused here, the rest
in `subset.lua`, which sees the parsed document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridpress.errors import GridpressError, InputError
from gridpress.render.settings import Settings, read_settings

INLINE = re.compile(r"`\{python\}\s+([^`]+)`")
ALLOWED_OPTIONS = "label, echo: false, and one of output: asis and include: false"

_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\S.*)?$")
_OPTION = re.compile(r"#\|\s*([\w-]+):\s*(.*?)\s*$")


@dataclass(frozen=True)
class Text:
    """Markdown; `lines[0]` is line `line` of the file."""

    line: int
    lines: tuple[str, ...]

    def inline(self) -> Iterator[tuple[int, str]]:
        """Line and source of each inline expression."""
        for number, text in enumerate(self.lines, self.line):
            for match in INLINE.finditer(text):
                yield number, match[1]


@dataclass(frozen=True)
class CodeCell:
    """A Python cell; its source, options included, begins on line `line` of the file."""

    line: int
    source: str
    shown: bool


@dataclass(frozen=True)
class QuartoDocument:
    """A parsed .qmd file."""

    path: Path
    settings: Settings
    parts: tuple[Text | CodeCell, ...]

    def fault(self, line: int, message: str) -> GridpressError:
        """An error at a line of this document."""
        return GridpressError(f"{self.path.name}, line {line}: {message}")


def read_document(path: Path) -> QuartoDocument:
    """Parse a .qmd file.

    Raises:
        InputError: the file is missing, or holds something that the two renderers would not treat
            alike; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise InputError(f"{path} is missing") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: not UTF-8 text (byte {error.start})") from None
    if not lines or lines[0].rstrip() != "---" or "---" not in [line.rstrip() for line in lines[1:]]:
        raise InputError(f"{path.name}, line 1: the document must begin with front matter between --- lines")
    end = [line.rstrip() for line in lines].index("---", 1)
    settings = read_settings("".join(f"{line}\n" for line in lines[1:end]), path)
    parser = _Parser(path.name, lines)
    parser.check_front_matter(end)
    return QuartoDocument(path, settings, tuple(parser.parts(end + 1)))


class _Parser:
    def __init__(self, name: str, lines: list[str]) -> None:
        self.name = name
        self.lines = lines

    def parts(self, start: int) -> Iterator[Text | CodeCell]:
        """Text and cells from `lines[start]` on."""
        index = begin = start
        while index < len(self.lines):
            fence = _FENCE.match(self.lines[index])
            if fence is None:
                self._check_text(index)
                index += 1
                continue
            end = self._end_of_fence(index, fence[1])
            if (fence[2] or "").replace(" ", "") == "{python}":
                if index > begin:
                    yield Text(begin + 1, tuple(self.lines[begin:index]))
                yield self._cell(index, end)
                begin = end + 1
            elif re.match(r"\{\s*[\w-]", fence[2] or ""):
                raise self._refusal(index, f"a cell in {fence[2]}; only {{python}} runs")
            else:
                self._check_nothing_runs(index + 1, end, "inside a listing")
            index = end + 1
        if begin < len(self.lines):
            yield Text(begin + 1, tuple(self.lines[begin:]))

    def _end_of_fence(self, start: int, fence: str) -> int:
        for index in range(start + 1, len(self.lines)):
            closing = self.lines[index].rstrip()
            if closing.startswith(fence) and not closing.strip(fence[0]):
                return index
        raise self._refusal(start, f"{fence} is never closed")

    def _cell(self, start: int, end: int) -> CodeCell:
        options: dict[str, tuple[int, str]] = {}
        for index in range(start + 1, end):
            match = _OPTION.match(self.lines[index])
            if match is None:
                break
            options[match[1]] = (index, match[2])
        for key, (index, value) in options.items():
            if key != "label" and (key, value) not in {
                ("echo", "false"),
                ("include", "false"),
                ("output", "asis"),
            }:
                raise self._refusal(index, f"the cell option `{key}: {value}`; allowed: {ALLOWED_OPTIONS}")
        if ("output" in options) == ("include" in options):
            raise self._refusal(start, f"a cell without its way of output; allowed: {ALLOWED_OPTIONS}")
        return CodeCell(start + 2, "\n".join(self.lines[start + 1 : end]), "output" in options)

    def check_front_matter(self, end: int) -> None:
        """Its texts are Markdown, but nothing in them runs."""
        self._check_nothing_runs(1, end, "in the front matter")

    def _check_nothing_runs(self, start: int, end: int, where: str) -> None:
        for index in range(start, end):
            if "{{<" in self.lines[index] or INLINE.search(self.lines[index]):
                raise self._refusal(index, f"a shortcode or inline code {where}")

    def _check_text(self, index: int) -> None:
        line = self.lines[index]
        if "{{<" in line:
            raise self._refusal(index, "a shortcode, {{< … >}}")
        if other := re.search(r"`\{(?!python\})\w+\}[^`]*`", line):
            raise self._refusal(index, f"inline code {other[0]}; only `{{python}} …` runs")
        for match in INLINE.finditer(line):
            try:
                compile(match[1].strip(), "inline", "eval")
            except (SyntaxError, ValueError) as error:
                raise InputError(
                    f"{self.name}, line {index + 1}: `{match[1].strip()}` is no Python expression ({error})"
                ) from None

    def _refusal(self, index: int, what: str) -> InputError:
        return InputError(
            f"{self.name}, line {index + 1}: {what}. Quarto and the built-in renderer would not treat it "
            "alike, so the report can't use it."
        )

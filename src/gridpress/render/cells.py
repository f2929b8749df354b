"""Runs a document's cells in one kernel of this very Python, and puts what they print in their place."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from gridpress.errors import GridpressError, InputError
from gridpress.progress import Advance
from gridpress.render.document import INLINE, CodeCell, QuartoDocument, Text
from gridpress.report.presentation.markup import escape

LONGEST_SOCKET_PATH = 80  # the limit of Unix sockets, about 100, less the names that follow

INLINE_VALUE = re.compile(r"(?:[\w \u00a0\u202f%,:;()+±×–−/]|\.(?!\.)|-(?!-))*")

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Composed:
    """Markdown whose every line knows the line of the document that it came from."""

    lines: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        return "".join(f"{text}\n" for _, text in self.lines)

    def line_of(self, needle: str) -> int | None:
        """The document's line that holds, or printed, `needle` first."""
        return next((number for number, text in self.lines if needle and needle in text), None)


def compose(document: QuartoDocument, environment: dict[str, str], advance: Advance) -> Composed:
    """Run all cells, in the document's folder.

    Args:
        document: what to run.
        environment: of the kernel.
        advance: told 1 in all.

    Raises:
        GridpressError: a cell failed, or put out something else than Markdown; names its line.
    """
    runs = [part for part in document.parts if isinstance(part, CodeCell) or any(part.inline())]
    sources = [part.source if isinstance(part, CodeCell) else _evaluation(part) for part in runs]
    outputs = _run(document, runs, sources, environment, advance) if runs else []
    printed = dict(zip(map(id, runs), outputs, strict=True))
    lines: list[tuple[int, str]] = []
    for part in document.parts:
        output = printed.get(id(part), [])
        lines.append((part.line, ""))
        if isinstance(part, Text):
            lines.extend(_with_values(document, part, output))
        elif part.shown:
            lines.extend((part.line, text) for text in _markdown(document, part, output).split("\n"))
        lines.append((part.line, ""))
    return Composed(tuple(lines))


def _evaluation(text: Text) -> str:
    """A cell that prints the values of inline expressions, the n-th on its line n + 1."""
    values = "\n".join(f"({source.strip()})," for _, source in text.inline())
    return f"print(__import__('json').dumps([[type(_v).__name__, str(_v)] for _v in [\n{values}\n]]))"


class _Kernel(AsyncKernelManager):
    """A kernel of the Python that runs this, whatever kernels Jupyter knows."""

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python", language="python")


def _run(
    document: QuartoDocument,
    runs: list[Text | CodeCell],
    sources: list[str],
    environment: dict[str, str],
    advance: Advance,
) -> list[list[Any]]:
    new: Any = nbformat.v4
    cells = [new.new_code_cell(text, id=f"c{n}") for n, text in enumerate(sources)]
    notebook = new.new_notebook(cells=cells)
    running = 0

    def started(cell_index: int, **_: Any) -> None:
        nonlocal running
        running = cell_index

    def finished(**_: Any) -> None:
        advance(1 / len(runs))

    with tempfile.TemporaryDirectory(prefix="gp") as scratch:
        client = NotebookClient(
            notebook,
            kernel_manager_class=_Kernel,
            resources={"metadata": {"path": str(document.path.parent)}},
            record_timing=False,
            on_cell_execute=started,
            on_cell_executed=finished,
        )
        manager = client.create_kernel_manager()
        manager.connection_file = str(Path(scratch) / "k.json")
        if os.name == "posix" and len(scratch) < LONGEST_SOCKET_PATH:
            manager.transport, manager.ip = "ipc", str(Path(scratch) / "k")
        environment = {**environment, "IPYTHONDIR": scratch}  # no start-up script of the user's
        try:
            client.execute(env=environment)
        except CellExecutionError as error:
            raise _located(document, runs[running], running + 1, error) from None
        except DeadKernelError:
            raise document.fault(runs[running].line, "this cell ended its Python process") from None
    return [cell.outputs for cell in notebook.cells]


def _located(
    document: QuartoDocument, part: Text | CodeCell, number: int, error: CellExecutionError
) -> GridpressError:
    """The error with the document's line, and the line of the code below that raised it."""
    trace = ANSI.sub("", error.traceback)
    found = re.search(rf"Cell In\[{number}\], line (\d+)", trace)
    offset = int(found[1]) if found else 1
    if isinstance(part, CodeCell):
        line = part.line + offset - 1
    else:
        places = [number for number, _ in part.inline()]
        line = places[min(max(offset - 2, 0), len(places) - 1)]
    if error.ename in (GridpressError.__name__, InputError.__name__):  # meant for people as it is
        return document.fault(line, ANSI.sub("", error.evalue))
    frames = re.findall(r"^File (\S+?\.py):(\d+)", trace, re.MULTILINE)
    raised = f" (raised in {Path(frames[-1][0]).name}, line {frames[-1][1]})" if frames else ""
    return document.fault(line, f"{error.ename}: {ANSI.sub('', error.evalue)}{raised}")


def _markdown(document: QuartoDocument, cell: CodeCell, outputs: list[Any]) -> str:
    rich = [output for output in outputs if output.output_type != "stream"]
    if rich:
        raise document.fault(cell.line, "this cell displays a value; cells of the report print Markdown")
    text = "".join(output.text for output in outputs if output.name == "stdout")
    if "{{<" in text:
        raise document.fault(cell.line, "this cell prints a shortcode, {{< … >}}")
    return text


def _with_values(document: QuartoDocument, text: Text, outputs: list[Any]) -> Iterator[tuple[int, str]]:
    printed = "".join(output.text for output in outputs if output.get("name") == "stdout")
    values = iter(json.loads(printed.splitlines()[-1]) if printed else [])
    for number, line in enumerate(text.lines, text.line):

        def value(match: re.Match[str], number: int = number) -> str:
            kind, shown = next(values)
            if kind != "str":
                raise document.fault(
                    number, f"`{match[1].strip()}` is of type {kind}; inline values are text"
                )
            if not INLINE_VALUE.fullmatch(shown):
                raise document.fault(
                    number,
                    f"the value of `{match[1].strip()}`, {shown!r}, holds more than words and numbers, which "
                    "Quarto would show otherwise; print it through "
                    "gridpress.report.presentation.markup.escape instead",
                )
            return escape(shown)

        yield number, INLINE.sub(value, line)

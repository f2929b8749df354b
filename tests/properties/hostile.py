"""Strategies: valid content made wrong, and text made worse."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

from hypothesis import strategies as st

STRINGS = [
    "",
    " ",
    "<script>alert(1)</script>",
    "`id`",
    "$(touch pwned)",
    "; touch pwned",
    "a|b",
    "a\nb",
    "a\r\nb",
    "#",
    "\u202eabc\u202c",
    "\u2066x\u2069",
    "\x00",
    "\x1b[31mred\x1b[0m",
    "\ud800",
    "../../x",
    "/etc/passwd",
    "..",
    "-rf",
    "~",
    "${data.seed}",
    "${profiles.smoke}",
    "all",
    "scale",
    "auto",
    "resnet18",
    "mnist",
    "1e-3",
    ".nan",
    "null",
    "true",
    "{{< include /etc/passwd >}}",
    "שלום",
    "x" * 150,
    "x" * 5000,
    "*",
    "&a",
    "[object]",
    "%s%n",
]
NUMBERS = [0, 1, -1, 2, 10, 28, 2**31, 2**32, 2**53, 2**64, 10**30, -(10**30), 16**3000, -(16**3000)]
NUMBERS += [0.0, -0.0, 0.5, 1.0, 1e-320, 1e308, -1e308, math.nan, math.inf, -math.inf]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(NUMBERS),
    st.integers(),
    st.floats(),
    st.sampled_from(STRINGS),
    st.text(max_size=20),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(STRINGS) | st.text(max_size=5), inner, max_size=3),
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, content: Any) -> Any:
    """`content` with one to three places changed: other, missing, added, doubled, moved, multiplied."""
    result = copy.deepcopy(content)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        place = _place(draw, result)
        if place is None:
            return draw(values)
        parent, key = place
        match draw(st.sampled_from(["replace"] * 5 + ["delete", "add", "wrap", "double", "many"])):
            case "replace":
                parent[key] = draw(_like(parent[key]))
            case "delete":
                del parent[key]
            case "add":
                _add(parent, draw(st.sampled_from(STRINGS)), draw(values))
            case "wrap":
                parent[key] = draw(
                    st.sampled_from([[parent[key]], {"a": parent[key]}, json.dumps(parent[key])])
                )
            case "double":
                _add(parent, f"{key}2", copy.deepcopy(parent[key]))
            case "many":
                parent[key] = list(range(2, draw(st.sampled_from([12, 300, 1500]))))
    return result


def _like(value: Any) -> st.SearchStrategy[Any]:
    """Mostly of the same kind, so that some of what comes out is valid."""
    match value:
        case bool() | None:
            return values
        case int():
            return st.integers(0, 60) | st.sampled_from(NUMBERS) | values
        case float():
            return st.floats(0, 1) | st.sampled_from(NUMBERS) | values
        case str():
            return st.sampled_from(STRINGS) | values
        case list():
            return (
                st.permutations(value)
                | st.lists(st.integers(2, 99), min_size=1, max_size=5, unique=True)
                | values
            )
        case _:
            return values


def _place(draw: st.DrawFn, content: Any) -> tuple[Any, Any] | None:
    """A parent and one of its keys, at any depth."""
    here = content
    while True:
        keys = (
            list(here) if isinstance(here, dict) else list(range(len(here))) if isinstance(here, list) else []
        )
        if not keys:
            return None
        key = draw(st.sampled_from(keys))
        inner = here[key]
        if not isinstance(inner, (dict, list)) or not inner or draw(st.integers(0, 3)) == 0:
            return here, key
        here = inner


def _add(parent: Any, key: str, value: Any) -> None:
    if isinstance(parent, dict):
        parent[key] = value
    else:
        parent.append(value)


def yaml(value: Any) -> str:
    """YAML on one line, which looks like JSON but can say more."""
    match value:
        case None | bool() | str():
            return json.dumps(value)
        case int():
            return str(value) if value.bit_length() < 10_000 else hex(value)
        case float():
            return (
                (".nan" if math.isnan(value) else f"{'-' * (value < 0)}.inf")
                if not math.isfinite(value)
                else repr(value)
            )
        case list():
            return f"[{', '.join(map(yaml, value))}]"
        case _:
            return f"{{{', '.join(f'{yaml(key)}: {yaml(inner)}' for key, inner in value.items())}}}"


SNIPPETS = [
    "\t",
    "&a ",
    "*a",
    "<<: *a",
    "!!python/object/apply:os.system ['touch pwned'] ",
    "!!python/name:os.system ",
    "!!binary ",
    "!!float ",
    "!!int ",
    "!!bool ",
    "!!bool maybe\n",
    "!!int ''\n",
    "!!int 0x\n",
    "!!null x\n",
    "!!float []\n",
    "!!str {}\n",
    "!!timestamp 2020-13-45\n",
    "!!set ",
    "!!omap ",
    "!!timestamp ",
    "!<tag:x> ",
    "! ",
    "%YAML 1.1\n---\n",
    "%YAML 9\n---\n",
    "%TAG ! tag:x:\n---\n",
    "---\n",
    "...\n",
    "? ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    '"',
    "|\n",
    ">-\n",
    "# ",
    "\x00",
    "\x1b[2J",
    "\x85",
    "\u2028",
    "\ufeff",
    "\u202e",
    "\\",
    "2020-99-99",
    "0o777",
    "1_000",
    "0x" + "f" * 6000,
    "9" * 5000,
    "1e999",
    "NaN",
    "Infinity",
    "[" * 500,
    "{a: " * 500,
    "a: &x [*x]\n",
    "x" * 10_000,
    '"\\ud800"',
    "\r",
]


@st.composite
def edited(draw: st.DrawFn, text: str) -> bytes:
    """`text` after one to four edits by someone who means harm, or whose disk does."""
    result = text
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 4]))):
        at = draw(st.integers(0, len(result)))
        match draw(st.sampled_from(["value"] * 6 + ["insert"] * 3 + ["cut", "line", "drop", "swap"])):
            case "value":
                result = _with_value(draw, result)
            case "insert":
                result = result[:at] + draw(st.sampled_from(SNIPPETS) | st.text(max_size=8)) + result[at:]
            case "cut":
                result = result[:at]
            case "line":
                lines = result.splitlines(keepends=True) or [""]
                line = draw(st.sampled_from(lines))
                result = "".join([*lines[: len(lines) // 2], line, *lines[len(lines) // 2 :]])
            case "drop":
                result = result[:at] + result[at + draw(st.integers(1, 30)) :]
            case "swap":
                result = result[at:] + result[:at]
    return draw(_encoded(result))


@st.composite
def _encoded(draw: st.DrawFn, text: str) -> bytes:
    """Mostly UTF-8."""
    content = text.encode("utf-8", "surrogatepass")
    match draw(st.sampled_from(["utf-8"] * 12 + ["bytes", "utf-16", "latin-1"])):
        case "bytes":
            at = draw(st.integers(0, len(content)))
            return content[:at] + draw(st.binary(min_size=1, max_size=6)) + content[at:]
        case "utf-16":
            return text.encode("utf-16", "surrogatepass")
        case "latin-1":
            return text.encode("latin-1", "replace")
    return content


def _with_value(draw: st.DrawFn, text: str) -> str:
    """Another value after one of the keys, the line itself left whole."""
    lines = text.split("\n")
    places = [number for number, line in enumerate(lines) if ": " in line or line.lstrip().startswith("- ")]
    if not places:
        return text
    place = draw(st.sampled_from(places))
    mark = ": " if ": " in lines[place] else "- "
    before, _, after = lines[place].partition(mark)
    comma = "," if after.endswith(",") else ""
    lines[place] = before + mark + draw(st.sampled_from(SNIPPETS)).removesuffix("\n") + comma
    return "\n".join(lines)

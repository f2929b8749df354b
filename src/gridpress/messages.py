"""What pydantic found wrong, in words: key, value, what is allowed, and the nearest right spelling."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

LONGEST_VALUE = 60  # characters
LONGEST_LINE = 400
MOST_FAULTS = 10


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """`text` as one line that every terminal shows as it is.

    Files that we quote may come from anywhere: line ends, escape sequences, marks that turn the direction of
    writing, and whatever else cannot be seen are shown as Python writes them.
    """
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def counted(number: int, noun: str) -> str:
    """A number with its noun, of which only the first word has a plural: `1 run`, `2 runs of 5 epochs`."""
    first, space, rest = noun.partition(" of ")
    return f"{number} {first}{'' if number == 1 else 's'}{space}{rest}"


def nearest(value: str, allowed: Iterable[str]) -> str:
    """` Did you mean mnist?` for a value that looks like one that is allowed, else nothing."""
    near = difflib.get_close_matches(value, list(allowed), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def not_allowed(name: str, value: str, allowed: Collection[str]) -> str:
    """`MODEL is 'resnet1'; allowed: resnet18, resnet34. Did you mean resnet18?`."""
    return f"{name} is {value!r}; allowed: {', '.join(allowed)}.{nearest(value, allowed)}"


def explain(error: ValidationError, model: type[BaseModel], source: str) -> str:
    """One line per fault of `error` up to `MOST_FAULTS`, each beginning with `source` (a file's name).

    Args:
        error: what validation of `model` raised.
        model: the outermost model; its fields give the allowed keys.
        source: where the values came from.
    """
    faults = error.errors(include_url=False)
    lines = [one_line(f"{source}: {_fault(fault, model)}") for fault in faults[:MOST_FAULTS]]
    more = len(faults) - len(lines)
    return "\n".join([*lines, *([f"{source}: and {counted(more, 'more fault')}"] if more else [])])


def _fault(fault: ErrorDetails, model: type[BaseModel]) -> str:  # noqa: PLR0911  # one per kind of fault
    # in brackets: pydantic's mark of a fault in a key, and the sides of a choice; an unknown key may begin so
    *above, last = fault["loc"] or ("[the file]",)
    names = [part for part in above if not str(part).startswith("[")]
    known = fault["type"] != "extra_forbidden" and str(last).startswith("[")
    location = (*names, *([] if known else [last]))
    key = ".".join(one_line(str(part), LONGEST_VALUE) for part in location) or "the file"
    context: Mapping[str, Any] = fault.get("ctx", {})
    match fault["type"]:
        case "extra_forbidden":
            allowed = sorted(_fields(model, location[:-1]))
            near = difflib.get_close_matches(str(location[-1]), allowed, n=1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            return f"{key} is not a known key.{hint} Allowed here: {', '.join(allowed)}"
        case "missing":
            return f"{key} is missing"
        case "literal_error":
            return f"{key} is {_shown(fault['input'])}; allowed: {context['expected']}"
        case "list_type":
            return f"{key} is {_shown(fault['input'])}; it must be a list, even of one value"
        case "dict_type" | "model_type":
            return f"{key} is {_shown(fault['input'])}; it must hold keys and values"
        case "too_short":
            return f"{key} is {_shown(fault['input'])}; it needs at least one entry"
        case "too_long":
            return f"{key} holds more than {context['max_length']} values"
        case "value_error" | "assertion_error":
            if isinstance(fault["input"], (dict, BaseModel)):
                where = "" if not location else f"{key}: "
                return f"{where}{context['error']}"
            return f"{key} is {_shown(fault['input'])}; it {context['error']}"
        case _:
            wanted = fault["msg"].removeprefix("Input should ").removeprefix("be ")
            return f"{key} is {_shown(fault['input'])}; it must be {wanted}"


def _shown(value: object) -> str:
    try:
        text = repr(value) if isinstance(value, (str, list, dict)) else str(value)
    except ValueError:  # Python writes no number of more than 4300 digits
        text = "a number of thousands of digits, or holds one"
    return one_line(text, LONGEST_VALUE)


def _fields(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at `location` accepts."""
    here: Any = model
    for part in location:
        block = _block(here)
        if block is not None and part in block.model_fields:
            here = block.model_fields[str(part)].annotation
        else:
            here = next(iter(reversed(getattr(here, "__args__", (None,)))))
    block = _block(here)
    return list(block.model_fields) if block is not None else []


def _block(kind: Any) -> type[BaseModel] | None:
    """The model that a type is, or the only one that it may be."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    models = [found for found in map(_block, getattr(kind, "__args__", ())) if found is not None]
    return models[0] if len(models) == 1 else None

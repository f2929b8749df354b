"""What pydantic found wrong, in words: key, value, what is allowed, and the nearest right spelling."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

LONGEST_VALUE = 60


def explain(error: ValidationError, model: type[BaseModel], source: str) -> str:
    """One line per fault of `error`, each beginning with `source` (a file's name).

    Args:
        error: what validation of `model` raised.
        model: the outermost model; its fields give the allowed keys.
        source: where the values came from.
    """
    return "\n".join(f"{source}: {_fault(fault, model)}" for fault in error.errors())


def _fault(fault: ErrorDetails, model: type[BaseModel]) -> str:  # noqa: PLR0911  # one per kind of fault
    location = fault["loc"]
    key = ".".join(str(part) for part in location) or "the file"
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
        case "value_error" | "assertion_error":
            if isinstance(fault["input"], (dict, BaseModel)):
                where = "" if not location else f"{key}: "
                return f"{where}{context['error']}"
            return f"{key} is {_shown(fault['input'])}; it {context['error']}"
        case _:
            wanted = fault["msg"].removeprefix("Input should ").removeprefix("be ")
            return f"{key} is {_shown(fault['input'])}; it must be {wanted}"


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, (str, list, dict)) else str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _fields(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at `location` accepts."""
    here: Any = model
    for part in location:
        if isinstance(here, type) and issubclass(here, BaseModel) and part in here.model_fields:
            here = here.model_fields[str(part)].annotation
        else:
            here = next(iter(reversed(getattr(here, "__args__", (None,)))))
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []

"""YAML files, read as DVC reads them, whatever they hold."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from gridpress.errors import InputError
from gridpress.messages import one_line

MOST_NODES = 1_000_000  # aliases written out; more is a mistake or an attack


def read_yaml(path: Path) -> Any:
    """The content of a YAML 1.2 file, read as DVC reads it.

    Raises:
        InputError: the file is missing, cannot be read or is no YAML (says where), or its aliases stand for
            more than any memory holds.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings(action="ignore"):  # of what YAML 1.1 meant otherwise
            node = yaml.compose(path.read_text(encoding="utf-8"))
            if _written_out(node, {}) > MOST_NODES:
                raise InputError(f"{path.name}: more than {MOST_NODES} values with its aliases written out")
            return None if node is None else yaml.constructor.construct_document(node)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path} is missing; `git checkout {path.name}` brings it back") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: not UTF-8 text (byte {error.start})") from None
    except RecursionError:
        raise InputError(f"{path.name}: nested too deeply") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError(f"{path.name}{where}: not valid YAML: {one_line(str(error.problem))}") from None
    except (YAMLError, ValueError) as error:
        raise InputError(f"{path.name}: not valid YAML: {one_line(str(error))}") from None
    except Exception:  # noqa: BLE001  # ruamel trips over its own feet, as at `!!bool maybe`
        raise InputError(f"{path.name}: not valid YAML: a value does not fit its tag") from None


def _written_out(node: Node | None, known: dict[int, int]) -> int:
    """How many nodes there would be if every alias were replaced by what it stands for."""
    if id(node) not in known:
        known[id(node)] = MOST_NODES + 1  # what holds itself has no end
        match node:
            case MappingNode():
                parts = [part for pair in node.value for part in pair]
            case SequenceNode():
                parts = node.value
            case _:
                parts = []
        known[id(node)] = 1 + sum(_written_out(part, known) for part in parts)
    return known[id(node)]

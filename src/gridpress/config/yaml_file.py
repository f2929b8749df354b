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

LARGEST = 1 << 26  # bytes; dvc.lock of a long study has a few million
MOST_NODES = 1_000_000  # aliases written out; more is a mistake or an attack


def read_yaml(path: Path) -> Any:
    """The content of a YAML 1.2 file, read as DVC reads it.

    Raises:
        InputError: the file is missing, cannot be read, is no YAML (says where), or holds more than `LARGEST`
            and `MOST_NODES` allow.
    """
    text = _text(path)
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings(action="ignore"):  # of what YAML 1.1 meant otherwise
            node = yaml.compose(text)
            if not _is_small(node):
                raise InputError(f"{path.name}: more than {MOST_NODES} values with its aliases written out")
            return None if node is None else yaml.constructor.construct_document(node)
    except InputError:
        raise
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


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputError(f"{path.name}: {size} bytes; at most {LARGEST} are read")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{path} is missing; `git checkout {path.name}` brings it back") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: not UTF-8 text (byte {error.start})") from None


def _is_small(node: Node | None) -> bool:
    """Whether a file has at most `MOST_NODES` nodes where every alias is replaced by what it stands for."""
    todo, left = [node], MOST_NODES
    while todo and left > 0:
        match todo.pop():
            case MappingNode(value=pairs):
                parts = [part for pair in pairs for part in pair]
            case SequenceNode(value=parts):
                pass
            case _:
                parts = []
        left -= len(parts)
        todo += parts
    return left > 0

"""YAML files, read as DVC reads them, whatever they hold."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gridpress.errors import InputError
from gridpress.messages import one_line

LARGEST = 1 << 26  # bytes; dvc.lock of a long study has a few million


def read_yaml(path: Path) -> Any:
    """The content of a YAML 1.2 file, read as DVC reads it.

    Raises:
        InputError: the file is missing, cannot be read, is no YAML (says where), or larger than `LARGEST`.
    """
    text = _text(path)
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings(action="ignore"):  # of what YAML 1.1 meant otherwise
            content = yaml.load(text)
            YAML(typ="safe").load(text)  # libyaml, as DVC reads; after the one that survives deep nesting
            return content
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

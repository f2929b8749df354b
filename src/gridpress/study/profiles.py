"""Profiles: variants of params.yaml, each a small file that says only what differs.

A profile is a JSON merge patch (RFC 7386) in YAML: mappings are merged, everything else is replaced, and a
key whose value is null is removed.
"""

from __future__ import annotations

import io
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML

from gridpress.config.declared import declared
from gridpress.config.params import Params, parse_params
from gridpress.config.yaml_file import read_yaml
from gridpress.errors import InputError
from gridpress.files import write_text
from gridpress.messages import nearest
from gridpress.study.project import Project

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # text that Hydra takes as it is
UNSAYABLE = re.compile(r"[~+]?[^=]*(?<![^.~+])[0-9]")  # a key that begins with a digit
WORDS = {"true", "false", "null", "nan", "inf"}  # but not these, whatever their case


def names(project: Project) -> list[str]:
    """All profiles of a study, in alphabetical order."""
    return sorted(path.stem for path in project.profiles.glob("*.yaml"))


def load(project: Project, name: str) -> Params:
    """The parameters of a study under a profile.

    Raises:
        InputError: there is no such profile, or it does not fit params.yaml; names its file.
    """
    content = patched(read_yaml(project.params), read(project, name))
    return parse_params(content, declared(project.root), f"profiles/{name}.yaml on params.yaml")


def read(project: Project, name: str) -> dict[str, Any]:
    """What a profile says.

    Raises:
        InputError: there is no such profile, or its file cannot be read or holds no mapping.
    """
    known = names(project)
    if name not in known:
        there = ", ".join(known) or "none"
        raise InputError(f"there is no profile {name!r} in profiles/; it has {there}.{nearest(name, known)}")
    patch = read_yaml(project.profiles / f"{name}.yaml")
    if not isinstance(patch, dict):
        raise InputError(f"profiles/{name}.yaml: must hold keys and values that differ from params.yaml")
    return patch


def patched(content: Any, patch: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of `content` with the patch applied."""
    result = dict(content) if isinstance(content, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), value) if isinstance(value, Mapping) else value
    return result


def apply(project: Project, name: str) -> None:
    """Write a profile's values into params.yaml, comments kept."""
    yaml = YAML()
    yaml.default_flow_style = False
    content = yaml.load(project.params.read_text(encoding="utf-8"))
    _apply(content, read(project, name))
    text = io.StringIO()
    yaml.dump(content, text)
    write_text(project.params, text.getvalue())


def _apply(content: Any, patch: Mapping[str, Any]) -> None:
    for key, value in patch.items():
        if value is None:
            content.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(content.get(key), Mapping):
            _apply(content[key], value)
        else:
            content[key] = patched(None, value) if isinstance(value, Mapping) else value


def command(project: Project, name: str) -> str:
    """The line for a shell that runs the study under a profile as an experiment of DVC.

    Raises:
        InputError: as `read`, or `-S` has no way to write it.
    """
    found = [*overrides(read_yaml(project.params), read(project, name))]
    if unsayable := [override for override in found if UNSAYABLE.match(override)]:
        raise InputError(
            f"profiles/{name}.yaml: `dvc exp run -S` takes no key that begins with a digit, "
            f"as in {unsayable[0]}; rename it there and in params.yaml"
        )
    return " ".join(["dvc exp run", *(f"-S {shlex.quote(override)}" for override in found)])


def overrides(content: Any, patch: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """A patch as Hydra's overrides, which `dvc exp run -S` takes: what changes `content`, one value each."""
    for key, value in patch.items():
        known = isinstance(content, Mapping) and key in content
        before = content[key] if known else None
        if value is None:
            if known:
                yield f"~{prefix}{key}"
        elif isinstance(value, Mapping) and isinstance(before, Mapping):
            yield from overrides(before, value, f"{prefix}{key}.")
        elif not known:
            yield f"+{prefix}{key}={_written(value)}"
        elif value != before:
            yield f"{prefix}{key}={_written(value)}"


def _written(value: Any) -> str:
    """A value in Hydra's grammar."""
    match value:
        case Mapping():
            pairs = (f"{key}:{_written(one)}" for key, one in value.items() if one is not None)
            return f"{{{','.join(pairs)}}}"
        case list():
            return f"[{','.join(map(_written, value))}]"
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            text = str(value)
            plain = PLAIN.fullmatch(text) and text.lower() not in WORDS
            return text if plain else json.dumps(text, ensure_ascii=False)

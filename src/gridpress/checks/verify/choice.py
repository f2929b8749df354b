"""Which runs to compute again."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from itertools import groupby, zip_longest

import numpy as np

from gridpress.errors import InputError


def matching(patterns: Sequence[str], names: Collection[str]) -> list[str]:
    """The names that patterns stand for, each once; no pattern stands for all.

    Args:
        patterns: a stage's name (`svm@mnist-rbf-C1-gscale`), its key alone, or either with `*` and `?` in it.
        names: all stages' names.

    Raises:
        InputError: a pattern stands for nothing; names the nearest that there are.
    """
    if not patterns:
        return list(names)
    found: dict[str, None] = {}
    for pattern in patterns:
        fitting = [
            name
            for name in names
            if fnmatchcase(name, pattern) or fnmatchcase(name.partition("@")[2], pattern)
        ]
        if not fitting:
            raise InputError(_unknown(pattern, names))
        found |= dict.fromkeys(fitting)
    return list(found)


def _unknown(pattern: str, names: Collection[str]) -> str:
    keys = {name.partition("@")[2]: name for name in names}
    near = difflib.get_close_matches(pattern, [*names, *keys], n=3)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    examples = f", such as {next(iter(names))}. `dvc stage list` prints them all" if names else ""
    return f"params.yaml asks for no run named {pattern!r}.{hint} It asks for {len(names)}{examples}."


def draw(names: Sequence[str], count: int, seed: int) -> list[str]:
    """Some names at random, from every kind in turn, so that two are a network and an SVM.

    Args:
        names: of stages, kind by kind.
        count: how many; all if there are fewer.
        seed: of numpy's PCG64; the same one draws the same names.
    """
    generator = np.random.default_rng(seed)
    kinds = [[*group] for _, group in groupby(names, lambda name: name.partition("@")[0])]
    shuffled = [[kind[place] for place in generator.permutation(len(kind))] for kind in kinds]
    turns = (name for turn in zip_longest(*shuffled) for name in turn if name is not None)
    return [*turns][:count]

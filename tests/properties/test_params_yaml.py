"""Whatever params.yaml holds: a valid plan, or one clear message; nothing is written, run, or waited for.

The ordinary run tries the same few hundred files every time; `make hostile` tries other ones, and many.
"""

from __future__ import annotations

import os
import resource
import subprocess
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checking import dump
from gridpress.messages import LONGEST_LINE, one_line
from tried import TALLY

from .conftest import examples
from .hostile import STRINGS, edited, mutated, scalars, yaml

pytestmark = pytest.mark.extended

MEMORY = 3 << 30  # address space, of which importing numpy takes a good part
SECONDS = 120


@examples(80)
@given(data=st.data())
def test_content(bare, base, judge, data):
    bare.params.write_text(yaml(data.draw(mutated(base))), encoding="utf-8", errors="surrogatepass")
    assert judge(bare.root, "params.yaml by content").code in {0, 2}


@examples(100)
@given(data=st.data())
def test_text(bare, base, judge, data):
    bare.params.write_bytes(data.draw(edited(dump(base))))
    assert judge(bare.root, "params.yaml by text").code in {0, 2}


PATHS = [
    "datasets",
    "data.seed",
    "train.epochs",
    "train.grid.model",
    "train.grid.learning_rate.0",
    "svm.configs",
]
PATHS += [
    "svm.configs.rbf-C1-gscale.gamma",
    "hardware.machines",
    "+train.more",
    "~data.seed",
    "optimizers.sgd",
]
WRITTEN = [
    "[]",
    "[mnist]",
    "['$(id)']",
    "{}",
    "{a: 1}",
    "{a: {kernel: rbf, C: 1, gamma: auto}}",
    "1e-5",
    "null",
]
WRITTEN += [
    "0.5",
    "[0.1,0.2]",
    "'`id`'",
    '"a|b #"',
    "range(1,3)",
    "[resnet18,resnet18]",
    "${data}",
    "3",
    "-1",
    "1e400",
]


@examples(40)
@given(
    overrides=st.lists(
        st.tuples(
            st.sampled_from(PATHS), st.sampled_from(WRITTEN) | st.text(max_size=8) | st.sampled_from(STRINGS)
        ),
        min_size=1,
        max_size=3,
    )
)
def test_as_overrides_of_dvc_leave_it(bare, base, judge, overrides):
    from dvc.utils.hydra import apply_overrides  # noqa: PLC0415

    bare.params.write_text(dump(base), encoding="utf-8")
    try:
        apply_overrides(
            bare.params, [path if path[0] == "~" else f"{path}={value}" for path, value in overrides]
        )
    except Exception:  # noqa: BLE001  # what DVC itself refuses never becomes a file
        TALLY["-S overrides, refused by DVC"] += 1
    assert judge(bare.root, "-S overrides").code in {0, 2}


@examples(60)
@given(
    document=scalars
    | st.lists(scalars, max_size=3)
    | st.dictionaries(st.text(max_size=5), scalars, max_size=3)
)
def test_anything(bare, judge, document):
    bare.params.write_text(yaml(document), encoding="utf-8", errors="surrogatepass")
    assert judge(bare.root, "params.yaml of anything").code == 2


@examples(80)
@given(st.text() | st.sampled_from(STRINGS))
def test_a_line_of_a_message_can_be_printed_and_is_short(text):
    line = one_line(text)
    assert line.isprintable()
    assert len(line) <= LONGEST_LINE


def layers(form: str) -> str:
    """Each layer holds the one below four times: 4 ** 25 values at the top."""
    names = [f"n{number}" for number in range(26)]
    lines = [
        "n0: &n0 {a: 1}",
        *(f"{here}: &{here} {form.format(below)}" for below, here in pairwise(names)),
    ]
    return "\n".join(lines) + "\n"


BOMBS = {
    "aliases": layers("[*{0}, *{0}, *{0}, *{0}]"),
    "duplicate of an alias": layers("[*{0}, *{0}, *{0}, *{0}]") + "n0: *n25\n",
    "itself": "datasets: &a [*a]\n",
    "itself merged": "&a a: 1\n<<: &b {<<: *b}\n",
    "deep lists": "[" * 60_000,
    "deep maps": "{a: " * 30_000,
    "deep blocks": "- " * 60_000,
    "a long list": f"datasets: [{'a,' * 60_000}]",
    "many keys": "".join(f"k{number}: 1\n" for number in range(11_000)),
    "a huge number": f"data: 0x{'f' * 120_000}",
    "a huge key": f"? {'k' * 120_000}\n: 1\n",
    "a huge file": "a" * (300 << 20),
    "a python object": "!!python/object/apply:os.system ['touch pwned']",
}


@pytest.mark.parametrize("name", [*BOMBS, "a grid of many runs", "a grid of too many values"])
def test_bombs_are_refused_in_little_time_and_memory_by_the_real_command(bare, base, name):
    wide = {"seed": list(range(900)), "learning_rate": [0.1 / number for number in range(1, 900)]}
    long = {"seed": list(range(1200))}
    grids = {"a grid of many runs": wide, "a grid of too many values": long}
    text = BOMBS.get(name) or dump(
        {**base, "train": {**base["train"], "grid": {**base["train"]["grid"], **grids[name]}}}
    )
    bare.params.write_text(text)
    done = subprocess.run(
        ["gridpress", "check"],
        cwd=bare.root,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "200"},
    )
    assert done.returncode == 2
    assert done.stderr.startswith("gridpress: params.yaml")
    assert len(done.stderr) < 9000
    assert "Traceback" not in done.stderr
    assert not (bare.root / "pwned").exists()

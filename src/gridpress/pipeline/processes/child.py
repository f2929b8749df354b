"""A child on a tether: when the process that started it is gone, so are the child and all below it.

`python -m gridpress.pipeline.processes.child FD MODULE ARGUMENT...` runs a module as `python -m` does; FD is
the reading end of a pipe that the starter holds open.
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from gridpress.pipeline.processes.parent import kill_descendants


def call(module: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run `python -m MODULE ARGUMENT...` in a folder; its exit code, below 0 where a signal killed it.

    If this process ends, in whatever way, the other one ends at once, with all that it started.
    """
    watched, tether = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(watched), module, *arguments],
        cwd=folder,
        env=environment,
        pass_fds=[watched],
    )
    try:
        os.close(watched)
        return process.wait()
    finally:
        os.close(tether)
        process.wait()


def _watch(tether: int) -> NoReturn:
    os.read(tether, 1)  # returns when the other end closes
    kill_descendants()
    os._exit(1)


def _run(descriptor: int, module: str) -> None:
    os.set_inheritable(descriptor, False)
    threading.Thread(target=_watch, args=(descriptor,), daemon=True).start()
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _run(int(sys.argv[1]), sys.argv[2])

"""DVC on a tether: when the process that started it is gone, so are DVC and the stage it runs.

`python -m gridpress.pipeline.processes.dvc_child FD ARGUMENT...`: FD is the reading end of a pipe that the starter holds open.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import NoReturn

from dvc.cli import main

from gridpress.pipeline.processes.dvc_parent import kill_descendants


def _watch(tether: int) -> NoReturn:
    os.read(tether, 1)  # returns when the other end closes
    kill_descendants()
    os._exit(1)


if __name__ == "__main__":
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)
    threading.Thread(target=_watch, args=(descriptor,), daemon=True).start()
    sys.exit(main(sys.argv[2:]))

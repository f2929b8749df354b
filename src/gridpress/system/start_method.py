"""How new processes begin: forked from one that has imported what they need, where a fork is survived."""

from __future__ import annotations

import sys

START_METHOD = "spawn" if sys.platform == "darwin" else "forkserver"  # Metal does not survive a fork

"""Seeds of random generators, one for every purpose of every run, so that no two runs share their draws."""

from __future__ import annotations

import hashlib
import json


def seed_of(run: str, purpose: str, *numbers: int) -> int:
    """A seed from 0 to 2^63 - 1: the first bits of a SHA-256, the same on every machine.

    Args:
        run: what the draws belong to, such as a run's key, which names its whole configuration and its seed.
        purpose: what is drawn, such as `weights`.
        numbers: what tells draws of one purpose apart, such as the epoch.
    """
    text = json.dumps([run, purpose, *numbers])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 1

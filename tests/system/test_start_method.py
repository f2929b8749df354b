from __future__ import annotations

import platform

from gridpress.system.start_method import START_METHOD


def test_a_process_starts_as_its_system_bears_it():
    assert {"Darwin": "spawn"}.get(platform.system(), "forkserver") == START_METHOD

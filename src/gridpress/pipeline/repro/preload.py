"""What a worker needs, imported by the process that all of them are forked from.

Hardly anything of that is garbage: Python looks for some only after the imports, and never in what they made,
so that the workers go on sharing its memory (documentation of `gc.freeze`).
"""

import gc
from contextlib import suppress
from importlib import import_module

gc.disable()

from gridpress.pipeline.repro.worker import versions  # noqa: E402

versions()  # of the code as it is imported, not of what lies there when a worker is asked for it

import distributed.nanny  # noqa: E402, F401

from gridpress.families.registry import FAMILIES  # noqa: E402
from gridpress.networks.names import OWN  # noqa: E402

for family in FAMILIES:
    family.compute()
for name in OWN:  # what is wrong with a file is said when a study names its network
    with suppress(Exception):
        import_module(f"gridpress.networks.own.{name}")

gc.freeze()
gc.enable()

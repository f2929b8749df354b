"""What each file under `metrics/` holds; written whole or not at all, checked when read.

A result record holds nothing that varies between two runs of the same stage. Seconds, machine and
versions are in the timing record of the same key.
"""

"""The adapter to DVC: all that Gridpress knows of DVC's private names, formats and functions.

Only `status` and `recording` import DVC, which takes longer than most of what the others are for.
"""

"""Errors that a person can act on; `cli` prints them without a traceback."""


class GridpressError(Exception):
    """Something failed: exit code 1."""

    exit_code = 1


class InputError(GridpressError):
    """What the user gave us is wrong (parameters, files, arguments): exit code 2."""

    exit_code = 2

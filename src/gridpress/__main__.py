"""`python -m gridpress`."""

from gridpress.cli.launch import command_line

command_line()

"""`python -m gridpress`."""

from gridpress.launch import command_line

command_line()

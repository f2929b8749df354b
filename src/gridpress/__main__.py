"""`python -m gridpress`."""

from gridpress.cli import main

main()

"""The `gridpress` command."""

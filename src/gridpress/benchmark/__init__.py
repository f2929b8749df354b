"""What networks and SVMs cost on a machine."""

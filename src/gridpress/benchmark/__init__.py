"""What networks and support vector machines cost on a machine."""

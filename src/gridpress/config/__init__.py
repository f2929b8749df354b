"""params.yaml and its profiles as validated objects."""

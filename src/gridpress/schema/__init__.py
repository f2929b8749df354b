"""What values in a YAML file of the user's may be, and how such a file is read."""

"""What was run: data, methods, parameters, machines."""

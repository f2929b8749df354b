"""What `metrics/hardware/NAME.json` holds. Times are in seconds, memory in bytes, rates per second."""

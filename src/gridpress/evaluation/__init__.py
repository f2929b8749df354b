"""How good the answers of a classifier are. Everything here decides what every run records."""

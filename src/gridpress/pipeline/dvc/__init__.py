"""The adapter to DVC: its commands and its Python interface."""

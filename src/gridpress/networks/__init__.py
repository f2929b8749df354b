"""Networks by name: one file for all of torchvision's, one for each of our own.

A run depends on its own file alone.
"""

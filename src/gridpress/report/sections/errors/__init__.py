"""Errors of the selected classifiers: by class, and shared with others."""

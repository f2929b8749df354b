"""Reproducible reports of image-classification studies, with DVC and Quarto."""

__version__ = "0.1.0"

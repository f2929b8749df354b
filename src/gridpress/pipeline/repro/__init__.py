"""Bring a study up to date: stages side by side, here or on a Dask cluster.

DVC judges and keeps the record.
"""

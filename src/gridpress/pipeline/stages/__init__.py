"""The stages of dvc.yaml, one module each: read parameters and data, compute, write the records."""

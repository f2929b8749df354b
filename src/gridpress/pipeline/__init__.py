"""The stages of dvc.yaml, and bringing a study up to date."""

"""What the YAML files of a study say, as validated objects: params.yaml, and the declarations of its datasets."""

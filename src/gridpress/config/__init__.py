"""What a study's YAML files say, as validated objects: params.yaml and the declarations of datasets."""

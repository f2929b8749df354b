"""What a dataset is: one declaration each, `data/datasets/NAME.yaml`. No result depends on it."""

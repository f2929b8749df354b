"""Whether a study is set up well, and whether its results are what the code computes from the data."""

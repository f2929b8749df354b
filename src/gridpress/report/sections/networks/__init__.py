"""The training grid: accuracies, curves, effects of settings, noise, overfitting."""

"""Other classifiers of scikit-learn."""

"""Classical classifiers. Everything here decides every result of the stage `svm`."""

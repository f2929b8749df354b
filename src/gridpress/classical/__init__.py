"""Classical classifiers. Everything here decides every result of the stage `svm`; dvc.yaml names the folder."""

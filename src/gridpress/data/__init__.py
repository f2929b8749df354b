"""Pixels and labels of a dataset, and which of them are used.

Everything here decides every result of the stages `train` and `svm`.
"""

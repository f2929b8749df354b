"""Classifiers of scikit-learn: support vector machines, and others.

Everything here decides the results of the stages `svm` and `baseline`, but for `svc.py` of the latter and
`baselines.py` of the former.
"""

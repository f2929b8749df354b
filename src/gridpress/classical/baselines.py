"""Other classifiers of scikit-learn, by name.

Sources: logistic regression: Cox, "The regression analysis of binary sequences", 1958; linear SVM: Fan et
al., "LIBLINEAR: A library for large linear classification", JMLR 9, 2008; k nearest neighbours: Cover and
Hart, "Nearest neighbor pattern classification", 1967; random forest: Breiman, "Random forests", 2001;
gradient boosting over histograms: Ke et al., "LightGBM", NeurIPS 2017.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC
from sklearn.utils.validation import check_is_fitted

from gridpress.classical.features import Array
from gridpress.classical.temperature import one_vs_rest
from gridpress.config.baselines import Baseline
from gridpress.errors import InputError
from gridpress.seeding import seed_of

CLASSES: Mapping[str, Callable[..., BaseEstimator]] = {
    "logistic_regression": LogisticRegression,
    "linear_svm": LinearSVC,
    "k_nearest_neighbours": KNeighborsClassifier,
    "random_forest": RandomForestClassifier,
    "histogram_gradient_boosting": HistGradientBoostingClassifier,
}
BLOCK = 2000  # rows that are predicted at once


def seed_for(key: str, seed: int) -> int:
    """Of the random draws of a run: by its configuration, which its key names, and the seed of the study."""
    return seed_of(f"{key}-{seed}", "estimator")


def estimator(config: Baseline, seed: int) -> BaseEstimator:
    """scikit-learn's estimator, unfitted.

    Args:
        config: which one, and its parameters.
        seed: of its random draws, where it has any.
    """
    made = CLASSES[config.estimator](**config.parameters)
    return made.set_params(random_state=seed % 2**32) if "random_state" in made.get_params() else made


def objection(config: Baseline) -> str | None:
    """What scikit-learn has against the parameters; None where they are right."""
    try:
        estimator(config, seed=0)._validate_params()  # noqa: SLF001  # what its `fit` begins with
    except ValueError as error:
        return str(error)
    return None


@dataclass(frozen=True)
class FittedBaseline:
    """A fitted estimator, and whether its solver came to an end."""

    estimator: Any
    converged: bool

    @property
    def classes(self) -> Array:
        return np.asarray(self.estimator.classes_)

    @property
    def gives_probabilities(self) -> bool:
        return hasattr(self.estimator, "predict_proba")

    def predict(self, features: Array) -> Array:
        """Labels [N] of float64 [N, D], in blocks of bounded memory."""
        return self._blocks(self.estimator.predict, features)

    def values(self, features: Array) -> Array:
        """Probabilities or decision values of each class, float64 [N, K]; the latter of two classes [N]."""
        estimator = self.estimator
        return self._blocks(
            estimator.predict_proba if self.gives_probabilities else estimator.decision_function, features
        )

    def probabilities(self, values: Array, temperature: float) -> Array:
        """Of the classes, float64 [N, K], from what `values` gives."""
        return values if self.gives_probabilities else one_vs_rest(values, temperature)

    @property
    def stored(self) -> int:
        """The numbers that it keeps: coefficients, training images, or the nodes of trees with three each.

        A node keeps its feature, its threshold and its children or, where it is a leaf, what it answers.
        """
        check_is_fitted(self.estimator)
        match self.estimator:
            case KNeighborsClassifier():
                return int(self.estimator._fit_X.size)  # noqa: SLF001  # scikit-learn has no other name
            case RandomForestClassifier():
                return sum(3 * tree.tree_.node_count for tree in self.estimator.estimators_)
            case HistGradientBoostingClassifier():
                iterations = self.estimator._predictors  # noqa: SLF001  # the same
                return sum(3 * len(tree.nodes) for trees in iterations for tree in trees)
            case linear:
                return int(linear.coef_.size + np.size(linear.intercept_))

    def _blocks(self, function: Callable[[Array], Array], features: Array) -> Array:
        starts = range(0, len(features), BLOCK)
        return np.concatenate([function(features[start : start + BLOCK]) for start in starts])


def fit_baseline(config: Baseline, seed: int, features: Array, labels: Array) -> FittedBaseline:
    """Fit on float64 [N, D] and labels [N]; whether the solver stopped early is recorded, not warned of.

    Raises:
        InputError: scikit-learn does not take such parameters together, or with these images.
    """
    made = estimator(config, seed)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            made.fit(features, labels)
        except ValueError as error:  # parameters that do not go together, or with these images
            raise InputError(f"scikit-learn's {config.estimator}: {error}") from None
    for other in (found for found in caught if not issubclass(found.category, ConvergenceWarning)):
        warnings.warn_explicit(other.message, other.category, other.filename, other.lineno)
    return FittedBaseline(
        made, converged=not any(issubclass(found.category, ConvergenceWarning) for found in caught)
    )

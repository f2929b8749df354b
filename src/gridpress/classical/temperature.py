"""Probabilities of a classifier that gives decision values alone, by a temperature that divides these.

Guo et al., "On calibration of modern neural networks", ICML 2017, section 4.2, who scale logits; it changes
no answer. The temperature is that of the least log loss on the validation images: one number for all images,
so that it hardly flatters their log loss.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
from scipy.optimize import minimize_scalar

from gridpress.classical.features import Array
from gridpress.evaluation.evaluate import softmax
from gridpress.evaluation.scores import log_loss

BOUNDS = 1e-3, 1e3


def fitted_temperature(probabilities: Callable[[float], Array], truth: Array) -> float:
    """The temperature of the least log loss.

    Args:
        probabilities: of the classes at a temperature, float64 [N, K].
        truth: labels, integers [N].
    """

    def loss(logarithm: float) -> float:
        return log_loss(truth, probabilities(math.exp(logarithm)))

    bounds = tuple(map(math.log, BOUNDS))
    return math.exp(float(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def one_vs_rest(decisions: Array, temperature: float) -> Array:
    """Probabilities [N, K] from a decision value of each class against the rest.

    Args:
        decisions: float64 [N, K]; of two classes those of the second alone, [N], as scikit-learn gives them.
        temperature: that they are divided by.
    """
    of_each = decisions if decisions.ndim == 2 else np.stack([-decisions, decisions], axis=1) / 2
    return softmax(of_each / temperature)


def one_vs_one(decisions: Array, classes: int, temperature: float) -> Array:
    """Probabilities [N, K] from a decision value of each pair of classes.

    A logistic function makes them probabilities of pairs, which are combined as by Price et al., "Pairwise
    neural network classifiers with probabilistic outputs", NIPS 1994.

    Args:
        decisions: float64 [N, K (K - 1) / 2], above 0 for the first class of a pair; of two classes [N],
            above 0 for the second one: as scikit-learn gives them.
        classes: K.
        temperature: that they are divided by.
    """
    columns = -decisions[:, None] if decisions.ndim == 1 else decisions
    # one over the probability of a class is 1 plus the sum of exp(-decision) over the others, in logarithms
    logarithms = np.zeros((len(columns), classes))
    for column, (first, second) in enumerate(combinations(range(classes), 2)):
        scaled = columns[:, column] / temperature
        logarithms[:, first] = np.logaddexp(logarithms[:, first], -scaled)
        logarithms[:, second] = np.logaddexp(logarithms[:, second], scaled)
    return softmax(-logarithms)

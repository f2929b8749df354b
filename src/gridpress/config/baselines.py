"""The block `baseline`: other classifiers of scikit-learn, which show what a simpler model gives."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from gridpress.config.block import Block
from gridpress.config.values import Name, Scaling, Seed
from gridpress.messages import nearest

Estimator = Literal[
    "logistic_regression",
    "linear_svm",
    "k_nearest_neighbours",
    "random_forest",
    "histogram_gradient_boosting",
]
ESTIMATORS: tuple[str, ...] = get_args(Estimator)

# Those of scikit-learn's estimators that a file can say and a study may set; importing scikit-learn takes
# seconds, so this is a list of our own, which a test holds against it.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "logistic_regression": (
        "C",
        "class_weight",
        "dual",
        "fit_intercept",
        "intercept_scaling",
        "l1_ratio",
        "max_iter",
        "solver",
        "tol",
    ),
    "linear_svm": (
        "C",
        "class_weight",
        "dual",
        "fit_intercept",
        "intercept_scaling",
        "loss",
        "max_iter",
        "multi_class",
        "penalty",
        "tol",
    ),
    "k_nearest_neighbours": (
        "algorithm",
        "leaf_size",
        "metric",
        "n_neighbors",
        "p",
        "weights",
    ),
    "random_forest": (
        "bootstrap",
        "ccp_alpha",
        "class_weight",
        "criterion",
        "max_depth",
        "max_features",
        "max_leaf_nodes",
        "max_samples",
        "min_impurity_decrease",
        "min_samples_leaf",
        "min_samples_split",
        "min_weight_fraction_leaf",
        "n_estimators",
    ),
    "histogram_gradient_boosting": (
        "class_weight",
        "early_stopping",
        "interaction_cst",
        "l2_regularization",
        "learning_rate",
        "max_bins",
        "max_depth",
        "max_features",
        "max_iter",
        "max_leaf_nodes",
        "min_samples_leaf",
        "n_iter_no_change",
        "scoring",
        "tol",
        "validation_fraction",
    ),
}

Value = StrictBool | StrictInt | StrictFloat | StrictStr | None


class Baseline(Block):
    """One classifier: the estimator, how features are scaled, and the estimator's parameters."""

    estimator: Estimator
    scaling: Scaling
    parameters: dict[str, Value]

    @model_validator(mode="after")
    def _has_such_parameters(self) -> Baseline:
        allowed = PARAMETERS[self.estimator]
        for name in self.parameters:
            if name not in allowed:
                raise ValueError(
                    f"parameters holds {name!r}, which {self.estimator} does not take here; allowed: "
                    f"{', '.join(sorted(allowed))}.{nearest(name, allowed)}"
                )
        return self


class Baselines(Block):
    """The seed of all of them, and the configurations by name."""

    seed: Seed
    configs: Annotated[dict[Name, Baseline], Field(min_length=1)]

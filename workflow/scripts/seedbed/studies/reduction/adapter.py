"""The adapter of the reduction study: features and responses in, the estimated predictor out."""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit
from seedbed.reduction.variable_importance import MOST_FEATURES, permutation_importance


def prepare(estimator_class: type) -> None:
    """Load and compile what fits need, once for all replicates of a job, by fitting a class of ours to a few rows.

    Much of torch is loaded when it is first used, for a second of CPU time in every process.
    """
    if estimator_class.__module__ != "seedbed.reduction":
        return
    known = inspect.signature(estimator_class).parameters
    if "metric" in known:
        rng = np.random.default_rng(0)
        short = {name: value for name, value in {"n_epochs": 1, "n_restarts": 1}.items() if name in known}
        estimator_class(**short).fit(rng.normal(size=(20, 2)), rng.normal(size=20))


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Run a method on one replicate.

    Parameters
    ----------
    estimator_class : type
        ``fit(X, y)`` and ``transform(X)``. A class that takes ``metric`` gets responses of any space; another gets
        numbers only.
    params : mapping
        The method's own parameters. What is not set here and the class takes is added: ``n_components``, ``metric``,
        ``random_state``, ``image_shape``.
    data : mapping
        Arrays of one replicate; see :mod:`seedbed.studies.reduction.data.replicate`.
    seed : int
        Passed as ``random_state``.

    Returns
    -------
    dict of ndarray
        ``predictor`` and ``predictor_test``, the components of the training and the test rows; ``directions`` (d, p)
        of linear methods; ``importance`` (p,) of named features; ``seconds``, the CPU time of fitting alone.

    Raises
    ------
    SkipFit
        If the method does not take such responses, or needs images, or the truth, that these data do not have.
    ValueError
        If the components are not finite numbers, one row per row of X.
    """
    known = inspect.signature(estimator_class).parameters
    metric, y = str(data["metric"]), data["y"]
    _refuse_objects(estimator_class, "metric" in known, metric, y)
    if params.get("architecture") == "resnet" and "image_shape" not in data:
        raise SkipFit("needs images, which these rows are not")
    given = {"n_components": int(data["n_components"]), "metric": metric, "random_state": int(seed)}
    if params.get("architecture") == "resnet":
        given["image_shape"] = tuple(int(size) for size in data["image_shape"])
    if "known_Z" in known:
        given |= _truth(data)
    estimator = estimator_class(**{name: value for name, value in given.items() if name in known} | dict(params))
    start = time.process_time()
    estimator.fit(data["X"], y)
    seconds = time.process_time() - start
    result = {
        "predictor": _checked(estimator.transform(data["X"]), len(data["X"])),
        "predictor_test": _checked(estimator.transform(data["X_test"]), len(data["X_test"])),
        "seconds": np.array(seconds),
    }
    if hasattr(estimator, "components_"):
        result["directions"] = np.asarray(estimator.components_, float)
    if "feature_names" in data and data["X"].shape[1] <= MOST_FEATURES:
        result["importance"] = permutation_importance(estimator.transform, data["X_test"], seed)
    return result


def _refuse_objects(estimator_class: type, takes_metric: bool, metric: str, y: np.ndarray) -> None:
    name, needs_numbers = estimator_class.__name__, getattr(estimator_class, "needs_numbers", False)
    takes_objects = (takes_metric and not needs_numbers) or getattr(estimator_class, "ignores_responses", False)
    if metric != "euclidean" and not takes_objects:
        raise SkipFit(f"{name} takes numbers as responses, not objects with the metric '{metric}'")
    if needs_numbers and y.ndim > 1 and y.shape[1] > 1:
        raise SkipFit(f"{name} takes single numbers as responses")


def _truth(data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    if "Z" not in data:
        raise SkipFit("the true predictor is not known")
    rows = {"known_X": ("X", "X_test"), "known_Z": ("Z", "Z_test")}
    return {name: np.concatenate([data[part] for part in parts]) for name, parts in rows.items()}


def _checked(values: Any, n: int) -> np.ndarray:
    values = np.asarray(values, float)
    values = values.reshape(len(values), -1) if values.ndim == 1 else values
    if values.ndim != 2 or len(values) != n or not np.isfinite(values).all():
        raise ValueError(f"transform must return finite numbers, one row per row of X ({n}); got shape {values.shape}")
    return values

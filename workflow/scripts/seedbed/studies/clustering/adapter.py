"""Fits one clustering method to one data set, whatever class it is."""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit

_TRUTH = ("means", "covariances", "weights")
_OPTIONAL_RESULTS = ("objective", "upper_bound", "gap", "n_iter", "objective_path", "converged")


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Construct ``estimator_class``, fit it to ``data["X"]``, and return its labels.

    Parameters
    ----------
    estimator_class : type
        Any class with ``fit_predict(X)``, or with ``fit(X)`` and ``labels_`` or ``predict(X)``.
    params : mapping
        The method's own parameters. What is not set here and the class takes is added: the number of
        clusters as ``n_clusters`` or ``n_components``, ``seed`` as ``random_state``, and, for our own
        classes that are built on the truth, ``means``, ``covariances`` and ``weights``.
    data : mapping
        Arrays of one replicate. Methods are never given ``data["labels"]``.
    seed : int
        The method's own random stream.

    Returns
    -------
    dict of ndarray
        ``labels`` (n,), and where the estimator has them ``objective``, ``upper_bound``, ``gap``,
        ``n_iter``, ``objective_path``, ``converged``. Of data with ``X_reference``, rows without clusters, also
        ``labels_reference``, what the same method makes of these, and ``seconds``, the CPU time of the first fit.

    Raises
    ------
    SkipFit
        If the class needs a parameter of the truth that these data do not have.
    TypeError, ValueError
        If the labels are not one whole number per row.
    """
    points, start = data["X"], time.process_time()
    estimator = estimator_class(**_complete(estimator_class, params, data, seed))
    labels = _checked_labels(_fit_predict(estimator, points), len(points))
    result = {"labels": labels, **_optional_results(estimator)}
    if "X_reference" not in data:
        return result
    seconds = np.array(time.process_time() - start)
    return {**result, "seconds": seconds, **_of_reference(estimator_class, params, data, seed)}


def _of_reference(
    cls: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """The labels of rows without clusters; none if the method does not bear them."""
    rows = data["X_reference"]
    try:
        labels = _checked_labels(_fit_predict(cls(**_complete(cls, params, data, seed)), rows), len(rows))
    except Exception as error:  # what it makes of the data themselves stands
        print(f"no labels of the reference without clusters: {type(error).__name__}: {error}")
        return {}
    return {"labels_reference": labels}


def _complete(cls: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int) -> dict[str, Any]:
    known = inspect.signature(cls).parameters
    added: dict[str, Any] = {"random_state": int(seed)}
    # A class that takes both (spectral embedding in n_components dimensions) means clusters by the first.
    added["n_clusters" if "n_clusters" in known else "n_components"] = int(data["n_clusters"])
    wanted = [name for name in _TRUTH if name in known and name not in params and _asks_truth(cls, known[name])]
    unknown = [name for name in wanted if name not in data]
    if unknown:
        raise SkipFit(f"needs the true {', '.join(unknown)}, which are unknown for these data")
    added |= {name: data[name] for name in wanted}
    return {name: value for name, value in added.items() if name in known} | dict(params)


def _asks_truth(cls: type, parameter: inspect.Parameter) -> bool:
    """Only a class of ours: elsewhere ``weights=None`` means something else, and the truth would leak."""
    return cls.__module__.startswith("seedbed.") and parameter.default in (None, inspect.Parameter.empty)


def _fit_predict(estimator: Any, points: np.ndarray) -> Any:
    if hasattr(estimator, "fit_predict"):
        return estimator.fit_predict(points)
    fitted = estimator.fit(points)
    estimator = estimator if fitted is None else fitted
    return estimator.labels_ if hasattr(estimator, "labels_") else estimator.predict(points)


def _checked_labels(labels: Any, n_points: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.shape != (n_points,):
        raise ValueError(f"returned labels of shape {labels.shape}, expected ({n_points},): one per row of X")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"returned labels of type {labels.dtype}, expected whole numbers")
    return labels.astype(np.int64)


def _optional_results(estimator: Any) -> dict[str, np.ndarray]:
    results = {}
    for name in _OPTIONAL_RESULTS:
        value = np.asarray(getattr(estimator, f"{name}_", None))
        if value.dtype.kind in "biuf":  # not None, and nothing that only pickle could store
            results[name] = value
    return results

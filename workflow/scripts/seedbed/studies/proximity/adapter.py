"""The adapter of the proximity study: an adjacency matrix in, labels of its nodes out."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit

_RESULTS = ("path", "path_labels", "atlas_labels", "distance_ranks", "failures", "children", "criterion_values")
_TRUTH = {"known_labels": "labels", "known_probabilities": "probabilities", "known_popularity": "popularity"}


def prepare(estimator_class: type) -> None:
    """Load what the fits of a class import when they are first used, once for all replicates of a job."""
    if estimator_class.__module__.endswith(".communities"):
        import networkx  # noqa: F401
    if estimator_class.__module__ == "seedbed.proximity":
        import seedbed.proximity.partitions.refinement_loops  # noqa: F401


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Run a method on one graph.

    Parameters
    ----------
    estimator_class : type
        Any class with ``fit_predict(X)``, or with ``fit(X)`` and ``labels_``; X is the adjacency matrix (n, n).
    params : mapping
        The method's own parameters. What is not set here and the class takes is added: ``n_clusters`` (or
        ``n_components``) and ``random_state``; and the truth to the oracle alone, which asks for ``known_labels``.
    data : mapping
        Arrays of one replicate; see :mod:`seedbed.studies.proximity.data.replicate`.
    seed : int
        Passed as ``random_state``.

    Returns
    -------
    dict of ndarray
        ``labels`` (n,), and what the class has of ``path`` (values of the parameter), ``path_labels`` (values, n),
        ``atlas_labels``, ``distance_ranks`` (condensed), ``failures``, ``children``; of graphs with a cutpoint
        ``distances`` (n, n).

    Raises
    ------
    SkipFit
        If the class needs a truth that these data do not have.
    TypeError, ValueError
        If the labels are not one whole number per node.
    """
    known = inspect.signature(estimator_class).parameters
    given: dict[str, Any] = {"random_state": int(seed)}
    given["n_clusters" if "n_clusters" in known else "n_components"] = int(data["n_clusters"])
    if "known_labels" in known:
        if "labels" not in data:
            raise SkipFit("the classes are not known")
        given |= {name: data[source] for name, source in _TRUTH.items() if source in data}
    estimator = estimator_class(**{name: value for name, value in given.items() if name in known} | dict(params))
    X = np.asarray(data["X"], float)
    labels = _checked(_labels(estimator, X), len(X))
    result = {"labels": labels}
    for name in _RESULTS:
        value = np.asarray(getattr(estimator, f"{name}_", None))
        if value.dtype.kind in "biuf":  # not None, and nothing that only pickle could store
            result[name] = value
    if "cutpoint" in data and hasattr(estimator, "distance_ranks_"):
        result["distances"] = np.asarray(estimator.distances_)
    return result


def _labels(estimator: Any, X: np.ndarray) -> Any:
    if hasattr(estimator, "fit_predict"):
        return estimator.fit_predict(X)
    fitted = estimator.fit(X)
    return (estimator if fitted is None else fitted).labels_


def _checked(labels: Any, n_nodes: int) -> np.ndarray:
    labels = np.asarray(labels)
    if labels.shape != (n_nodes,):
        raise ValueError(f"returned labels of shape {labels.shape}, expected ({n_nodes},): one per node")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"returned labels of type {labels.dtype}, expected whole numbers")
    return labels.astype(np.int64)

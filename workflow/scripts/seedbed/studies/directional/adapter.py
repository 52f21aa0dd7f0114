"""The adapter of the directional study: one entry for its three tasks.

Points of the (v, x) plane are evaluated ("bessel"), vectors are fitted by one law ("concentration") or put
into clusters ("clusters").
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit

# points are repeated to this number for the clock, so that the overhead of a call does not count
TIMED_POINTS = 20000
# what takes longer than this is timed as it is
LONG_SECONDS = 1e-3


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Run a method on one replicate.

    Parameters
    ----------
    estimator_class : type
        For points of the plane: ``evaluate(function, v, x)`` and a tuple ``functions``. For one law:
        ``fit(X)`` and ``mean_direction_``, ``concentration_``. For clusters: ``fit(X)`` and ``labels_`` or
        ``predict(X)``; ``n_clusters`` or ``n_components`` is passed.
    params : mapping
        The method's own parameters.
    data : mapping
        Arrays of one replicate.
    seed : int
        Passed as ``random_state`` to classes that take one.

    Returns
    -------
    dict of ndarray
        ``value``; or ``mean_direction`` and ``concentration``; or ``labels`` and, for laws on the sphere,
        ``log_density`` of ``X_test``, and ``labels_reference`` of data with ``X_reference``. ``seconds`` is the CPU
        time of one run.

    Raises
    ------
    SkipFit
        If the method does not compute the function that the scenario is about; or if a class of a user's
        own, for which the config names no task, is not made for these data.
    """
    known = inspect.signature(estimator_class).parameters
    clusters = [name for name in ("n_clusters", "n_components") if name in known]
    needed = "bessel" if "v" in data else "clusters" if "n_clusters" in data else "concentration"
    able = "bessel" if hasattr(estimator_class, "evaluate") else "clusters" if clusters else "concentration"
    if needed != able:
        raise SkipFit(f"{estimator_class.__name__} is made for the task '{able}', not for '{needed}'")
    if able == "bessel":
        return _evaluate(estimator_class(**params), data)
    added = {"random_state": int(seed)} if "random_state" in known else {}
    if able == "concentration":
        return _fit_law(estimator_class(**added, **params), data)
    given = {clusters[0]: int(data["n_clusters"]), **added, **params}
    return _cluster(estimator_class(**given), data) | _of_reference(estimator_class, given, data)


def _of_reference(cls: type, given: dict[str, Any], data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The labels of rows without clusters, where there are such; none if the method does not bear them."""
    if "X_reference" not in data:
        return {}
    try:
        labels = _cluster(cls(**given), {"X": data["X_reference"], "X_test": data["X_reference"][:1]})["labels"]
    except Exception as error:  # what it makes of the data themselves stands
        print(f"no labels of the reference without clusters: {type(error).__name__}: {error}")
        return {}
    return {"labels_reference": labels}


def _evaluate(evaluator: Any, data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The values, and the time of evaluating them once: a quick one is repeated on many copies of the points."""
    function, v, x = str(data["function"]), data["v"], data["x"]
    if function not in evaluator.functions:
        raise SkipFit(f"does not compute '{function}'")
    value, seconds = _timed(evaluator, function, v, x)
    times = TIMED_POINTS // v.size
    # a quick evaluator may have spent its first call on loading something
    if seconds > LONG_SECONDS and evaluator.vectorised:
        seconds = _timed(evaluator, function, v, x)[1]
    if seconds < LONG_SECONDS and times > 1:
        many = np.tile(v, times), np.tile(x, times)
        seconds = min(_timed(evaluator, function, *many)[1] for _ in range(3)) / times
    return {"value": np.asarray(value), "seconds": np.array(seconds)}


def _timed(evaluator: Any, function: str, v: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, float]:
    start = time.process_time()
    value = evaluator.evaluate(function, v, x)
    return value, time.process_time() - start


def _fit_law(law: Any, data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    start = time.process_time()
    law.fit(data["X"])
    seconds = time.process_time() - start
    return {
        "mean_direction": np.asarray(law.mean_direction_),
        "concentration": np.array(float(law.concentration_)),
        "seconds": np.array(seconds),
    }


def _cluster(model: Any, data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    start = time.process_time()
    model.fit(data["X"])
    seconds = time.process_time() - start
    labels = model.labels_ if hasattr(model, "labels_") else model.predict(data["X"])
    result = {"labels": np.asarray(labels, np.int64), "seconds": np.array(seconds)}
    # only laws on the sphere have densities that can be compared with one another
    if hasattr(model, "mean_directions_"):
        result["log_density"] = model.score_samples(data["X_test"])
    return result

"""The adapter of the directional study: one entry for its three kinds of data.

Points of the (v, x) plane are evaluated, vectors from one law are fitted, vectors from several are
clustered. A method is used where it fits, and left out elsewhere with a reason.
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


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Run a method on one replicate.

    Parameters
    ----------
    estimator_class : type
        For points of the plane: ``evaluate(function, v, x)`` and a tuple ``functions``. For a sample of
        one law: ``fit(X)`` and ``mean_direction_``, ``concentration_``. For a mixture or features:
        ``fit(X)`` and ``labels_`` or ``predict(X)``; ``n_clusters`` or ``n_components`` is passed.
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
        ``log_density`` of ``X_test``. ``seconds`` is the time of one run.

    Raises
    ------
    SkipFit
        If the method is not for this kind of data.
    """
    evaluates = hasattr(estimator_class, "evaluate")
    if "v" in data:
        if not evaluates:
            raise SkipFit("fits vectors; these data are points of the (v, x) plane")
        return _evaluate(estimator_class(**params), data)
    if evaluates:
        raise SkipFit("evaluates Bessel functions; these data are vectors")
    known = inspect.signature(estimator_class).parameters
    clusters = [name for name in ("n_clusters", "n_components") if name in known]
    added = {"random_state": int(seed)} if "random_state" in known else {}
    if "n_clusters" in data:
        if not clusters:
            raise SkipFit("fits one law; these data have several clusters")
        added[clusters[0]] = int(data["n_clusters"])
        return _cluster(estimator_class(**added, **params), data)
    if clusters:
        raise SkipFit("finds clusters; these data come from one law")
    return _fit_law(estimator_class(**added, **params), data)


def _evaluate(evaluator: Any, data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    function, v, x = str(data["function"]), data["v"], data["x"]
    if function not in evaluator.functions:
        raise SkipFit(f"does not compute '{function}'")
    if not evaluator.vectorised:
        start = time.process_time()
        value = evaluator.evaluate(function, v, x)
        return {"value": value, "seconds": np.array(time.process_time() - start)}
    value = np.asarray(evaluator.evaluate(function, v, x))
    times = max(1, TIMED_POINTS // v.size)
    many_v, many_x = np.tile(v, times), np.tile(x, times)
    evaluator.evaluate(function, many_v, many_x)
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        evaluator.evaluate(function, many_v, many_x)
        seconds.append(time.perf_counter() - start)
    return {"value": value, "seconds": np.array(min(seconds) / times)}


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

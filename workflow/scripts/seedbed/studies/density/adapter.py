"""The adapter of the density study: densities of fresh rows, or one kernel sum over many data sets."""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit
from seedbed.studies.density.data.direct import direct_log_density

CHECKED, CARRIERS = 50, 3  # rows whose sum is formed directly; points named for each of the first rows


def prepare(estimator_class: type) -> None:
    """Load what is compiled once for all replicates of a job."""
    if estimator_class.__module__ == "seedbed.density":
        rng = np.random.default_rng(0)
        estimator_class().fit(rng.normal(size=(20, 2))).score_samples(rng.normal(size=(2, 2)))


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Run a method on one replicate.

    Parameters
    ----------
    estimator_class : type
        ``fit(X)`` and ``score_samples(X)``, log densities. One that has ``kernel_estimate_`` after its fit, or is a
        kernel estimate of ours, is scored by the exact sums of that, and its own numbers are compared with them. For
        the task "law": ``evaluate(data)``.
    params : mapping
        The method's own parameters. What is not set here and the class takes is added: ``random_state``; for those
        that are given the truth ``known_rows`` and ``known_log_density``.
    data : mapping
        Arrays of one replicate; see :mod:`seedbed.studies.density.data.replicate`.
    seed : int
        Passed as ``random_state``.

    Returns
    -------
    dict of ndarray
        ``log_density`` (m,) of the fresh rows and ``seconds``. Of kernel estimates ``participation`` (m,),
        ``tail_index`` (m,), ``bandwidth``, ``own_log_density`` (m,), ``direct_log_density`` of the first rows, and
        ``carriers`` and ``shares``, the points that carry these most. Or ``log_sums`` and ``participation`` (n_sets,).

    Raises
    ------
    SkipFit
        If the method is for the other task, or needs a truth that is not known.
    ValueError
        If log densities are not one number per row.
    """
    known = inspect.signature(estimator_class).parameters
    is_law = "data_seed" in data
    if is_law != hasattr(estimator_class, "evaluate"):
        raise SkipFit(f"{estimator_class.__name__} is made for the task '{'density' if is_law else 'law'}'")
    if is_law:
        start = time.process_time()
        found = estimator_class(**params).evaluate(data)
        return {**found, "seconds": np.array(time.process_time() - start)}
    given = {"random_state": int(seed), **_truth(known, data)}
    estimator = estimator_class(**{name: value for name, value in given.items() if name in known} | dict(params))
    start = time.process_time()
    estimator.fit(data["X"])
    seconds = time.process_time() - start
    own = _checked(estimator.score_samples(data["X_test"]), len(data["X_test"]))
    result = {"log_density": own, "seconds": np.array(seconds)}
    kernel_estimate = getattr(estimator, "kernel_estimate_", estimator)
    return result | (_of_kernel_estimate(kernel_estimate, estimator, data, own) if _is_ours(kernel_estimate) else {})


def _is_ours(estimator: Any) -> bool:
    return type(estimator).__module__ == "seedbed.density" and hasattr(estimator, "diagnose")


def _truth(known: Mapping[str, Any], data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    found = {"known_rows": data["X_test"]}
    if "known_log_density" in known and "log_density_test" not in data:
        raise SkipFit("the true density is not known")
    return found | ({"known_log_density": data["log_density_test"]} if "log_density_test" in data else {})


def _of_kernel_estimate(model: Any, estimator: Any, data: Mapping[str, np.ndarray], own: np.ndarray) -> dict:
    found = model.diagnose(data["X_test"])
    first = data["X_test"][:CHECKED]
    carriers, shares = model.contributions(first, min(CARRIERS, len(data["X"])))
    result = {
        "log_density": np.array(found.log_density),
        "own_log_density": own,
        "participation": 1.0 / np.array(found.effective_points),
        "tail_index": np.array(found.tail_index),
        "bandwidth": np.array(float(estimator.bandwidth_)),
        "shape": np.array(str(estimator.covariance) if isinstance(getattr(estimator, "covariance", None), str) else ""),
        "carriers": carriers,
        "shares": shares,
    }
    if hasattr(estimator, "best_bandwidth_"):
        result["best_bandwidth"] = np.array(float(estimator.best_bandwidth_))
    direct = direct_log_density(model, first)
    return result | ({} if direct is None else {"direct_log_density": direct})


def _checked(values: Any, n: int) -> np.ndarray:
    values = np.asarray(values, float)
    if values.shape != (n,) or np.isnan(values).any():
        raise ValueError(f"score_samples must return one log density per row ({n}), no NaN; got shape {values.shape}")
    return values

"""The adapter of the wide_networks study: what is measured on a replicate, or an estimator fitted to its rows."""

from __future__ import annotations

import inspect
import time
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit

Arrays = Mapping[str, np.ndarray]


def fit(estimator_class: type, params: Mapping[str, Any], data: Arrays, seed: int) -> dict[str, np.ndarray]:
    """Run a method on one replicate.

    Parameters
    ----------
    estimator_class : type
        In tasks whose data have ``X_test``: ``fit(X, y)`` and ``predict(X)``, and ``inner(X)`` if it finds the inner
        function of a composed one. In all others ``measure(data)``, which returns a dict of arrays, and ``task``, the
        task that it is made for.
    params : mapping
        The method's own parameters. Added, where the class takes them and they are not set here: ``random_state``, and
        for what is given the truth every parameter called ``known_...``, the array of the data of that name.
    data : mapping
        Arrays of one replicate; ``task`` says of which.
    seed : int
        Passed as ``random_state``.

    Returns
    -------
    dict of ndarray
        What was measured, or ``predictions`` (m,) or (m, k) at ``X_test``, ``inner`` where there is one; and
        ``seconds``, CPU time.

    Raises
    ------
    SkipFit
        If the class is made for another task, or for a truth that is not known.
    ValueError
        If predictions are not one per row, or not finite.
    """
    asked, able = str(data["task"]), getattr(estimator_class, "task", "")
    is_regression = "X_test" in data and "y" in data
    if (able and able != asked) or not hasattr(estimator_class, "fit" if is_regression else "measure"):
        raise SkipFit(f"{estimator_class.__name__} is made for the task '{able or 'tables'}', not for '{asked}'")
    known = inspect.signature(estimator_class).parameters
    given = {"random_state": int(seed)} if "random_state" in known else {}
    given |= _truth([name for name in known if name.startswith("known_")], data)
    method = estimator_class(**(given | dict(params)))
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of runs that diverge: their loss is infinite
        kept = _predicted(method, data) if is_regression else dict(method.measure(data))
    return kept | {"seconds": np.array(time.process_time() - start)}


def _truth(names: list[str], data: Arrays) -> dict[str, np.ndarray]:
    wanted = {name: name.removeprefix("known_") for name in names}
    if missing := [key for key in wanted.values() if key not in data]:
        raise SkipFit(f"{' and '.join(missing)} is not known of these data")
    return {name: data[key] for name, key in wanted.items()}


def _predicted(method: Any, data: Arrays) -> dict[str, np.ndarray]:
    method.fit(data["X"], data["y"])
    predictions = np.asarray(method.predict(data["X_test"]))
    n = len(data["X_test"])
    if len(predictions) != n or (predictions.dtype.kind == "f" and not np.isfinite(predictions).all()):
        raise ValueError(f"predict must return one finite answer per row ({n}), got shape {predictions.shape}")
    kept = {"predictions": predictions}
    if hasattr(method, "inner"):
        kept["inner"] = np.asarray(method.inner(data["X_test"]))
    return kept

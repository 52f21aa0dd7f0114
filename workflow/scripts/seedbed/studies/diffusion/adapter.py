"""The adapter of the diffusion study: one entry for its four tasks."""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit

from .tasks.dimension import estimate
from .tasks.field import flow_along
from .tasks.path import follow
from .tasks.sampling import sample


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Run a method on one replicate.

    Parameters
    ----------
    estimator_class : type
        For samplers: ``sample(law, y, grid)``, with ``law.denoise(y, sigma)``, and ``n_evaluations_``. For paths:
        ``alpha``, ``sigma``, ``velocity``, ``noise_level`` of times, and ``fit(separation)`` if it depends on data. For
        fields: ``build(law, norm, seed)``. For dimensions: ``fit(X)`` and ``dimension_``.
    params : mapping
        The method's own parameters.
    data : mapping
        Arrays of one replicate.
    seed : int
        Passed as ``random_state`` to classes that take one.

    Returns
    -------
    dict of ndarray
        What the metrics of the task need (see :mod:`seedbed.studies.diffusion.tasks`), and ``seconds``, CPU time.

    Raises
    ------
    SkipFit
        If the class is not made for the data.
    """
    needed, able = _task_of(data), _made_for(estimator_class)
    if needed != able:
        raise SkipFit(f"{estimator_class.__name__} is made for the task '{able}', not for '{needed}'")
    start = time.process_time()
    if able == "dimension":
        kept = estimate(estimator_class, params, data)
    else:
        takes_seed = "random_state" in inspect.signature(estimator_class).parameters
        method = estimator_class(**({"random_state": int(seed)} if takes_seed else {}), **params)
        if able == "sampling":
            kept = sample(method, data)
        else:
            kept = follow(method, data) if able == "path" else flow_along(method, data, int(seed))
    return kept | {"seconds": np.array(time.process_time() - start)}


def _task_of(data: Mapping[str, np.ndarray]) -> str:
    if "angles" in data:
        return "path"
    if "start" in data:
        return "field"
    return "sampling" if "noise" in data else "dimension"


def _made_for(cls: type) -> str:
    for name, task in (("sample", "sampling"), ("compare", "sampling"), ("noise_level", "path"), ("build", "field")):
        if hasattr(cls, name):
            return task
    return "dimension"

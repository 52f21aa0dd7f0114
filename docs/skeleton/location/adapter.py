"""The adapter: runs any method of the study on one replicate."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
from seedbed.core.errors import SkipFit


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Fit, and return arrays: what the metrics need, and what is worth keeping.

    Parameters
    ----------
    estimator_class : type
        With ``fit(X)`` and ``centre_``; takes ``random_state`` and ``wrong`` if its ``__init__`` names them.
    params : mapping
        The method's own parameters.
    data : mapping
        Arrays of one replicate.
    seed : int
        The method's own random stream.

    Raises
    ------
    SkipFit
        If the method does not apply to these data; the message becomes the row's.
    """
    known = inspect.signature(estimator_class).parameters
    added: dict[str, Any] = {"random_state": seed} if "random_state" in known else {}
    if "wrong" in known:
        if data["wrong"].all():
            raise SkipFit("every observation is wrong: an oracle has nothing to average")
        added["wrong"] = data["wrong"]
    return {"centre": np.asarray(estimator_class(**added, **params).fit(data["X"]).centre_)}

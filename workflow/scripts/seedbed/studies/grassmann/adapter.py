"""The adapter of the Grassmann study: images or features in; probabilities, features and subspaces out."""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit

TRAINING_ROWS = 600  # of the training features that are kept for the variability within classes


def fit(
    estimator_class: type, params: Mapping[str, Any], data: Mapping[str, np.ndarray], seed: int
) -> dict[str, np.ndarray]:
    """Run a method on one replicate.

    Parameters
    ----------
    estimator_class : type
        A classifier: ``fit(X, y)`` and ``predict_proba(X)`` or ``predict(X)``, with ``classes_``. Of images it gets
        arrays of shape (n, channels, side, side) if it has ``transform``, and rows of pixels if it has not.
    params : mapping
        The method's own parameters. ``subspaces`` is passed to a class that takes it (the oracle).
    data : mapping
        Arrays of one replicate; see :mod:`seedbed.studies.grassmann.data.splitting`.
    seed : int
        Not used: ``random_state`` is the data's ``training_seed``, so that all methods of a replicate start from the
        same network, see the same batches, and are compared in pairs.

    Returns
    -------
    dict of ndarray
        ``probabilities`` of the test rows (n, C). For images ``features`` of the test rows, ``training_features`` of
        the first training rows and ``probe_features``, in half precision. ``subspaces`` and ``loss_curve`` of
        methods that have them. ``seconds`` is the CPU time of training alone.

    Raises
    ------
    SkipFit
        If the method needs what the data or the environment do not have.
    """
    known = inspect.signature(estimator_class).parameters
    given: dict[str, Any] = {"random_state": int(data["training_seed"])} if "random_state" in known else {}
    if "subspaces" in known:
        if "subspaces" not in data:
            raise SkipFit("the true subspaces are not known")
        given["subspaces"] = data["subspaces"]
    model = estimator_class(**{**given, **params})
    images = data["X"].ndim == 4
    network = images and hasattr(model, "transform")

    def prepared(X: np.ndarray) -> np.ndarray:
        return X if network or not images else X.reshape(len(X), -1)

    def features(X: np.ndarray) -> np.ndarray:
        return (model.transform(X) if network else prepared(X)).astype(np.float16)

    start = time.process_time()
    try:
        model.fit(prepared(data["X"]), data["y"])
    except ImportError as error:
        raise SkipFit(str(error)) from None
    seconds = time.process_time() - start
    result = {"seconds": np.array(seconds), "probabilities": _probabilities(model, prepared(data["X_test"]))}
    if images:
        result["features"] = features(data["X_test"])
        result["training_features"] = features(data["X"][:TRAINING_ROWS])
        if "X_probe" in data:
            result["probe_features"] = features(data["X_probe"])
    if hasattr(model, "subspaces_"):
        result["subspaces"] = np.asarray(model.subspaces_, np.float32)
    if len(getattr(model, "loss_curve_", [])):
        result["loss_curve"] = np.asarray(model.loss_curve_)
    return result


def _probabilities(model: Any, X: np.ndarray) -> np.ndarray:
    """Of every class; certainty for classifiers that only name one."""
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(X), np.float32)
    return (model.predict(X)[:, None] == model.classes_).astype(np.float32)

"""Methods of a run as series over the dimension of the subspaces."""

from __future__ import annotations

import re

__all__ = ["reference_method", "series_of"]

_REGISTERED = re.compile(r"(?P<family>gcr|grassmann|clafic)_(?P<k>\d+)(?:_(?P<kind>\w+))?")
_GRID = re.compile(r"(?P<family>\w+)~(?:.*,)?subspace_dim=(?P<k>\d+)(?P<kind>,.*)?")
_REFERENCES = ("softmax", "linear_head", "logistic_regression")
_NAMES = {"gcr": "GCR", "grassmann": "subspaces", "clafic": "CLAFIC"}


def series_of(method: str) -> tuple[str, int] | None:
    """Name of the series and dimension, or None for a method without one.

    Examples
    --------
    >>> series_of("gcr_8"), series_of("gcr_8_projected"), series_of("softmax")
    (('GCR', 8), ('GCR, projected', 8), None)
    """
    found = _REGISTERED.fullmatch(method) or _GRID.fullmatch(method)
    if found is None:
        return None
    kind = (found["kind"] or "").strip(",")
    return _NAMES.get(found["family"], found["family"]) + (f", {kind}" if kind else ""), int(found["k"])


def reference_method(methods: list[str]) -> str | None:
    """The vector head that differences are taken from."""
    return next((name for name in _REFERENCES if name in methods), None)

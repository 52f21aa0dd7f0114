"""Public names that are imported when they are first used.

A library's ``__init__`` holds a table of its public names and the modules they come from, and nothing else, so that
importing one method imports neither the others nor torch, numba or cvxpy. The digest of code
(:mod:`seedbed.core.code.code_digest`) reads the same table from the source; type checkers and editors read
``__init__.pyi`` beside it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from .extras import extra

_EXTRAS = {"clustering": "reference"}  # the others are called as their libraries


def lazy_names(
    package: str, table: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """``__getattr__``, ``__dir__`` and ``__all__`` of a package (PEP 562).

    Parameters
    ----------
    package : str
        Its ``__name__``.
    table : mapping
        Public name to module below the package, ``{"KMeansSDP": "kmeans_sdp.estimator"}``.

    Examples
    --------
    >>> from seedbed.clustering import KMeansSDP
    >>> KMeansSDP.__module__
    'seedbed.clustering'
    """

    def __getattr__(name: str) -> Any:
        if name not in table:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        library = package.rpartition(".")[2]
        with extra(_EXTRAS.get(library, library)):
            value = getattr(importlib.import_module(f"{package}.{table[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def __dir__() -> list[str]:
        return sorted({*vars(sys.modules[package]), *table})

    return __getattr__, __dir__, sorted(table)

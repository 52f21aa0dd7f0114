"""Canonical JSON: one text per value, whatever the order in which its parts were written."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import cache
from typing import Any

_EXPONENT = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+")
Path = tuple[Any, ...]  # of a key
_LONGEST = 40  # characters: a number has seventeen digits


def to_json(value: Any) -> str:
    """Sorted, compact JSON: what the rules pass to scripts, and what Snakemake compares between runs.

    A record is written as its fields (:mod:`seedbed.core.records`).
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_written)


def _written(record: Any) -> dict[str, Any]:
    """A data class as its fields, without those that have their default."""
    values = {name: (getattr(record, name), default) for name, default in _defaults(type(record)).items()}
    return {name: value for name, (value, default) in values.items() if value != default}


@cache
def _defaults(kind: type) -> dict[str, Any]:
    try:
        return {field.name: _default(field) for field in fields(kind)}
    except TypeError:
        raise TypeError(f"an object of type {kind.__name__} is not JSON") from None


def _default(field: Field) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def digest(value: Any) -> str:
    """Hexadecimal SHA-256 of the canonical JSON, shortened to 16 digits."""
    return hashlib.sha256(to_json(value).encode()).hexdigest()[:16]


def is_exponent(value: Any) -> bool:
    """Whether a value is text that is written like a number with an exponent.

    >>> is_exponent("1e-3"), is_exponent("1e"), is_exponent(1e-3)
    (True, False, False)
    """
    return isinstance(value, str) and len(value) <= _LONGEST and _EXPONENT.fullmatch(value) is not None


def read_exponents(value: Any, keep: Callable[[Path, str], bool] | None = None, path: Path = ()) -> Any:
    """Numbers such as ``1e-3``, which YAML 1.1 reads as text, as numbers; everything else unchanged.

    ``keep(path, text)`` says what is meant as text all the same, by the path of its key.
    """
    if isinstance(value, dict):
        return {key: read_exponents(item, keep, (*path, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [read_exponents(item, keep, (*path, place)) for place, item in enumerate(value)]
    if not is_exponent(value) or (keep and keep(path, value)):
        return value
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number

"""Canonical JSON: one text per value, whatever the order in which its parts were written."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

_EXPONENT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+")


def to_json(value: Any) -> str:
    """Sorted, compact JSON: what the rules pass to scripts, and what Snakemake compares between runs."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """Hexadecimal SHA-256 of the canonical JSON, shortened to 16 digits."""
    return hashlib.sha256(to_json(value).encode()).hexdigest()[:16]


def read_exponents(value: Any) -> Any:
    """Numbers such as ``1e-3``, which YAML 1.1 reads as text, as numbers; everything else unchanged."""
    if isinstance(value, dict):
        return {key: read_exponents(item) for key, item in value.items()}
    if isinstance(value, list):
        return [read_exponents(item) for item in value]
    if isinstance(value, str) and _EXPONENT.fullmatch(value):
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return value

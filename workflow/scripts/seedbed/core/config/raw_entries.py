"""Entries of a config that no schema has looked at yet: whatever stands there is borne."""

from __future__ import annotations

from typing import Any


def base_of(entry: Any, key: str, name: str) -> str:
    """The registered name that an entry is built on; a value of the wrong type is the schema's to report."""
    base = get(entry, key)
    return base if isinstance(base, str) else name


def items(value: Any) -> list[tuple[str, Any]]:
    """The pairs of a mapping; none of anything else."""
    return list(value.items()) if isinstance(value, dict) else []


def get(value: Any, key: str) -> Any:
    """The value of a mapping's key; None where there is none, or no mapping."""
    return value.get(key) if isinstance(value, dict) else None

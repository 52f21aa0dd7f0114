"""Records that travel as text: what a plan says to a job, with a class for each kind.

A record is written as canonical JSON, so that Snakemake compares texts, and is read back with its types. A field that
has its default value is not written: a record may get a field with a default, and the texts of jobs that do not use it
stay what they were, so that nothing is computed again.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, Self, TypeVar

from .canonical import to_json

T = TypeVar("T", bound="Record")


@dataclass(frozen=True, kw_only=True)
class Record:
    """Fields are what JSON can hold: numbers, texts, truth values, None, tuples, mappings by text, and records.

    >>> @dataclass(frozen=True, kw_only=True)
    ... class Draw(Record):
    ...     params: Mapping[str, float]
    ...     files: tuple[str, ...] = ()
    >>> Draw(params={"n": 2}).to_json()
    '{"params":{"n":2}}'
    """

    def to_json(self) -> str:
        """The canonical text of the record."""
        return to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The record that :meth:`to_json` wrote.

        Raises
        ------
        TypeError
            If a field is missing, or there is one that this kind of record does not have.
        """
        return _read(cls, json.loads(text))


def _read(kind: Any, value: Any) -> Any:
    """A value of JSON as what a field's annotation says; annotations of plain values say nothing new."""
    if is_dataclass(kind):
        known = _hints(kind)
        return typing.cast(Any, kind)(**{name: _read(known.get(name), item) for name, item in value.items()})
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        chosen = [part for part in parts if part is not types.NoneType]
        return _read(chosen[0], value) if value is not None and len(chosen) == 1 else value
    if origin is tuple:
        each = [parts[0]] * len(value) if parts[-1] is Ellipsis else parts
        return tuple(_read(part, item) for part, item in zip(each, value, strict=True))
    if origin is Mapping:
        return {name: _read(parts[1], item) for name, item in value.items()}
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def taken(kind: type[T], source: object, **given: Any) -> T:
    """A record whose fields are what an object of the plan calls by the same names, but for those that are given."""
    names = [name for name in _hints(kind) if name not in given]
    return kind(**{name: getattr(source, name) for name in names}, **given)

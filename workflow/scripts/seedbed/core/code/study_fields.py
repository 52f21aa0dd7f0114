"""Fields of a study's records that do not hold what their annotations say."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from seedbed.core.canonical import to_json
from seedbed.core.errors import did_you_mean
from seedbed.core.messages import describe
from seedbed.core.study import Figure, Generator, Method, Metric, Scenario, Study

TABLES = {"generators": Generator, "scenarios": Scenario, "methods": Method, "metrics": Metric, "figures": Figure}
_VALUES = ("params", "tune")  # what goes to jobs, as JSON


@dataclass(frozen=True)
class FieldError:
    """One field that is wrong; where it is not ``readable``, its record can be looked into no further."""

    table: str  # "study" of STUDY itself
    key: str
    text: str
    readable: bool = False


def field_errors(study: Study) -> list[FieldError]:
    """Every field of ``STUDY`` and of its tables that holds something else than it should."""
    found = [FieldError("study", "", text, readable) for text, readable in _record_errors(study, "STUDY")]
    for table, record in TABLES.items():
        entries = getattr(study, table)
        for key, entry in entries.items() if isinstance(entries, Mapping) else ():
            where = f"{table}.{key}"
            if not isinstance(entry, record):
                text = f"{where}: {type(entry).__name__}, not a {record.__name__}"
                found.append(FieldError(table, key, text))
            else:
                found += [FieldError(table, key, text, readable) for text, readable in _record_errors(entry, where)]
    return found


def _record_errors(record: Any, where: str) -> Iterator[tuple[str, bool]]:
    for name, hint in _hints(type(record)).items():
        value = getattr(record, name)
        if typing.get_origin(hint) is typing.Literal:
            if value not in (choices := typing.get_args(hint)):
                known = [choice for choice in choices if choice]
                yield f"{where}.{name}: {value!r} is not one of the choices{did_you_mean(value, known)}", True
        elif hint is str and not isinstance(value, str):
            yield f"{where}.{name}: {value!r} is not text", False
        elif hint is bool and not isinstance(value, bool):
            yield f"{where}.{name}: {value!r} is neither True nor False", True
        elif hint == (str | None) and not isinstance(value, str | None):
            yield f"{where}.{name}: {value!r} is neither text nor None", False
        elif hint == (float | None) and not (value is None or _is_number(value)):
            yield f"{where}.{name}: {value!r} is neither a number nor None", True
        elif hint == (tuple[float, float] | None) and not _are_bounds(value):
            yield f"{where}.{name}: {value!r} are no bounds: write (lowest, highest)", True
        elif typing.get_origin(hint) is tuple and typing.get_args(hint)[-1:] == (...,):
            if not (isinstance(value, tuple | list) and all(isinstance(one, str) for one in value)):
                yield f"{where}.{name}: {value!r} is not a tuple of texts: write ({value!r},)", False
        elif hint is not str and str(hint).startswith("collections.abc.Mapping"):
            if not isinstance(value, Mapping):
                yield f"{where}.{name}: {value!r} is not a table {{name: ...}}", False
            elif name in _VALUES:
                yield from ((f"{where}.{name}{text}", False) for text in _value_errors(value, name == "tune"))


def _value_errors(values: Mapping[Any, Any], lists: bool) -> Iterator[str]:
    """Values that no job can be given, and in ``tune`` what is no list of them."""
    for name, value in values.items():
        if not isinstance(name, str):
            yield f": {name!r} is no name of a parameter"
            continue
        if lists and not (isinstance(value, Sequence) and not isinstance(value, str) and len(value)):
            yield f".{name}: {value!r} is no list of values to choose from"
            continue
        try:
            to_json(value)
        except (TypeError, ValueError, RecursionError) as error:
            yield f".{name}: it must be a number, text, a truth value, None, or lists and tables of them: " + describe(
                error
            )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_bounds(value: Any) -> bool:
    if value is None:
        return True
    pair = isinstance(value, tuple | list) and len(value) == 2 and all(_is_number(one) for one in value)
    return pair and value[0] < value[1]


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)

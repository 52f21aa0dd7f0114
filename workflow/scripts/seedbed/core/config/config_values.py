"""Every value that YAML can make of a config, and which of them mean something here.

YAML reads ``yes``, ``2024-01-01``, ``.inf`` and ``~`` as what they look like to it. What no parameter can be is named
with the path of its key, and with how to write what was meant.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from typing import Any

from seedbed.core.errors import printable

from .grid import grid_errors
from .schema import key_path, show

_LARGEST = 2**256  # a whole number beyond: of no seed, and slow to write
_LONGEST = 10_000  # characters of a text
KeyPath = tuple[Any, ...]


def checked_values(config: Mapping[str, Any]) -> tuple[dict[str, Any], dict[KeyPath, str]]:
    """The config without the values that mean nothing, and a message for each of these by the path of its key."""
    messages: dict[KeyPath, str] = {}
    return _checked(config, (), messages), messages


def _checked(value: Any, path: KeyPath, messages: dict[KeyPath, str]) -> Any:
    if isinstance(value, Mapping):
        kept = {}
        for key, item in value.items():
            if reason := _key_reason(key):
                messages[(*path, key)] = f"{key_path(path)}: the key {_shown(key)} {reason}"
            else:
                before = len(messages)
                item = _checked(item, (*path, key), messages)
                if len(messages) == before or item is not None:
                    kept[key] = item
        return kept
    if isinstance(value, list):
        return [_checked(item, (*path, place), messages) for place, item in enumerate(value)]
    if reason := _reason(value):
        messages[path] = f"{key_path(path)}: {_shown(value)} {reason}"
        return None
    return value


def _key_reason(key: Any) -> str:
    if isinstance(key, str):
        return _reason(key)
    if isinstance(key, bool):
        return "is no text: YAML reads yes, no, on, off, true and false so; write it in quotes"
    return "is no text; write it in quotes" if key is not None else "is empty; write a name before the colon"


def _reason(value: Any) -> str:
    """Why a value means nothing; empty if it may mean something."""
    match value:
        case None | bool():
            return ""
        case str():
            return _text_reason(value)
        case int():
            return "" if abs(value) < _LARGEST else "has too many digits"
        case float():
            if math.isfinite(value):
                return ""
            return "is no number to compute with" + (
                "; for no limit write a large number, such as 1e6" if value > 0 else ""
            )
        case datetime.date():
            return "is a date; write it in quotes if it is text"
        case _:
            return f"is of a kind that no parameter has ({type(value).__name__})"


def _text_reason(text: str) -> str:
    if len(text) > _LONGEST:
        return f"is a text of {len(text)} characters; at most {_LONGEST} are read"
    if printable(text.replace("\t", " ")) != text.replace("\t", " "):
        return "holds characters that nobody can see"
    return ""


def _shown(value: Any) -> str:
    """As a user would write it; a number of thousands of digits by its size."""
    if isinstance(value, int) and abs(value) >= _LARGEST:
        return f"a whole number of {value.bit_length()} bits"
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: ".inf", -math.inf: "-.inf"}.get(value, ".nan")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return show(value)


def entry_errors(config: Mapping[str, Any]) -> Iterator[str]:
    """Names and grids of the entries: what no schema can say of them."""
    for study, entry in _items(config.get("studies")):
        for part in ("scenarios", "methods"):
            for name, given in _items(entry.get(part) if isinstance(entry, Mapping) else None):
                where = f"studies.{study}.{part}.{name}"
                yield from (f"{where}{text}" for text in _entry_errors(part, name, given))


def _entry_errors(part: str, name: str, entry: Any) -> Iterator[str]:
    if part == "scenarios" and name == "figures":
        yield ": is the name of the folder of the study's figures; choose another one"
    for key, value in _items(entry):
        if key in ("params", "grid", "tune"):
            wrong = [one for one, _ in _items(value) if not one.isidentifier()]
            yield from (f".{key}: {show(one)} is no name of a parameter" for one in wrong)
        if key in ("grid", "tune"):
            yield from (f".{key}: {text}" for text in grid_errors(name, value))


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []

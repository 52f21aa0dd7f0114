"""Interactive figures as the page carries them: what they have in common is there once.

The views of a figure differ in a column of numbers, those of two scenarios in little more, and gzip sees only the last
32 kB. A part that stands for itself elsewhere is ``{"$": place}``, a table ``{"$rows": {name: column}}``; the script
``unpack.js`` puts them together again, of the figure that is drawn alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from seedbed.core.recall.user_cache import kept_of

from .bundle import pack

_LEAST = 60  # characters: below, a reference would hardly be shorter


def pack_views(figures: Sequence[Mapping[str, Any]]) -> str:
    """The figures of a study by name, packed."""
    shared = _Shared()
    found = ",".join(f"{_text(figure['name'])}:{shared.lean(figure)}" for figure in figures)
    return pack(f'{{"parts":[{",".join(shared.places)}],"figures":{{{found}}}}}')


def kept_views(figures: Sequence[Mapping[str, Any]], file: Path) -> str:
    """The same, kept for the next report for as long as the file that the figures were read from stays as it is."""
    return kept_of("views", __file__, file.read_bytes(), lambda: pack_views(figures))


class _Shared:
    """The texts of all parts so far, with their places."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def lean(self, value: Any) -> str:
        """The value as text, with references in place of its larger parts, innermost first."""
        match value:
            case dict():
                text = f"{{{','.join(f'{_quoted(key)}:{self.lean(item)}' for key, item in value.items())}}}"
            case list() if _is_table(value):
                text = _text({"$rows": {name: [row[name] for row in value] for name in value[0]}})
            case list():
                text = f"[{','.join(map(self.lean, value))}]"
            case str() if len(value) >= _LEAST:
                text = _text(value)
            case _:
                return _text(value)
        return text if len(text) < _LEAST else f'{{"$":{self.places.setdefault(text, len(self.places))}}}'


def _is_table(rows: list[Any]) -> bool:
    """Whether these are rows with the same names, and with numbers or words in them."""
    return (
        len(rows) > 1
        and isinstance(rows[0], dict)
        and len(rows[0]) > 0
        and all(isinstance(row, dict) and row.keys() == rows[0].keys() for row in rows)
        and not any(isinstance(value, dict | list) for row in rows for value in row.values())
    )


_text = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_quoted = cache(_text)  # of the few names that parts have

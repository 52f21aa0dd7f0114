"""Tables that note whether a figure function reads what depends on the level of intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from seedbed.core.figures.figure_tables import Tables

OF_LEVEL = ("summary", "__dict__")  # the second holds the first


@dataclass(frozen=True)
class WatchedTables(Tables):
    """What a figure function gets; ``noted`` holds ``summary`` once that was read.

    Scores, runs and arrays are those that the figure stands for: it is drawn again when they change, read or not.
    """

    noted: set[str] = field(default_factory=set)

    def __getattribute__(self, name: str) -> Any:
        if name in OF_LEVEL:
            object.__getattribute__(self, "noted").add("summary")
        return object.__getattribute__(self, name)

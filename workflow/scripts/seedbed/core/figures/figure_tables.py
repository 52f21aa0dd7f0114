"""What a figure function of a study gets: tables, arrays, and how to call and draw things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from seedbed.core.blocks import FAILURE, stored_arrays

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Style:
    """How one method is drawn: ``marker`` for matplotlib, ``shape`` for Vega-Lite."""

    colour: str
    marker: str
    shape: str


@dataclass(frozen=True)
class Tables:
    """What a figure function gets: the study's tidy tables, and what to call things and how to draw them."""

    scores: pd.DataFrame
    runs: pd.DataFrame
    summary: pd.DataFrame
    scenario: str | None
    labels: dict[str, str]
    roles: dict[str, str]
    styles: dict[str, Style]
    folder: Path
    scenarios: dict[str, str]  # id -> label

    def cells(self, scenario: str, method: str) -> Iterator[tuple[Arrays, Arrays]]:
        """``(data, fit)`` of every replicate that the method answered: for pictures of more than scores."""
        for block in sorted((self.folder / scenario / "data").glob("*.npz")):
            results = self.folder / scenario / "fits" / method / block.name
            fits = stored_arrays(results) if results.exists() else {}
            for replicate, data in stored_arrays(block).items() if fits else ():
                if replicate in fits:
                    yield data, fits[replicate]

    def first_data(self, scenario: str) -> Arrays | None:
        """The data of the scenario's first replicate: for pictures of the data."""
        blocks = sorted((self.folder / scenario / "data").glob("*.npz"))
        replicates = stored_arrays(blocks[0]) if blocks else {}
        first = replicates[min(replicates)] if replicates else {}
        return first if first and FAILURE not in first else None


@dataclass(frozen=True)
class ScenarioTables(Tables):
    """What a figure function gets that is called once per scenario: the rows of this one."""

    scenario: str

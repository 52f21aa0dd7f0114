"""Draw a study's figures: each as SVG, PNG, and the numbers behind it as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd

from ..core.blocks import load_arrays
from ..core.files import atomic_path
from ..core.study import load_target
from ..core.tables import read_table, write_table
from .styles import Style, method_styles

STYLE = {
    "svg.hashsalt": "seedbed",  # element ids that do not differ from run to run
    "svg.fonttype": "path",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "savefig.bbox": "tight",
}


@dataclass(frozen=True)
class Tables:
    """What a figure function gets: the study's tidy tables, and what to call things."""

    scores: pd.DataFrame
    runs: pd.DataFrame
    summary: pd.DataFrame
    scenario: str | None
    labels: dict[str, str]
    roles: dict[str, str]
    styles: dict[str, Style]
    folder: Path

    def cells(self, scenario: str, method: str) -> Iterator[tuple[dict[str, np.ndarray], dict[str, np.ndarray]]]:
        """``(data, fit)`` of every replicate that the method answered: for pictures of more than scores."""
        for block in sorted((self.folder / scenario / "data").glob("*.npz")):
            results = self.folder / scenario / "fits" / method / block.name
            fits = load_arrays(results) if results.exists() else {}
            for replicate, data in load_arrays(block).items() if fits else ():
                if replicate in fits:
                    yield data, fits[replicate]


def draw_figures(job: dict[str, Any], inputs: dict[str, str], folder: str) -> None:
    """Draw every figure of the job, as ``folder/<figure>[.<scenario>].{svg,png,csv}``.

    A figure that has nothing to show in this run returns None, and is left out.

    Parameters
    ----------
    job : dict
        ``figures`` (id -> ``function``, ``per``) and ``names`` (see ``StudyPlan.names``).
    inputs : dict
        Files of the tables ``scores``, ``runs``, ``summary``.
    folder : str
        Where to write.
    """
    tables = {name: read_table(path) for name, path in inputs.items()}
    with matplotlib.rc_context(STYLE):
        for name, function, view in _views(job, tables, Path(folder).parent):
            drawn = load_target(function)(view)
            if drawn is None:
                continue
            figure, numbers = drawn
            for suffix in ("svg", "png"):
                with atomic_path(f"{folder}/{name}.{suffix}") as part:
                    metadata = {"Date": None} if suffix == "svg" else {"Software": None}
                    figure.savefig(part, format=suffix, dpi=150, metadata=metadata)
            write_table(numbers, f"{folder}/{name}.csv")


def _views(job: dict[str, Any], tables: dict[str, pd.DataFrame], results: Path) -> Iterator[tuple[str, str, Tables]]:
    names = job["names"]
    labels = {name: method["label"] for name, method in names["methods"].items()}
    roles = {name: method["role"] for name, method in names["methods"].items()}
    styles = method_styles(names["registered"], roles)
    for key, figure in job["figures"].items():
        for scenario in [item["name"] for item in names["scenarios"]] if figure["per"] == "scenario" else [None]:
            name = f"{key}.{scenario}" if scenario else key
            chosen = {k: t[t["scenario"] == scenario] if scenario else t for k, t in tables.items()}
            yield (
                name,
                figure["function"],
                Tables(**chosen, scenario=scenario, labels=labels, roles=roles, styles=styles, folder=results),
            )

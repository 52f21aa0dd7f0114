"""Draw a study's figures: each as SVG, PNG, and the numbers behind it as CSV; views.json holds the interactive ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..core.blocks import load_arrays
from ..core.drawing import FAILURE
from ..core.files import atomic_path
from ..core.study import load_target
from ..core.tables import read_table, write_table
from .styles import Style, method_styles
from .views import ViewFigure, study_views

VEGA_CONFIG = Path(__file__).parent / "assets" / "vega_config.json"
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

    def cells(self, scenario: str, method: str) -> Iterator[tuple[dict[str, np.ndarray], dict[str, np.ndarray]]]:
        """``(data, fit)`` of every replicate that the method answered: for pictures of more than scores."""
        for block in sorted((self.folder / scenario / "data").glob("*.npz")):
            results = self.folder / scenario / "fits" / method / block.name
            fits = load_arrays(results) if results.exists() else {}
            for replicate, data in load_arrays(block).items() if fits else ():
                if replicate in fits:
                    yield data, fits[replicate]

    def first_data(self, scenario: str) -> dict[str, np.ndarray] | None:
        """The data of the scenario's first replicate: for pictures of the data."""
        blocks = sorted((self.folder / scenario / "data").glob("*.npz"))
        replicates = load_arrays(blocks[0]) if blocks else {}
        first = replicates[min(replicates)] if replicates else {}
        return first if first and FAILURE not in first else None


def draw_figures(job: dict[str, Any], inputs: dict[str, str], folder: str) -> None:
    """Draw every figure of the study, as ``folder/<figure>[.<scenario>].{svg,png,csv}``, and ``views.json``.

    A figure that has nothing to show in this run returns None, and is left out.

    Parameters
    ----------
    job : dict
        ``figures`` (id -> ``function``, ``per``) and ``names`` (see ``StudyPlan.names``).
    inputs : dict
        Files of the tables ``scores``, ``runs``, ``summary``, ``comparisons``.
    folder : str
        Where to write.
    """
    tables = {name: read_table(path) for name, path in inputs.items()}
    _draw_own(job, tables, folder)
    _draw_views(job["names"], tables, folder)


def _draw_own(job: dict[str, Any], tables: dict[str, pd.DataFrame], folder: str) -> None:
    """The figures that only this study has."""
    import matplotlib

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
    roles = {name: method["role"] for name, method in names["methods"].items()}
    shared = {
        "labels": {name: method["label"] for name, method in names["methods"].items()},
        "roles": roles,
        "styles": method_styles(dict(names["registered"]), roles),
        "folder": results,
        "scenarios": {item["name"]: item["label"] for item in names["scenarios"]},
    }
    for key, figure in job["figures"].items():
        for scenario in shared["scenarios"] if figure["per"] == "scenario" else [None]:
            name = f"{key}.{scenario}" if scenario else key
            chosen = {
                k: tables[k][tables[k]["scenario"] == scenario] if scenario else tables[k]
                for k in ("scores", "runs", "summary")
            }
            yield name, figure["function"], Tables(**chosen, scenario=scenario, **shared)


def _draw_views(names: dict[str, Any], tables: dict[str, pd.DataFrame], folder: str) -> None:
    """The figures that every study has: on paper the first view, or all that stand side by side."""
    import vl_convert

    config = json.loads(VEGA_CONFIG.read_text(encoding="utf-8"))
    paper = {**config["base"], **{key: {**config["base"][key], **value} for key, value in config["light"].items()}}
    paper |= {"background": "white", "font": "sans-serif"}
    described = []
    for figure in study_views(names, tables):
        svg = vl_convert.vegalite_to_svg(_on_paper(figure), config=paper)
        for suffix, content in (("svg", svg.encode()), ("png", vl_convert.svg_to_png(svg, scale=1.5))):
            with atomic_path(f"{folder}/{figure.name}.{suffix}") as part:
                part.write_bytes(content)
        write_table(figure.numbers, f"{folder}/{figure.name}.csv")
        described.append({key: value for key, value in vars(figure).items() if key != "numbers"})
    with atomic_path(f"{folder}/views.json") as part:
        part.write_text(json.dumps(described, separators=(",", ":"), allow_nan=False), encoding="utf-8")


def _on_paper(figure: ViewFigure) -> dict[str, Any]:
    views = list(figure.views.values())
    if not figure.beside:
        return views[0]
    panels = [{key: value for key, value in view.items() if key not in ("params", "$schema")} for view in views]
    return {"$schema": views[0]["$schema"], "params": views[0]["params"], "hconcat": panels}

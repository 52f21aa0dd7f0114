"""Draw a study's figures: each in the formats that are asked for, with the numbers behind it as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from seedbed.core.canonical import digest
from seedbed.core.files import atomic_path, write_json
from seedbed.core.job_records.summaries import FigureJob
from seedbed.core.judging.tables import read_table, write_table
from seedbed.core.recall.user_cache import forget_old
from seedbed.report.figures.views import ViewFigure, study_views

from . import formats
from .drawing import Drawing, kept_drawing, not_drawn
from .own import own_drawings


def draw_figures(job: FigureJob, inputs: dict[str, str], folder: str) -> None:
    """Draw every figure of the study, as ``folder/<figure>[.<scenario>].<suffix>``, ``views.json`` and ``drawn.json``.

    A figure that has nothing to show in this run is left out; one that raises is named in ``drawn.json``, and the
    others are drawn.

    Parameters
    ----------
    job : FigureJob
        The study's own figures, what things are called, and the formats.
    inputs : dict
        Files of the tables ``scores``, ``runs``, ``summary``, ``costs``, ``comparisons``.
    folder : str
        Where to write.
    """
    tables = {name: read_table(path) for name, path in inputs.items()}
    views = list(study_views(job.names, tables))
    drawings = dict([*own_drawings(job, tables, Path(folder).parent), *_view_drawings(views, job.formats)])
    for name, drawing in drawings.items():
        drawing.write(f"{folder}/{name}")
    for view in views:
        write_table(view.numbers, f"{folder}/{view.name}.csv")
    described = [{key: value for key, value in vars(view).items() if key != "numbers"} for view in views]
    with atomic_path(f"{folder}/views.json") as part:
        part.write_text(json.dumps(described, separators=(",", ":"), allow_nan=False), encoding="utf-8")
    write_json({name: words for name, drawing in drawings.items() if (words := drawing.words)}, f"{folder}/drawn.json")
    forget_old("figure-")
    forget_old("checked-")


def _view_drawings(views: list[ViewFigure], asked: tuple[str, ...]) -> Iterator[tuple[str, Drawing]]:
    """The figures that every study has, on paper: the first view, or all that stand side by side."""
    for view in views:
        chart = view.on_paper()
        key = digest(["chart", chart, formats.paper_config(), formats.renderer(), asked])
        try:
            yield view.name, kept_drawing(key, lambda chart=chart: Drawing(formats.of_vega(chart, asked)))
        except Exception as error:
            yield view.name, not_drawn(view.name, error)

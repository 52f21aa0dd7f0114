"""The figures that only one study has: each drawn by a function of the study's, or kept from the last run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from seedbed.core.canonical import digest
from seedbed.core.files import content_digest
from seedbed.core.job_records.summaries import FigureCall, FigureJob
from seedbed.core.study import load_target
from seedbed.report.styles import method_styles

from . import formats
from .drawing import Drawing, find_drawing, keep_drawing, not_drawn
from .watched import WatchedTables

_ARRAYS = ("data", "fits")


def own_drawings(job: FigureJob, tables: dict[str, pd.DataFrame], results: Path) -> Iterator[tuple[str, Drawing]]:
    """By name, ``<figure>`` or ``<figure>.<scenario>``; ``results`` is the folder of the study.

    One that raises is told of, and the others are drawn.
    """
    here = _Study(job, tables, results)
    for key, figure in job.figures.items():
        for scenario in here.scenarios if figure.per == "scenario" else [None]:
            name = f"{key}.{scenario}" if scenario else key
            try:
                yield name, here.drawing(figure, scenario)
            except (Exception, SystemExit) as error:
                yield name, not_drawn(name, error)


@dataclass(frozen=True)
class _Study:
    job: FigureJob
    tables: dict[str, pd.DataFrame]
    results: Path

    @cached_property
    def names(self) -> str:
        """What things are called, as text."""
        return self.job.names.to_json()

    @property
    def scenarios(self) -> dict[str, str]:
        """Name -> label."""
        return {item.name: item.label for item in self.job.names.scenarios}

    def drawing(self, figure: FigureCall, scenario: str | None) -> Drawing:
        """Kept, or drawn."""
        tables = self._tables(scenario)
        state = digest([
            "own", figure.function, figure.code, self.names, scenario,
            self.job.formats, _frame_digest(tables.scores), _frame_digest(tables.runs), self._arrays(scenario),
        ])  # fmt: skip
        with_summary = digest([state, _frame_digest(tables.summary)])
        found = find_drawing(state) or find_drawing(with_summary)
        if found is None:
            tables.noted.clear()
            found = _drawn(figure.function, tables, self.job.formats)
            keep_drawing(with_summary if tables.noted else state, found)
        return found

    def _tables(self, scenario: str | None) -> WatchedTables:
        names = self.job.names
        chosen = {
            key: self.tables[key][self.tables[key]["scenario"] == scenario] if scenario else self.tables[key]
            for key in ("scores", "runs", "summary")
        }
        return WatchedTables(
            **chosen,
            scenario=scenario,
            labels=names.method_labels,
            roles=names.roles,
            styles=method_styles(dict(names.registered), names.roles),
            folder=self.results,
            scenarios=self.scenarios,
        )

    def _arrays(self, scenario: str | None) -> list[str]:
        """What the data and the fits hold that the figure may read."""
        folders = [
            self.results / name / part for name in ([scenario] if scenario else self.scenarios) for part in _ARRAYS
        ]
        return [content_digest(folder) if folder.is_dir() else "" for folder in folders]


def _drawn(function: str, tables: WatchedTables, asked: tuple[str, ...]) -> Drawing:
    """What a figure function makes of the tables; the label of its figure is what is seen."""
    import matplotlib

    with matplotlib.rc_context(formats.STYLE):
        returned = load_target(function)(tables)
        if returned is None or returned[1].empty:
            return Drawing()  # nothing to show
        shown, numbers = returned
        files = {"csv": numbers.to_csv(index=False, lineterminator="\n").encode()}
        if isinstance(shown, pd.DataFrame):
            table = {"columns": [str(name) for name in shown.columns], "rows": shown.astype(str).to_numpy().tolist()}
            return Drawing(files, table=table)
        return Drawing(formats.of_matplotlib(shown, asked) | files, seen=str(shown.get_label()))


def _frame_digest(frame: pd.DataFrame) -> str:
    values = pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes()
    return hashlib.sha256(repr([*frame.columns]).encode() + values).hexdigest()

"""What a generic figure is, and what all of them need."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from seedbed.core.labels import StudyLabels
from seedbed.report.styles import method_styles

from .charts import Painter
from .look import side_by_side


@dataclass(frozen=True)
class ViewFigure:
    """One figure: its views by what a reader picks (a metric, a cost), the first of them drawn on paper."""

    name: str
    kind: str
    scenario: str
    choice: str  # what the reader picks from
    views: dict[str, dict[str, Any]]
    numbers: pd.DataFrame
    beside: bool = False  # views stand side by side and are not picked from
    caption: str = ""
    sources: list[str] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # of a view: what it shows, in a sentence

    def on_paper(self) -> dict[str, Any]:
        """The first view, or all that stand side by side."""
        views = list(self.views.values())
        return side_by_side(views) if self.beside else views[0]


def study_painter(names: StudyLabels) -> Painter:
    """Draws the charts of a study."""
    styles = method_styles(dict(names.registered), names.roles)
    return Painter(names.method_labels, styles, names.metrics, names.roles)

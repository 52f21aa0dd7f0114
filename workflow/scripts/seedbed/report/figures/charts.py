"""The charts that every study gets, as Vega-Lite: each a dictionary, the same on paper and on the screen.

A chart takes the rows that it draws, which also become its CSV. Methods keep their colour and shape; ``hidden``
is a parameter that the page sets when a method is switched off.
"""

from __future__ import annotations

from typing import Any

from .cost_chart import cost_chart
from .growth_chart import growth_chart
from .look import SCHEMA, SHOWN, Look
from .rows import Row
from .score_chart import beside_scores, score_chart

__all__ = ["SCHEMA", "SHOWN", "Painter"]


class Painter(Look):
    """Draws the charts of one study: knows its methods' labels, styles and roles, and its metrics."""

    def scores(self, means: list[Row], replicates: list[Row], metric: str) -> dict[str, Any]:
        """A row per method, best on top."""
        return score_chart(self, means, replicates, metric)

    def beside(
        self, scores: dict[str, Any], means: list[Row], metric: str, differences: list[Row], under_test: str
    ) -> dict[str, Any]:
        """The chart of scores with a second panel on its rows, the differences from a method, if there are any."""
        return beside_scores(self, scores, means, differences, metric, under_test) if differences else scores

    def costs(self, rows: list[Row], metric: str, cost: str) -> dict[str, Any]:
        """Score against cost, and the front of what nobody beats in both."""
        return cost_chart(self, rows, metric, cost)

    def scaling(self, rows: list[Row], size: str, quantity: str, title: str, floor: float | None) -> dict[str, Any]:
        """A line per method along a parameter of the scenarios."""
        return growth_chart(self, rows, size, quantity, title, floor)

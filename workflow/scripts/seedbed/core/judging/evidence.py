"""What the tests of the ledger look at: scores by cell, and what may stand where a score is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from seedbed.core.statuses import FAILED

LARGEST = 1e300  # infinite scores count as this


class NotTestable(Exception):
    """The claim cannot be tested in this run; the message says why."""


@dataclass(frozen=True)
class Cell:
    """The scores of one method in one scenario, by replicate: two tables that differ where a score is missing.

    ``least`` and ``most`` enclose what the score can have been. ``failed`` are the replicates whose fit failed and
    counts as the worst score, in both.
    """

    least: pd.Series
    most: pd.Series
    known: pd.Series  # whether there is a score, or a failure that counts as one
    failed: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Evidence:
    """The tables of a study, as tests ask for them.

    Parameters
    ----------
    scores, runs : pandas.DataFrame
        Tidy: ``scenario, method, replicate`` with ``metric, value`` and with ``status``. ``runs`` tells a fit that
        failed from one that was not asked for.
    benchmark : pandas.DataFrame, optional
    overlaps : mapping
        Of resampled scenarios: the share of data that two replicates have in common; None where it is not known.
    ranges : mapping
        The lowest and the highest value that a metric can have, of those that are bounded.
    """

    scores: pd.DataFrame
    runs: pd.DataFrame | None = None
    benchmark: pd.DataFrame | None = None
    overlaps: Mapping[str, float | None] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def asked(self) -> pd.DataFrame:
        """One row or more for every cell that the run was asked for."""
        return self.scores if self.runs is None else self.runs

    @cached_property
    def _asked_cells(self) -> set[tuple[str, str]]:
        cells = self.asked[["scenario", "method"]].drop_duplicates()
        return set(cells.itertuples(index=False, name=None))

    @cached_property
    def _names(self) -> tuple[set[str], set[str]]:
        """The scenarios and the methods of the run."""
        return {scenario for scenario, _ in self._asked_cells}, {method for _, method in self._asked_cells}

    @cached_property
    def _places(self) -> dict[tuple[str, str, str], np.ndarray]:
        """The rows of each cell: of thousands claims look at a few."""
        return self.scores.groupby(["scenario", "method", "metric"], sort=False).indices

    @cached_property
    def _values(self) -> np.ndarray:
        return self.scores["value"].to_numpy(float).clip(-LARGEST, LARGEST)

    @cached_property
    def _of(self) -> np.ndarray:
        """The replicate of each row."""
        return self.scores["replicate"].to_numpy()

    @cached_property
    def _replicates(self) -> dict[str, list[int]]:
        return {name: sorted(group.unique()) for name, group in self.asked.groupby("scenario")["replicate"]}

    @cached_property
    def _extremes(self) -> dict[tuple[str, str], pd.DataFrame]:
        """The least and the largest score that any method got, by replicate."""
        finite = self.scores.assign(value=self.scores["value"].clip(-LARGEST, LARGEST)).dropna(subset="value")
        found = finite.groupby(["scenario", "metric", "replicate"])["value"].agg(["min", "max"])
        return {key: group.droplevel([0, 1]) for key, group in found.groupby(level=[0, 1])}

    @cached_property
    def _failed(self) -> dict[tuple[str, str, str], frozenset[int]]:
        if self.runs is None:
            return {}
        groups = self.runs.groupby(["scenario", "method", "status"])["replicate"]
        return {key: frozenset(group) for key, group in groups}

    def replicates(self, scenario: str) -> list[int]:
        """The replicates that the run was asked for."""
        return self._replicates.get(scenario, [])

    def failures(self, scenario: str, method: str, *statuses: str) -> frozenset[int]:
        """The replicates whose fit ended with one of these statuses; all failures if none is named."""
        return frozenset().union(
            *(self._failed.get((scenario, method, status), frozenset()) for status in statuses or FAILED)
        )

    def values(self, scenario: str, method: str, metric: str) -> pd.Series:
        """By replicate, NaN where there is none."""
        rows = self._places.get((scenario, method, metric), [])
        found = pd.Series(self._values[rows], pd.Index(self._of[rows], name="replicate"), name="value")
        return found.reindex(self.replicates(scenario))

    def cell(self, scenario: str, method: str, metric: str, worst: str = "") -> Cell:
        """Scores with what may stand where one is missing: the best and the worst score of the scenario.

        ``worst``, one of ``min`` and ``max``, says which score is bad: fits that failed then count as the worst that
        any method got for the same data, which is the control's as a rule.
        """
        values = self.values(scenario, method, metric)
        if values.notna().all():
            return Cell(values, values, values.notna())
        extremes = self._extremes.get((scenario, metric), pd.DataFrame({"min": [np.nan], "max": [np.nan]}))
        least, most = extremes["min"].min(), extremes["max"].max()
        here = extremes.reindex(values.index).fillna({"min": least, "max": most})
        failed = frozenset(values.index[values.isna()]) & self.failures(scenario, method) if worst else frozenset()
        if failed:
            values = values.where(~values.index.isin(failed), here[worst])
        return Cell(values.fillna(least), values.fillna(most), values.notna(), failed)

    def missing_names(self, scenarios: list[str], methods: list[str]) -> str:
        """What a test names and the run does not have, in words; empty if it has all."""
        parts = []
        for kind, names, known in zip(("scenario", "method"), (scenarios, methods), self._names, strict=True):
            if absent := [name for name in dict.fromkeys(names) if name not in known]:
                parts.append(f"{kind}{'s' if len(absent) > 1 else ''} {', '.join(absent)}")
        return f"not in this configuration: {'; '.join(parts)}" if parts else ""

    def missing_cells(self, cells: Iterable[tuple[str, str]]) -> str:
        """The pairs of scenario and method that the run leaves out, in words; empty if there are none."""
        absent: dict[str, list[str]] = {}
        for scenario, method in dict.fromkeys(cells):
            if (scenario, method) not in self._asked_cells:
                absent.setdefault(scenario, []).append(method)
        return "; ".join(
            f"{'methods' if len(names) > 1 else 'method'} {', '.join(names)} {'are' if len(names) > 1 else 'is'} not "
            f"asked for in scenario {scenario}"
            for scenario, names in absent.items()
        )

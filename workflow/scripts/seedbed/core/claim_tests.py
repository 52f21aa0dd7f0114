"""What the tests of the claims ledger measure: each kind of test makes one number of every replicate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd


class NotTestable(Exception):
    """The claim cannot be tested in this run; the message says why."""


@dataclass(frozen=True)
class Effects:
    """One number per replicate, and the open region in which the claim says that their mean lies.

    ``law`` says which interval and test suit the numbers: ``any`` (bootstrap and signed ranks), ``share`` for
    zeros and ones (binomial), ``normal`` for a few turns of a clock (Student). ``one_refutes``: a single 0
    contradicts. ``scale``: ``ratio`` for decimal logarithms of factors.
    """

    values: pd.Series  # by replicate
    low: float = 0.0
    high: float = np.inf
    law: Literal["any", "share", "normal"] = "any"
    one_refutes: bool = False
    scale: str = "difference"


@dataclass(frozen=True)
class Evidence:
    """The tables that tests look at: scores by cell, fits that broke, and the benchmark if it was run."""

    cells: dict[tuple[str, str, str], pd.Series]  # (scenario, method, metric) -> value by replicate
    broken: dict[tuple[str, str], list[int]]  # (scenario, method) -> replicates that raised or crashed
    benchmark: pd.DataFrame | None = None

    @classmethod
    def of(
        cls, scores: pd.DataFrame, runs: pd.DataFrame | None = None, benchmark: pd.DataFrame | None = None
    ) -> Evidence:
        """From the tidy tables ``study, scenario, method, replicate`` with ``metric, value`` and with ``status``."""
        groups = scores.groupby(["scenario", "method", "metric"], sort=False)
        cells = {key: group.set_index("replicate")["value"] for key, group in groups}
        errors = scores[:0] if runs is None else runs[runs["status"] == "error"]
        broken = {key: [*group["replicate"]] for key, group in errors.groupby(["scenario", "method"])}
        return cls(cells, broken, benchmark)

    def values(self, scenario: str, method: str, metric: str) -> pd.Series:
        """By replicate; empty where nothing was scored."""
        return self.cells.get((scenario, method, metric), pd.Series(dtype=float))


def measure(test: dict[str, Any], evidence: Evidence) -> Effects:
    """The effects of one claim's test.

    Raises
    ------
    NotTestable
        If a benchmark that the test needs is not there.
    """
    return KINDS[test["kind"]](test, evidence)


def methods_of(test: dict[str, Any]) -> list[str]:
    """The methods that a test needs."""
    if test["kind"] == "speed":
        return []
    named = [test[key] for key in ("ours", "peer", "clean_ours", "clean_peer") if key in test]
    return [*named, *test.get("methods", [])]


def scenarios_of(test: dict[str, Any]) -> list[str]:
    """The scenarios that a test needs."""
    return [*test.get("scenarios", []), *test.get("clean_scenarios", [])]


def _comparison(test: dict[str, Any], evidence: Evidence) -> Effects:
    r"""The advantage of ours, :math:`\pm(x_{ours} - x_{peer})`, or the logarithm of the ratio."""
    ratio, margin = test.get("scale") == "ratio", test.get("margin", 0.0)

    def advantage(scenario: str) -> pd.Series:
        ours, peer = (evidence.values(scenario, test[role], test["metric"]) for role in ("ours", "peer"))
        if ratio:
            ours, peer = (np.log10(np.maximum(values, test["floor"])) for values in (ours, peer))
        return _sign(test) * (ours - peer)

    effects = _aggregate(map(advantage, test["scenarios"]), test)
    return Effects(effects, np.log10(margin) if ratio else margin, scale="ratio" if ratio else "difference")


def _equivalence(test: dict[str, Any], evidence: Evidence) -> Effects:
    """The difference of ours from the peer, or from a known value, both ways within the margin."""

    def difference(scenario: str) -> pd.Series:
        ours = evidence.values(scenario, test["ours"], test["metric"])
        if "value" in test:
            return ours - test["value"]
        return ours - evidence.values(scenario, test["peer"], test["metric"])

    return Effects(_aggregate(map(difference, test["scenarios"]), test), -test["margin"], test["margin"])


def _threshold(test: dict[str, Any], evidence: Evidence) -> Effects:
    """How far the metric is on the right side of the bound; or whether it is, for ``every`` replicate."""
    values = [evidence.values(scenario, test["ours"], test["metric"]) for scenario in test["scenarios"]]
    if test.get("holds_for") == "every":
        return _holds_for_every(values, test, evidence)
    return Effects(_aggregate([_sign(test) * (each - test["bound"]) for each in values], test))


def _holds_for_every(values: list[pd.Series], test: dict[str, Any], evidence: Evidence) -> Effects:
    """1 where every scenario keeps the bound; 0 where one does not, or a fit broke, whatever the others do."""
    columns = []
    for scenario, each in zip(test["scenarios"], values, strict=True):
        within = (_sign(test) * (each - test["bound"]) >= 0).astype(float).where(each.notna())
        broken = evidence.broken.get((scenario, test["ours"]), [])
        columns.append(pd.concat([within, pd.Series(0.0, broken)]))
    table = pd.concat(columns, axis=1)
    worst = table.min(axis=1)
    return Effects(worst.where((worst == 0) | table.notna().all(axis=1)), 0.5, law="share", one_refutes=True)


def _trend(test: dict[str, Any], evidence: Evidence) -> Effects:
    """The change along an ordered list: last minus first, or the least-squares slope, per replicate."""
    if "methods" in test:
        steps = [
            _aggregate([evidence.values(scenario, method, test["metric"]) for scenario in test["scenarios"]], test)
            for method in test["methods"]
        ]
    else:
        steps = [evidence.values(scenario, test["ours"], test["metric"]) for scenario in test["scenarios"]]
    table, margin = pd.concat(steps, axis=1), test.get("margin", 0.0)
    if test.get("statistic") == "slope":
        positions = np.asarray(test.get("positions", range(1, len(steps) + 1)), float)
        weights = positions - positions.mean()
        weights /= weights @ weights
    else:
        weights = np.array([-1.0, *[0.0] * (len(steps) - 2), 1.0])
    change = pd.Series(table.to_numpy(float) @ weights, table.index)
    if test["direction"] == "flat":
        return Effects(change, -margin, margin)
    return Effects(_sign(test) * change, margin)


def _robustness(test: dict[str, Any], evidence: Evidence) -> Effects:
    """How much more the peer loses than ours on the way from clean to disturbed."""
    clean = test.get("clean_scenarios", test["scenarios"])

    def loss(role: str, clean: str, disturbed: str) -> pd.Series:
        before = evidence.values(clean, test.get(f"clean_{role}", test[role]), test["metric"])
        return _sign(test) * (before - evidence.values(disturbed, test[role], test["metric"]))

    pairs = list(zip(clean, test["scenarios"], strict=True))
    return Effects(
        _aggregate([loss("peer", *pair) - loss("ours", *pair) for pair in pairs], test), test.get("margin", 0.0)
    )


def _speed(test: dict[str, Any], evidence: Evidence) -> Effects:
    """Decimal logarithm of the peer's CPU time over ours, for each case and each turn of the benchmark."""
    table = evidence.benchmark
    if table is None:
        raise NotTestable("snakemake benchmark has not been run")
    parts = []
    for case in test["cases"]:
        rows = table[table["case"] == case].set_index("contender")
        absent = [test[role] for role in ("ours", "peer") if test[role] not in rows.index]
        if absent:
            raise NotTestable(f"the benchmark has no case '{case}' with {' and '.join(absent)}")
        ours, peer = (_turns(rows.loc[test[role]]) for role in ("ours", "peer"))
        if not len(ours) or not len(peer):
            raise NotTestable(f"a contender of the benchmark's case '{case}' gave no result")
        turns = min(len(ours), len(peer))
        ratios = np.log10(peer[:turns] / ours[:turns])
        parts.append(pd.Series(ratios, [f"{case}, turn {turn + 1}" for turn in range(turns)]))
    return Effects(pd.concat(parts), float(np.log10(test["factor"])), law="normal", scale="ratio")


def _turns(row: pd.Series) -> np.ndarray:
    """CPU seconds of each turn; the minimum alone in a table that does not list them."""
    text = row.get("cpu_seconds_each")
    values = text.split() if isinstance(text, str) else [row["cpu_seconds_min"]]
    seconds = np.asarray(values, float)
    return seconds[np.isfinite(seconds)]


def _sign(test: dict[str, Any]) -> float:
    return 1.0 if test["direction"] == "higher" else -1.0


def _aggregate(columns: Iterable[pd.Series], test: dict[str, Any]) -> pd.Series:
    """One number per replicate from one per scenario; a replicate that lacks a scenario has none."""
    table = pd.concat(list(columns), axis=1)
    how = {"mean": "mean", "median": "median", "worst": "min"}[test.get("aggregation", "mean")]
    return getattr(table, how)(axis=1, skipna=False)


KINDS: dict[str, Callable[[dict[str, Any], Evidence], Effects]] = {
    "comparison": _comparison,
    "equivalence": _equivalence,
    "threshold": _threshold,
    "trend": _trend,
    "robustness": _robustness,
    "speed": _speed,
}

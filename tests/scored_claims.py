"""Scores in a tidy table, claims about them, and their verdicts: for tests of the ledger."""

from __future__ import annotations

import numpy as np
import pandas as pd
from seedbed.core.judging.claims import judge_claims
from seedbed.core.judging.judged_claims import JudgedClaim

COMPARISON = {
    "kind": "comparison",
    "ours": "a",
    "peer": "b",
    "metric": "error",
    "scenarios": ["s"],
    "direction": "lower",
}


def tidy(values: dict[str, list[float]], scenario: str = "s", metric: str = "error") -> pd.DataFrame:
    return pd.DataFrame(
        [("study", scenario, method, i, metric, x) for method, column in values.items() for i, x in enumerate(column)],
        columns=["study", "scenario", "method", "replicate", "metric", "value"],
    )


def claim(**test: object) -> dict:
    return {"id": "x", "statement": "a is better", "source": "here", "origin": "paper",
            "written": "before results", "paper_figure": None, "test": {**COMPARISON, **test}}  # fmt: skip


def planted(effect: float, size: int = 16, scenario: str = "s", seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    hard = rng.normal(0, 5, size)  # how hard a replicate is, the same for all methods
    columns = {"a": 0.0, "b": effect, "c": 2 * effect}
    return tidy({name: hard + shift + rng.normal(0, 1, size) for name, shift in columns.items()}, scenario)


def judge(test: dict, scores: pd.DataFrame, **tables: object) -> JudgedClaim:
    """Keys that a kind does not have are left out with None."""
    entry = claim(**test)
    entry["test"] = {key: value for key, value in entry["test"].items() if value is not None}
    return judge_claims([entry], scores, **tables)[0]


def runs_of(scores: pd.DataFrame, failed: dict[str, list[int]], size: int, status: str = "timeout") -> pd.DataFrame:
    rows = [("s", name, i) for name in dict.fromkeys([*scores["method"], *failed]) for i in range(size)]
    table = pd.DataFrame(rows, columns=["scenario", "method", "replicate"]).assign(status="ok")
    for name, replicates in failed.items():
        table.loc[(table["method"] == name) & table["replicate"].isin(replicates), "status"] = status
    return table


def without(scores: pd.DataFrame, method: str, replicates: list[int]) -> pd.DataFrame:
    return scores[(scores["method"] != method) | ~scores["replicate"].isin(replicates)]

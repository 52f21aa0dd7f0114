"""The claims ledger: each testable claim of a paper, tested on paired replicates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from .statistics import bootstrap_interval, holm_adjust, signed_rank_pvalue


def judge_claims(claims: list[dict[str, Any]], scores: pd.DataFrame, level: float = 0.95) -> list[dict[str, Any]]:
    """Give every claim its effect, interval, p-value and verdict.

    The effect of one replicate is the advantage of ``ours`` over ``peer`` on the metric (positive is
    better for ours, whatever the metric's direction) minus the claim's margin, averaged over the
    scenarios. ``reproduced``: the bootstrap interval lies above zero and the Holm-adjusted Wilcoxon
    p-value is below ``1 - level``; ``contradicted``: the same below zero; else ``inconclusive``. A claim
    whose methods or scenarios are not all there is ``not tested here``, with the reason.
    """
    results = [_measure(claim, scores, level) for claim in claims]
    adjusted = holm_adjust(np.array([result["p_value"] for result in results], float))
    for result, p_holm in zip(results, adjusted, strict=True):
        result["p_holm"] = p_holm
        result["verdict"] = _verdict(result, 1 - level)
    return [{key: _plain(value) for key, value in result.items()} for result in results]


def _measure(claim: dict[str, Any], scores: pd.DataFrame, level: float) -> dict[str, Any]:
    result = {key: claim.get(key) for key in ("id", "statement", "source", "paper_figure", "test")}
    result |= {"effect": np.nan, "low": np.nan, "high": np.nan, "p_value": np.nan, "n": 0, "reason": ""}
    test = claim["test"]
    missing = [f"scenario {name}" for name in test["scenarios"] if name not in set(scores["scenario"])]
    missing += [f"method {test[role]}" for role in ("ours", "peer") if test[role] not in set(scores["method"])]
    if missing:
        return result | {"reason": f"not in this run: {', '.join(missing)}"}
    effects = _effects(test, scores)
    if len(effects) < 2:
        return result | {"reason": "fewer than two replicates have both methods in every scenario"}
    low, high = bootstrap_interval(effects, level)
    p_value = signed_rank_pvalue(effects)
    return result | {
        "effect": effects.mean(),
        "low": low,
        "high": high,
        "p_value": p_value,
        "n": len(effects),
    }


def _effects(test: dict[str, Any], scores: pd.DataFrame) -> np.ndarray:
    """One number per replicate that has both methods in every scenario."""
    sign = 1.0 if test["direction"] == "higher" else -1.0
    columns = []
    chosen = scores[scores["metric"] == test["metric"]]
    for scenario in test["scenarios"]:
        table = chosen[chosen["scenario"] == scenario].pivot(index="replicate", columns="method", values="value")
        table = table.reindex(columns=[test["ours"], test["peer"]])
        columns.append(sign * (table[test["ours"]] - table[test["peer"]]) - test.get("margin", 0.0))
    effects = pd.concat(columns, axis=1).mean(axis=1, skipna=False)
    return effects.dropna().to_numpy()


def _verdict(result: dict[str, Any], alpha: float) -> str:
    if result["reason"]:
        return "not tested here"
    if result["p_holm"] < alpha and result["low"] > 0:
        return "reproduced"
    if result["p_holm"] < alpha and result["high"] < 0:
        return "contradicted"
    return "inconclusive"


def _plain(value: Any) -> Any:
    """Numbers as JSON knows them; what is unknown is null."""
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value

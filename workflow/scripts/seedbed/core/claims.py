"""The claims ledger: each testable claim of a paper, judged on paired replicates by one rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .claim_tests import Effects, Evidence, NotTestable, measure, methods_of, scenarios_of
from .files import read_json, reading
from .statistics import (
    bootstrap_interval,
    holm_adjust,
    mean_interval,
    region_pvalue,
    replicates_needed,
    share_interval,
    share_pvalue,
    student_pvalue,
)

_COPIED = ("id", "statement", "source", "origin", "written", "paper_figure", "test")
_UNKNOWN = {
    "effect": np.nan, "low": np.nan, "high": np.nan, "law": "any", "student_low": np.nan, "student_high": np.nan,
    "holds_above": np.nan, "holds_below": np.nan, "scale": "difference", "p_value": np.nan, "n": 0, "n_expected": 0,
    "effects": {}, "refuted": False, "reason": "", "replicates_needed": None,
}  # fmt: skip


def judge_claims(
    claims: list[dict[str, Any]],
    scores: pd.DataFrame,
    runs: pd.DataFrame | None = None,
    benchmark: pd.DataFrame | None = None,
    *,
    level: float = 0.95,
    samples: int = 2000,
) -> list[dict[str, Any]]:
    """Give every claim its effect, interval, p-value and verdict.

    A claim's test makes one number of every replicate (:mod:`seedbed.core.claim_tests`) and names the region
    in which the mean of these numbers lies if the claim holds. With :math:`\\alpha` = 1 - level,

    - ``reproduced``: the interval of the mean lies inside the region, and the Holm-adjusted p-value of the
      exact signed-rank test (of shares the binomial, of times Student's) is below :math:`\\alpha`;
    - ``contradicted``: the same outside of the region; or a counterexample to a claim about every replicate, which a
      fit that raises or crashes is too;
    - ``inconclusive``: neither; ``replicates_needed`` says how many it would take at the effect and the
      spread that were seen;
    - ``not tested here``: the reason says why.

    Parameters
    ----------
    claims : list of dict
        As ``workflow/schemas/claims.schema.yaml`` describes them.
    scores, runs : pandas.DataFrame
        The study's tidy tables; ``runs`` tells a method that failed from one that was not asked for.
    benchmark : pandas.DataFrame, optional
        The study's ``benchmark.csv``.
    level : float
        Of the intervals.
    samples : int
        Of the bootstrap.

    Returns
    -------
    list of dict
        In the order of ``claims``, ready for JSON: unknown numbers are None.
    """
    evidence = Evidence.of(scores, runs, benchmark)
    asked = scores if runs is None else runs
    results = [_weigh_claim(claim, evidence, asked, level, samples) for claim in claims]
    adjusted = holm_adjust(np.array([result["p_value"] for result in results], float))
    tested = int(np.isfinite(adjusted).sum())
    for result, p_holm in zip(results, adjusted, strict=True):
        result["p_holm"] = p_holm
        result["verdict"] = verdict(result, 1 - level)
        if result["verdict"] == "inconclusive":
            effects = np.array(list(result["effects"].values()), float)
            bounds = result["holds_above"], result["holds_below"]
            result["replicates_needed"] = replicates_needed(
                effects, *bounds, alpha=(1 - level) / tested, share=result["law"] == "share"
            )
    return [{key: _plain(value) for key, value in result.items()} for result in results]


def read_verdicts(path: str | Path) -> list[dict[str, Any]]:
    """Read what :func:`judge_claims` gave, as ``claims.json`` holds it."""
    results = read_json(path)
    with reading(path):
        for result in results:
            if missing := {*_COPIED, *_UNKNOWN, "p_holm", "verdict"} - set(result):
                raise ValueError(f"a claim has no {', '.join(sorted(missing))}")
    return results


def weigh(effects: Effects, level: float = 0.95, samples: int = 2000) -> dict[str, Any]:
    """Mean effect, its intervals and p-value, from at least two replicates."""
    values = np.clip(effects.values.dropna().to_numpy(float), -1e300, 1e300)
    mean, _, *student = mean_interval(values, level)
    if effects.law == "share":
        interval, student = share_interval(int(values.sum()), len(values), level), [np.nan, np.nan]
        p_value = share_pvalue(int(values.sum()), len(values), effects.low)
    elif effects.law == "normal":
        interval, p_value = student, student_pvalue(values, effects.low)
    else:
        interval = bootstrap_interval(values, level, samples)
        p_value = region_pvalue(values, effects.low, effects.high)
    return {
        "effect": mean,
        "low": interval[0],
        "high": interval[1],
        "law": effects.law,
        "student_low": student[0],
        "student_high": student[1],
        "holds_above": effects.low,
        "holds_below": effects.high,
        "scale": effects.scale,
        "p_value": p_value,
        "n": len(values),
        "effects": {str(key): float(value) for key, value in effects.values.dropna().items()},
        "refuted": bool(effects.one_refutes and (values == 0).any()),
    }


def verdict(result: dict[str, Any], alpha: float = 0.05) -> str:
    """The one rule that judges all claims; needs ``p_holm`` and what :func:`weigh` returns."""
    if result["reason"]:
        return "not tested here"
    if result["refuted"]:
        return "contradicted"
    if result["p_holm"] < alpha:
        if result["low"] > result["holds_above"] and result["high"] < result["holds_below"]:
            return "reproduced"
        if result["high"] < result["holds_above"] or result["low"] > result["holds_below"]:
            return "contradicted"
    return "inconclusive"


def _weigh_claim(
    claim: dict[str, Any], evidence: Evidence, asked: pd.DataFrame, level: float, samples: int
) -> dict[str, Any]:
    result = {key: claim.get(key) for key in _COPIED} | _UNKNOWN
    if "not_tested" in claim:
        return result | {"reason": claim["not_tested"]}
    test = claim["test"]
    missing = []
    for kind, names in (("scenario", scenarios_of(test)), ("method", methods_of(test))):
        if absent := [name for name in dict.fromkeys(names) if name not in set(asked[kind])]:
            missing.append(f"{kind}{'s' if len(absent) > 1 else ''} {', '.join(absent)}")
    if missing:
        return result | {"reason": f"not in this configuration: {'; '.join(missing)}"}
    try:
        effects = measure(test, evidence)
    except NotTestable as error:
        return result | {"reason": str(error)}
    if test["kind"] == "speed":
        expected = len(effects.values)
    else:
        expected = asked.loc[asked["scenario"].isin(scenarios_of(test)), "replicate"].nunique()
    result["n_expected"] = expected
    if effects.values.notna().sum() < 2:
        return result | {"reason": f"fewer than two of {expected} replicates have a result in every cell of the test"}
    return result | weigh(effects, level, samples)


def _plain(value: Any) -> Any:
    """Numbers as JSON knows them; what is unknown or without bound is null."""
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value

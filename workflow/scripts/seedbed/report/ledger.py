"""The claims ledger as the page shows it: verdict, effect with its interval as a small plot, and the test in words."""

from __future__ import annotations

from typing import Any

from ..core.statistics import share_interval
from .numbers import factor, known, number, p_value

VERDICTS = ("reproduced", "contradicted", "inconclusive", "not tested here")
MOST_TICKS = 100
_INTERVALS = {"any": "bootstrap", "share": "exact (Clopper-Pearson)", "normal": "Student"}


def ledger_row(claim: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """One claim of ``claims.json``, ready for the template."""
    shown, test = _shown(claim), claim["test"] or {}
    places = dict.fromkeys([*test.get("scenarios", []), *test.get("clean_scenarios", [])])
    return claim | {
        "study": names["study"],
        "study_title": names["title"],
        "how": describe_test(test, names) if test else "",
        "unit": _unit(claim, names),
        "effect_text": shown(claim["effect"]),
        "interval_text": f"[{shown(claim['low'])}, {shown(claim['high'])}]" if known(claim["low"]) else "",
        "student_text": f"[{shown(claim['student_low'])}, {shown(claim['student_high'])}]"
        if known(claim["student_low"])
        else "",
        "interval_kind": _INTERVALS[claim["law"]],
        "holds_text": _region(claim, shown),
        "p_text": p_value(claim["p_holm"]),
        "plot": interval_plot(claim),
        "places": [name for name in places if name in {item["name"] for item in names["scenarios"]}],
    }


def verdict_counts(claims: list[dict[str, Any]]) -> dict[str, int]:
    """How many claims got which verdict."""
    return {verdict: sum(claim["verdict"] == verdict for claim in claims) for verdict in VERDICTS}


def share_text(successes: int, n: int, level: float = 0.95) -> str:
    """``k of n [low %, high %]``, the interval exact."""
    if n == 0:
        return "0 of 0"
    low, high = share_interval(successes, n, level)
    return f"{successes} of {n} [{100 * low:.3g} %, {100 * high:.3g} %]"


def interval_plot(claim: dict[str, Any]) -> dict[str, Any] | None:
    """Positions in per cent of the width: the bound in the middle, what the claim says to its right.

    For a claim with two bounds zero is in the middle. ``start, end`` of the interval, ``point``, ``from, to`` of
    the region in which the claim holds, and ``ticks``, the replicates, at most a hundred of them.
    """
    if not known(claim["effect"]):
        return None
    above, below = claim["holds_above"], claim["holds_below"]
    middle = above if not known(below) else (above + below) / 2
    ticks = list(claim["effects"].values())[:MOST_TICKS] if claim["law"] != "share" else []
    ends = [claim[key] for key in ("low", "high", "effect") if known(claim[key])] + ticks
    reach = max([abs(end - middle) for end in ends] + ([below - middle] if known(below) else [])) or 1.0

    def place(value: float) -> float:
        return round(50 + 46 * (value - middle) / reach, 2)

    start, end = (place(claim[key]) if known(claim[key]) else place(claim["effect"]) for key in ("low", "high"))
    return {
        "start": start,
        "end": end,
        "point": place(claim["effect"]),
        "from": place(above),
        "to": place(below) if known(below) else 100.0,
        "ticks": [place(value) for value in ticks],
    }


def describe_test(test: dict[str, Any], names: dict[str, Any]) -> str:
    """The test in words: what is compared, where, and how the numbers of a replicate become one."""

    def label(name: str) -> str:
        return names["methods"].get(name, {}).get("label", name)

    places = [name.replace("_", " ") for name in test.get("scenarios", [])]
    where = f" in {', '.join(places)}" if places else ""
    metric = names["metrics"].get(test.get("metric"), {}).get("label", test.get("metric"))
    joined = {"mean": "averaged over", "median": "the median over", "worst": "the worst of"}
    how = joined[test.get("aggregation", "mean")] + " the scenarios" if len(places) > 1 else ""
    match test["kind"]:
        case "comparison":
            text = f"{label(test['ours'])} against {label(test['peer'])}, {metric}{where}; paired by replicate"
        case "equivalence":
            other = label(test["peer"]) if "peer" in test else f"the value {number(test['value'])}"
            text = f"{label(test['ours'])} the same as {other} up to {number(test['margin'])}, {metric}{where}"
        case "threshold":
            side = "at most" if test["direction"] == "lower" else "at least"
            whom = "in every replicate" if test.get("holds_for") == "every" else "on average"
            text = f"{label(test['ours'])}: {metric} {side} {number(test['bound'])} {whom}{where}"
            how = "" if test.get("holds_for") == "every" else how
        case "trend":
            steps = [label(name) for name in test["methods"]] if "methods" in test else [label(test["ours"])]
            way = {"higher": "rises", "lower": "falls", "flat": "stays the same"}[test["direction"]]
            measure = "slope" if test.get("statistic") == "slope" else "last minus first"
            text = f"{metric} {way} along {' → '.join(steps)}{where} ({measure}, per replicate)"
        case "robustness":
            text = f"loss of {label(test['peer'])} minus loss of {label(test['ours'])}, {metric}{where}"
            if "clean_ours" in test:
                text += f", from {label(test['clean_peer'])} and {label(test['clean_ours'])}"
            if "clean_scenarios" in test:
                text += ", from " + ", ".join(name.replace("_", " ") for name in test["clean_scenarios"])
        case _:
            cases = ", ".join(test["cases"])
            text = f"CPU time of {test['peer']} over that of {test['ours']} in snakemake benchmark ({cases})"
    return f"{text}; {how}" if how else text


def _shown(claim: dict[str, Any]) -> Any:
    if claim["scale"] == "ratio":
        return factor
    return (lambda value: f"{100 * value:.3g} %") if claim["law"] == "share" else number


def _unit(claim: dict[str, Any], names: dict[str, Any]) -> str:
    if claim["scale"] == "ratio":
        return "times"
    if claim["law"] == "share" or not claim["test"]:
        return "of the replicates" if claim["law"] == "share" else ""
    return names["metrics"].get(claim["test"].get("metric"), {}).get("unit", "")


def _region(claim: dict[str, Any], shown: Any) -> str:
    if not known(claim["holds_above"]):
        return ""
    if claim["law"] == "share":
        return "holds if all do; one exception contradicts"
    if known(claim["holds_below"]):
        return f"holds between {shown(claim['holds_above'])} and {shown(claim['holds_below'])}"
    return f"holds above {shown(claim['holds_above'])}"

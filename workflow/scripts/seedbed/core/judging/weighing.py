"""Weigh the effects of one claim: intervals, p-values for and against, and what bears on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seedbed.core.statistics.bounded_mean import betting_interval
from seedbed.core.statistics.intervals import share_interval
from seedbed.core.statistics.mean_test import RESAMPLES, MeanTest, fewest, mean_test, verdict_of
from seedbed.core.statistics.over_scenarios import effects_by_place, prediction_interval
from seedbed.core.statistics.sample_size import SizesNeeded, sizes_needed

from .effects import Effects
from .judged_claims import MeanBound, StepEffect, WeighedEffects, or_none


def weigh(effects: Effects, level: float = 0.95) -> WeighedEffects:
    """What the ledger says about effects, ready for :func:`verdict`; at least two of them must be known."""
    return _weigh_share(effects, level) if effects.law == "share" else _weigh_mean(effects, level)


def verdict(found: WeighedEffects, alpha: float = 0.05, p_adjusted: float | None = None) -> str:
    """The one rule that judges all claims, on what :func:`weigh` returns."""
    if found.law == "share":
        if found.refuted:
            return "contradicted"
        return "no counterexample" if found.least is None else "inconclusive"
    if found.p_inside is None or found.p_outside is None or (found.law == "any" and found.n < fewest(alpha)):
        return "inconclusive"
    return verdict_of(found.p_inside, found.p_outside, alpha, p_adjusted)


def settling_sizes(effects: Effects, alpha: float, level: float = 0.95) -> SizesNeeded | None:
    """How many replicates would settle an open claim; None where more of them would not, or a share is asked for."""
    if effects.law != "any" or effects.overlap != 0:
        return None
    test = _test(effects.values.to_numpy(float), effects, level)
    return sizes_needed(test, effects.low, effects.high, alpha)


def _test(values: np.ndarray, effects: Effects, level: float, low: float | None = None, high: float | None = None):
    region = effects.low if low is None else low, effects.high if high is None else high
    overlap = effects.overlap or 0.0
    return mean_test(values, *region, level=level, overlap=overlap, resamples=RESAMPLES if effects.law == "any" else 0)


def _weigh_mean(effects: Effects, level: float) -> WeighedEffects:
    least, most = (end.to_numpy(float) for end in (effects.least, effects.most))
    whole = bool(effects.known.all())
    if whole:
        tests = [_test(least, effects, level)] * 2
        inside, outside = tests[0].p_inside, tests[0].p_outside
    else:  # what could stand where scores are missing, at its worst for each of the two
        tests = [_test(end, effects, level) for end in (least, most)]
        inside, outside = _enclosed_pvalues(least, most, effects, level)
    shown = _against(tests, effects)
    steps, inside, outside = _with_steps(effects, inside, outside, level)
    bounded = (np.nan, np.nan)
    if effects.span is not None and not effects.overlap:
        bounded = betting_interval(least, effects.span, level)[0], betting_interval(most, effects.span, level)[1]
    return replace(
        _told(effects, level),
        effect=or_none(shown.mean),
        low=or_none(tests[0].low),
        high=or_none(tests[1].high),
        student_low=or_none(tests[0].student_low),
        student_high=or_none(tests[1].student_high),
        p_inside=inside,
        p_outside=outside,
        p_value=min(inside, outside),
        p_sign_flips=or_none(shown.p_sign_flips),
        p_signed_rank=or_none(shown.p_signed_rank),
        bounded_low=or_none(bounded[0]),
        bounded_high=or_none(bounded[1]),
        least=None if whole else _bound(tests[0]),
        most=None if whole else _bound(tests[1]),
        steps=steps,
    )


def _told(effects: Effects, level: float) -> WeighedEffects:
    """What is known of effects before they are tested."""
    prediction = prediction_interval(effects.by_place, level) if effects.unit == "replicate" else (np.nan, np.nan)
    if effects.span is not None:
        prediction = tuple(np.clip(prediction, *effects.span).tolist())
    return replace(
        WeighedEffects.none(reason=""),
        holds_above=or_none(effects.low),
        holds_below=or_none(effects.high),
        prediction_low=or_none(prediction[0]),
        prediction_high=or_none(prediction[1]),
        n=int(effects.known.sum()),
        n_expected=len(effects.known),
        n_failed=effects.failed,
        law=effects.law,
        unit=effects.unit,
        scale=effects.scale,
        effects={str(key): float(value) for key, value in effects.values.items()},
        by_place=effects_by_place(effects.by_place, level) if len(effects.by_place) > 1 else (),
        overlap=effects.overlap,
    )


def _bound(test: MeanTest) -> MeanBound:
    return MeanBound(effect=or_none(test.mean), low=or_none(test.low), high=or_none(test.high))


def _against(tests: list[MeanTest], effects: Effects) -> MeanTest:
    """The test that speaks against the claim: the one farther out of its region."""
    if not np.isfinite(effects.high):
        return tests[0]
    middle = (effects.low + effects.high) / 2
    return max(tests, key=lambda test: abs(test.mean - middle))


def _enclosed_pvalues(least: np.ndarray, most: np.ndarray, effects: Effects, level: float) -> tuple[float, float]:
    inside, outside = [], []
    for bound, low, high in (("low", effects.low, np.inf), ("high", -np.inf, effects.high)):
        if np.isfinite(low) or np.isfinite(high):
            ends = (least, most) if bound == "low" else (most, least)
            inside.append(_test(ends[0], effects, level, low, high).p_inside)
            outside.append(_test(ends[1], effects, level, low, high).p_outside)
    return max(inside), min(outside)


def _with_steps(
    effects: Effects, inside: float, outside: float, level: float
) -> tuple[tuple[StepEffect, ...], float, float]:
    """A trend holds only if every step goes its way, and falls with any step that goes the other (Bonferroni)."""
    rows = []
    low, high = (0.0, np.inf) if not np.isfinite(effects.high) else (effects.low, effects.high)
    for name, ends in effects.steps.items():
        least, most = (end.to_numpy(float) for end in ends)
        first, last = (_test(end, effects, level, low, high) for end in (least, most))
        against = max(first.p_outside, last.p_outside)
        kept = bool(low < first.mean and last.mean < high)
        means = [or_none(end) for end in (first.mean, first.low, last.high)]
        rows.append(StepEffect(step=name, effect=means[0], low=means[1], high=means[2], kept=kept))
        inside = inside if kept else 1.0
        outside = min(outside, against)
    return tuple(rows), inside, min(1.0, outside * (1 + len(rows)))


def _weigh_share(effects: Effects, level: float) -> WeighedEffects:
    values = effects.values.to_numpy(float)
    kept, n = int(values.sum()), len(values)
    low, high = share_interval(kept, n, level)
    least, most = (MeanBound(effect=float(end.mean()), low=None, high=None) for end in (effects.least, effects.most))
    whole = bool(effects.known.all())
    return replace(
        _told(effects, level),
        effect=kept / n,
        low=or_none(low),
        high=or_none(high),
        least=None if whole else least,
        most=None if whole else most,
        refuted=kept < n,
        failure_bound=1 - (1 - level) ** (1 / n) if kept == n else None,
    )

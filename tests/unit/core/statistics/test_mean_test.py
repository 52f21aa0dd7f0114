"""The one test of the ledger: exact cases, invariances, and how often it errs, by law of the effects."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats
from seedbed.core.statistics.bounded_mean import betting_interval
from seedbed.core.statistics.error_rates import LAWS, error_rates, power
from seedbed.core.statistics.mean_test import fewest, mean_test, verdict_of

EFFECTS = np.array([0.11, 0.32, -0.05, 0.21, 0.17, 0.4, 0.02, 0.26, 0.3, -0.12])


def test_student_alone_is_students() -> None:
    found = mean_test(EFFECTS, 0.05, resamples=0)
    peer = stats.ttest_1samp(EFFECTS, 0.05, alternative="greater")
    low, high = stats.ttest_1samp(EFFECTS, 0.05).confidence_interval(0.95)
    assert found.p_inside == pytest.approx(2 * peer.pvalue) and found.p_outside == 1
    assert (found.low, found.high) == pytest.approx((low, high)) == (found.student_low, found.student_high)


def test_resamples_are_those_of_the_bootstrap_t() -> None:
    """All 5^5 resamples of five effects, weighed alike, against the drawn ones."""
    values = np.array([0.0, 0.1, 0.3, 0.9, 2.0])
    mean, spread = values.mean(), values.std(ddof=1)
    law = []
    for rows in itertools.product(range(5), repeat=5):
        drawn = values[list(rows)]
        law.append((drawn.mean() - mean) * 5**0.5 / max(drawn.std(ddof=1), spread / 5**0.5))
    t = (mean - 0.02) / (spread / 5**0.5)
    expected = max(np.mean(np.array(law) >= t), stats.t.sf(t, 4))
    assert mean_test(values, 0.02).p_inside == pytest.approx(2 * expected, abs=0.02)


@pytest.mark.parametrize("bound", [-0.3, 0.0, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_interval_and_p_value_say_the_same(bound: float, level: float) -> None:
    found = mean_test(EFFECTS, bound, level=level)
    assert (found.low > bound) == (found.p_inside < 1 - level)
    assert (found.high < bound) == (found.p_outside < 1 - level)
    upper = mean_test(EFFECTS, -np.inf, bound, level=level)
    assert (upper.p_inside, upper.p_outside) == (found.p_outside, found.p_inside)
    band = mean_test(EFFECTS, bound, bound + 0.3, level=level)
    assert (bound < band.low and band.high < bound + 0.3) == (band.p_inside < 1 - level)


@pytest.mark.parametrize(("shift", "factor"), [(0.0, 1e-300), (0.0, 1e300), (7.0, 3.0), (-2.0, 1e-6)])
def test_units_change_nothing(shift: float, factor: float) -> None:
    found, moved = (
        mean_test(EFFECTS, 0.05, 0.5),
        mean_test(factor * (EFFECTS + shift), *(factor * (np.array([0.05, 0.5]) + shift))),
    )
    assert (moved.p_inside, moved.p_outside) == pytest.approx((found.p_inside, found.p_outside), rel=1e-6)
    assert moved.low == pytest.approx(factor * (found.low + shift), rel=1e-6)


def test_turned_effects_turn_the_verdict() -> None:
    found, turned = mean_test(EFFECTS), mean_test(-EFFECTS)
    assert turned.p_outside == pytest.approx(found.p_inside, abs=2e-3)
    assert verdict_of(found.p_inside, found.p_outside, 0.05) == "reproduced"
    assert verdict_of(turned.p_inside, turned.p_outside, 0.05) == "contradicted"


def test_a_few_large_effects_do_not_turn_the_many_small_ones() -> None:
    """The signed rank test calls this `below` while the mean lies above: its direction was not the verdict's."""
    values = np.concatenate([np.full(42, -0.01), 1 + np.linspace(0, 0.1, 8)])
    found = mean_test(values)
    assert found.low > 0 and found.p_inside < 0.05 < found.p_outside and found.p_signed_rank < 0.05


def test_equal_effects_have_the_evidence_of_their_signs() -> None:
    for n, expected in ((5, "inconclusive"), (6, "reproduced"), (10, "reproduced")):
        found = mean_test(np.full(n, 0.3))
        assert found.p_inside == pytest.approx(2.0 ** (1 - n)) and found.p_outside == 1
        assert verdict_of(found.p_inside, found.p_outside, 0.05) == expected
        assert np.isfinite(found.low) == (expected == "reproduced")
        rounded = mean_test(np.full(n, 0.3) + 1e-16 * np.arange(n))
        assert rounded.p_inside == found.p_inside
    on_the_bound = mean_test(np.zeros(10))
    assert on_the_bound.p_inside == on_the_bound.p_outside == 1
    assert mean_test(np.zeros(10), -0.1, 0.1).p_inside == pytest.approx(2.0**-9)


def test_fewest_effects_that_decide() -> None:
    assert fewest(0.05) == 6 and fewest(0.01) == 8 and fewest(0.5) == 3
    assert all(2.0 ** (1 - fewest(a)) < a <= 2.0 ** (2 - fewest(a)) for a in (0.3, 0.1, 0.05, 0.0625, 0.001))


def test_sign_flips_are_all_tried() -> None:
    signs = np.array(list(itertools.product([1, -1], repeat=10)))
    sums = signs @ (EFFECTS - 0.05)
    expected = 2 * np.mean(sums >= (EFFECTS - 0.05).sum() - 1e-12)
    assert mean_test(EFFECTS, 0.05).p_sign_flips == pytest.approx(expected)
    assert np.isnan(mean_test(np.arange(17.0)).p_sign_flips)


def test_overlapping_splits_are_corrected_as_nadeau_and_bengio_do() -> None:
    plain, halves = mean_test(EFFECTS, resamples=0), mean_test(EFFECTS, overlap=0.5, resamples=0)
    t = EFFECTS.mean() / (EFFECTS.std(ddof=1) * (1 / 10 + 1.0) ** 0.5)
    assert halves.p_inside == pytest.approx(2 * stats.t.sf(t, 9)) and halves.p_inside > plain.p_inside
    assert (halves.high - halves.low) / (plain.high - plain.low) == pytest.approx(11**0.5)


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_error_rates_are_those_of_the_docs(law: str) -> None:
    """Effects of mean zero: 2.5 % a side, where the law allows it; bounds are five standard errors above the table."""
    rates = error_rates(law, 10, runs=1000)
    most = {"exponential": (0.03, 0.09), "lognormal": (0.03, 0.14), "rare disaster": (0.42, 0.03)}.get(
        law, (0.05, 0.05)
    )
    assert rates["reproduced"] <= most[0] and rates["contradicted"] <= most[1]


@pytest.mark.slow
def test_effects_that_are_there_are_found() -> None:
    assert power(1.2, 10, runs=300) >= 0.76 and power(1.2, 20, tests=13, runs=300) >= 0.86


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_bets_cover_the_mean_of_any_law(share: float) -> None:
    rng = np.random.default_rng(3)
    drawn = (rng.random((300, 12)) < share).astype(float)
    found = np.array([betting_interval(values, (0.0, 1.0)) for values in drawn])
    assert np.mean((found[:, 0] <= share) & (share <= found[:, 1])) >= 0.94
    low, high = betting_interval(np.zeros(12), (-1.0, 1.0))
    assert low == pytest.approx(-high, abs=0.01) and 0.2 < high < 0.6, "twelve zeros do not exclude a disaster"
    wide, narrow = (betting_interval(rng.normal(0.5, 0.05, n), (0.0, 1.0)) for n in (20, 400))
    assert narrow[1] - narrow[0] < 0.1 < wide[1] - wide[0]

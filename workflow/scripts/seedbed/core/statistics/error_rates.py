"""How often the ledger's test is wrong, by law of the effects: the table in ``docs/faq.md``.

``python -m seedbed.core.statistics.error_rates`` (in ``workflow/scripts``) prints it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .mean_test import mean_test, verdict_of

Law = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]

# all of mean zero; "skew" laws have their long tail on the claim's side
LAWS: dict[str, Law] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "heavy tails (t, 3)": lambda rng, shape: rng.standard_t(3, shape),
    "rounded": lambda rng, shape: rng.integers(-2, 3, shape) / 60,
    "unequal spreads": lambda rng, shape: rng.normal(size=shape) * rng.choice([0.2, 1.0, 3.0], shape),
    "exponential": lambda rng, shape: rng.exponential(size=shape) - 1,
    "lognormal": lambda rng, shape: rng.lognormal(size=shape) - np.exp(0.5),
    "rare disaster": lambda rng, shape: rng.normal(1, 0.1, shape) - 10 * (rng.random(shape) < 0.1),
}


def error_rates(law: str, n: int, runs: int = 2000, seed: int = 0) -> dict[str, float]:
    """The shares of ``runs`` claims without an effect that come out ``reproduced`` and ``contradicted``."""
    drawn = LAWS[law](np.random.default_rng(seed), (runs, n))
    tests = [mean_test(effects) for effects in drawn]
    found = [verdict_of(test.p_inside, test.p_outside, 0.05) for test in tests]
    return {verdict: found.count(verdict) / runs for verdict in ("reproduced", "contradicted")}


def power(effect: float, n: int, tests: int = 1, runs: int = 2000, seed: int = 0) -> float:
    """The share of claims with normal effects of mean ``effect`` and spread 1 that are reproduced as the first of m."""
    drawn = np.random.default_rng(seed).normal(effect, 1, (runs, n))
    return float(np.mean([mean_test(effects).p_inside * tests < 0.05 for effects in drawn]))


def table() -> str:
    """In Markdown: per cent of false verdicts of each kind."""
    lines = ["| effects of mean zero | n | reproduced | contradicted |", "|---|---|---|---|"]
    for law in LAWS:
        for n in (10, 20, 40):
            rates = error_rates(law, n, runs=4000)
            lines.append(f"| {law} | {n} | {100 * rates['reproduced']:.1f} % | {100 * rates['contradicted']:.1f} % |")
    lines += ["", "| true effect, in standard deviations | n | alone | first of 13 (Holm) |", "|---|---|---|---|"]
    for effect in (0.8, 1.2, 1.6):
        for n in (10, 20, 40):
            shares = (power(effect, n, tests, 4000) for tests in (1, 13))
            lines.append(f"| {effect} | {n} | " + " | ".join(f"{100 * share:.0f} %" for share in shares) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())

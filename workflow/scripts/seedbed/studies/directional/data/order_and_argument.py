"""Points of the (v, x) plane at which log-Bessel functions are tried, and the errors made there.

Three errors are reported, as log I and log K vanish on curves: relative; relative to the componentwise
condition, ``max(|value|, x |d/dx| + v |d/dv|)``, below a few 1e-16 of which no algorithm with rounded
arguments can go; and mixed, ``max(1, |value|)``, which is the relative error of I or K itself.
"""

from __future__ import annotations

import numpy as np

# slope of the curve on which w - v asinh(v/x) = 0
ZERO_SLOPE = 0.6627434193491816


def log_uniform(rng: np.random.Generator, low: float, high: float, n: int) -> np.ndarray:
    """n numbers whose logarithm is uniform."""
    return np.exp(rng.uniform(np.log(low), np.log(high), n))


def _disc(rng, n, low, high):
    angle, w = rng.uniform(0, np.pi / 2, n), rng.uniform(low, high, n)
    return w * np.sin(angle), w * np.cos(angle)


def _zero_curve(rng, n):
    v = log_uniform(rng, 20.0, 1e6, n)
    return v, ZERO_SLOPE * v * (1.0 + rng.choice([-1, 1], n) * log_uniform(rng, 1e-8, 0.1, n))


def _box(rng, n, v_low, v_high, x_low, x_high):
    return rng.uniform(v_low, v_high, n), rng.uniform(x_low, x_high, n)


REGIONS = {
    "log_uniform": lambda rng, n: (log_uniform(rng, 1e-3, 1e6, n), log_uniform(rng, 1e-3, 1e6, n)),
    "tiny_argument": lambda rng, n: (log_uniform(rng, 1e-3, 1e6, n), log_uniform(rng, 1e-300, 1e-3, n)),
    "order_zero": lambda rng, n: (np.zeros(n), log_uniform(rng, 1e-300, 1e6, n)),
    "zero_curve": _zero_curve,
    "switching_zone": lambda rng, n: _disc(rng, n, 10.0, 60.0),
    "half_integer": lambda rng, n: (rng.integers(0, 200, n) / 2.0, log_uniform(rng, 1e-3, 1e4, n)),
    "moderate": lambda rng, n: _box(rng, n, 0.0, 150.0, 0.0, 150.0),
    "large": lambda rng, n: _box(rng, n, 150.0, 1e4, 150.0, 1e4),
    "small": lambda rng, n: _box(rng, n, 0.0, 25.0, 0.0, 25.0),
    "tiny_order": lambda rng, n: (log_uniform(rng, 1e-12, 1.0, n), log_uniform(rng, 1e-3, 25.0, n)),
    "uniform": lambda rng, n: _box(rng, n, 0.0, 1e6, 0.0, 1e6),
}
SHARES = (0.25, 0.1, 0.05, 0.15, 0.15, 0.05, 0.08, 0.04, 0.07, 0.03, 0.03)


def draw_points(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """About n points of all regions, the zero curve and the switching zones oversampled."""
    parts = [draw(rng, max(1, round(share * n))) for draw, share in zip(REGIONS.values(), SHARES, strict=True)]
    v, x = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
    return v, np.maximum(x, 1e-300)


def condition(function: str, v: np.ndarray, x: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """x |d/dx f| + v |d/dv f| for f = log I ("iv") or log K ("kv"), from the exact ratio I_{v+1}/I_v."""
    w = np.hypot(v, x)
    order = v * (np.log(v + w) - np.log(x))
    if function == "iv":
        return v + x * ratio + order
    # x K_{v-1}/K_v >= w - v, and within a factor of two of it where it matters
    return w + order


def errors(function: str, v, x, value, exact: tuple, ratio) -> dict[str, np.ndarray]:
    """The relative, condition-scaled and mixed errors of ``value`` at points; inf where it is not finite.

    An error of log I below the rounding of I itself is none of I: where both log I and its condition are below the
    machine's epsilon, as at order 0 and tiny arguments, the scaled error is relative to that.
    """
    high, low = exact
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        error = np.abs((value - high) - low)
        error = np.where(np.isfinite(value), error, np.inf)
        size = np.abs(high)
        scale = size
        if function != "ratio":
            scale = np.maximum(np.maximum(size, condition(function, v, x, ratio)), np.finfo(float).eps)
        result = {"relative": error / size, "scaled": error / scale, "mixed": error / np.maximum(1.0, size)}
    # an exact zero (log I_0 at tiny x underflows) that is met is no error
    return {name: np.where(error == 0.0, 0.0, values) for name, values in result.items()}

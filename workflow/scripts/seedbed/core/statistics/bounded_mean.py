"""An interval for the mean of effects that cannot leave a known range, whatever their law."""

from __future__ import annotations

import numpy as np

_GRID = 1_000


def betting_interval(values: np.ndarray, span: tuple[float, float], level: float = 0.95) -> tuple[float, float]:
    r"""The means against which no bet on the effects has won much (Waudby-Smith and Ramdas 2024).

    With the effects moved to :math:`[0, 1]`, two gamblers bet on every mean :math:`m` of a grid, one that the effects
    are larger, one that they are smaller; if :math:`m` is the mean, :math:`K_i = \prod_{j \le i} (1 \pm \lambda_j
    (x_j - m))` seldom gets large. The interval holds every :math:`m` with :math:`\max_i \max(K^+_i, K^-_i) / 2 <
    1 / \alpha`. It covers the mean with ``level`` for every law and every n, also where one in a hundred effects is a
    disaster that was not seen, and it is wide for that. It depends on the order of the effects.

    ``O(1000 n)``.
    """
    low, high = span
    x = np.clip((np.asarray(values, float) - low) / (high - low), 0.0, 1.0)
    n, alpha = len(x), 1 - level
    # bets look at the effects before theirs alone
    counts = np.arange(1, n + 1)
    means = (0.5 + np.cumsum(x)) / (counts + 1)
    variances = (0.25 + np.cumsum((x - means) ** 2)) / (counts + 1)
    before = np.concatenate([[0.25], variances[:-1]])
    bets = np.sqrt(2 * np.log(2 / alpha) / (n * before))
    grid = np.linspace(0, 1, _GRID + 1)
    with np.errstate(divide="ignore"):
        up, down = (np.minimum(bets[:, None], 0.5 / side) for side in (grid, 1 - grid))
    gains = x[:, None] - grid
    wealth = [np.cumsum(np.log1p(sign * bet * gains), axis=0).max(axis=0) for sign, bet in ((1, up), (-1, down))]
    kept = grid[np.maximum(*wealth) < np.log(2 / alpha)]
    if not len(kept):  # between two points of the grid
        kept = x.mean(keepdims=True)
    step = 1 / _GRID
    ends = max(0.0, kept.min() - step), min(1.0, kept.max() + step)
    return float(low + ends[0] * (high - low)), float(low + ends[1] * (high - low))

"""Axes hold what is drawn, and their ticks are even and written alike."""

from __future__ import annotations

import numpy as np
import pytest
import vl_convert
from seedbed.report.figures.axes import POWERS, quantity
from seedbed.report.figures.look import chart

RANGES = [
    (0.0, 1.0),
    (0.03, 0.97),
    (-0.2, 0.5),
    (1e-16, 1.0),
    (3e-5, 4e-5),
    (5.0, 5.0),
    (0.0, 0.0),
    (1e5, 3e7),
    (12, 90),
]


@pytest.mark.parametrize("logarithmic", [False, True])
@pytest.mark.parametrize("ends", RANGES)
def test_an_axis_holds_its_values_and_has_even_ticks(ends: tuple[float, float], logarithmic: bool) -> None:
    axis = quantity("x", [*ends, float("nan")], logarithmic)
    (low, high), ticks = axis["scale"]["domain"], axis["axis"]["values"]
    values = [value for value in ends if value > 0 or not logarithmic]
    room = 1e-9 * max(abs(low), abs(high))
    assert low < high and all(low - room <= value <= high + room for value in [*values, *ticks])
    assert 2 <= len(ticks) <= 8
    steps = np.diff(np.log10(ticks) if logarithmic and ticks[-1] / ticks[0] >= 10 * len(ticks) else ticks)
    if not logarithmic or ticks[-1] / ticks[0] >= 10 ** len(ticks):
        assert np.allclose(steps, steps[0])


def texts(axis: dict) -> list[str]:
    """What is written at the ticks, by Vega itself."""
    layer = {
        "data": {"values": [{"a": axis["scale"]["domain"][0]}]},
        "mark": "point",
        "encoding": {"x": {**axis, "field": "a"}},
    }
    svg = vl_convert.vegalite_to_svg(chart([layer]))
    part = svg[svg.index("role-axis-label") : svg.index("role-axis-title")]
    return [piece.partition("</text>")[0].rpartition(">")[2] for piece in part.split("<text")[1:]]


@pytest.mark.slow
def test_ticks_have_the_same_decimals_or_are_all_powers_of_ten() -> None:
    assert texts(quantity("x", [0.0, 1.0], False)) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert texts(quantity("x", [-0.05, 0.05], False))[0] == "−0.06"
    assert texts(quantity("x", [2e-17, 1.0], True)) == ["10⁻¹⁵", "10⁻¹²", "10⁻⁹", "10⁻⁶", "10⁻³", "10⁰"]
    assert texts(quantity("x", [0.01, 20.0], True)) == ["0.01", "0.1", "1", "10"]
    assert texts(quantity("x", [0.12, 0.7], True)) == ["0.2", "0.5"]
    assert texts(quantity("x", [0.0, 4e-5], False)) == ["0", "10⁻⁵", "2·10⁻⁵", "3·10⁻⁵", "4·10⁻⁵"]
    assert quantity("x", [1.0, 1e300], True)["axis"]["labelExpr"] == POWERS

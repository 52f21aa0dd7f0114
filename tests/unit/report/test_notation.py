"""One notation in a column: the same decimals, or powers of ten."""

from __future__ import annotations

import pytest
from seedbed.report.notation import notation, power


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ([0.1, 15.0, 0.0522], ["0.1", "15.0", "0.1"]),
        ([0.5, 0.0, 0.4999], ["0.500", "0.000", "0.500"]),
        ([1.0, 0.05], ["1.000", "0.050"]),
        ([-0.3, -0.0001, None], ["−0.300", "0.000", "–"]),
        ([12345.6, 7.0], ["12346", "7"]),
        ([2.5e7, 1.0], ["2.5·10⁷", "1.0·10⁰"]),
        ([4e-5, 1e-6], ["4.0·10⁻⁵", "1.0·10⁻⁶"]),
        ([0.0, 0.0], ["0", "0"]),
        ([], []),
    ],
)
def test_a_column_has_one_notation(column: list[float | None], written: list[str]) -> None:
    shown = notation(column)
    assert [shown.number(value) for value in column] == written


def test_what_spans_decades_is_written_in_powers_as_a_whole() -> None:
    shown = notation([1e-16, 0.4], logarithmic=True)
    assert shown.interval(1e-16, 0.4) == "[1.0·10⁻¹⁶, 4.0·10⁻¹]" and shown.number(0.0) == "0"
    assert notation([0.01, 20.0], logarithmic=True).interval(0.01, 20.0) == "[0.0, 20.0]"
    assert notation([1.0]).interval(None, 2.0) == "–"
    assert power(1e-16, 1) == "10⁻¹⁶" and power(-2.04e12) == "−2.0·10¹²"

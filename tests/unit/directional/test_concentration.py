"""The concentration solves its equation: tested on the residual to fifty digits."""

import mpmath
import numpy as np
import pytest
from mpmath import mp
from seedbed.directional import concentration_mle
from seedbed.studies.directional.data import exact_values

DIMENSIONS = [2, 3, 10, 67, 100, 500, 2048, 8192, 32768]


def _relative_error(p, kappa, r=None, gap=None):
    """|kappa - exact| / kappa by one Newton step in fifty digits."""
    with mpmath.workdps(60):
        v, k = mp.mpf(p) / 2 - 1, mp.mpf(float(kappa))
        a = exact_values.exact_ratio(v, k)
        slope = 1 - a * a - (2 * v + 1) * a / k
        residual = a - mp.mpf(float(r)) if gap is None else mp.mpf(float(gap)) - (1 - a)
        return float(abs(residual / (slope * k)))


@pytest.mark.parametrize("p", DIMENSIONS)
def test_concentrated_data_given_by_one_minus_r(p):
    gaps = np.concatenate([10.0 ** np.arange(-9, 0), [0.3, 0.6, 0.9]])
    kappa, steps = concentration_mle(p, one_minus_r=gaps, return_steps=True)
    assert steps.max() <= 4
    for k, gap in zip(kappa, gaps, strict=True):
        assert _relative_error(p, k, gap=gap) <= 1e-13 / gap
        # in fact the answer is good to a few units of the last place
        assert _relative_error(p, k, gap=gap) <= 1e-14


@pytest.mark.parametrize("p", DIMENSIONS)
def test_nearly_uniform_data(p):
    lengths = np.array([1e-300, 1e-12, 1e-6, 1e-3, 0.1, 0.5])
    kappa, steps = concentration_mle(p, lengths, return_steps=True)
    assert steps.max() <= 4
    for k, r in zip(kappa[1:], lengths[1:], strict=True):
        assert _relative_error(p, k, r=r) <= 1e-14
    assert kappa[0] == pytest.approx(p * 1e-300)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_gaps_whose_squares_underflow(backend):
    gaps = np.array([1e-99, 1e-101, 1e-160, 1e-300])
    kappa = concentration_mle(100, one_minus_r=gaps, backend=backend)
    np.testing.assert_allclose(kappa * gaps, 49.5, rtol=1e-14)


def test_limits_and_shapes():
    kappa = concentration_mle([[3], [5]], [0.0, 0.5, 1.0])
    assert kappa.shape == (2, 3)
    np.testing.assert_array_equal(kappa[:, 0], 0.0)
    np.testing.assert_array_equal(kappa[:, 2], np.inf)
    assert isinstance(concentration_mle(3, 0.5), np.float64)
    # coth(k) - 1/k = R at p = 3
    k = concentration_mle(3, 0.7)
    assert 1 / np.tanh(k) - 1 / k == pytest.approx(0.7, rel=1e-14)


def test_back_ends_agree():
    r = np.linspace(0.01, 0.99, 40)
    for p in (2, 7, 300):
        one, other = (concentration_mle(p, r, backend=name) for name in ("numba", "numpy"))
        np.testing.assert_allclose(one, other, rtol=1e-13)


@pytest.mark.parametrize("arguments", [(1, 0.5), (3, 1.5), (3, -0.1), (3, np.nan), (np.inf, 0.5), (3, None)])
def test_bad_input(arguments):
    with pytest.raises(ValueError):
        concentration_mle(*arguments)


def test_bad_shapes_and_back_end():
    with pytest.raises(ValueError, match="broadcast"):
        concentration_mle([3, 4, 5], [0.1, 0.2])
    with pytest.raises(ValueError, match="backend"):
        concentration_mle(3, 0.5, backend="c")

"""Errors against fifty-digit values over the plane; the bounds are those that the issue sets."""

import mpmath
import numpy as np
import pytest
from mpmath import mp
from seedbed.directional import bessel_ratio, log_iv, log_iv_dv, log_iv_dx, log_kv, log_kv_dv, log_kv_dx
from seedbed.studies.directional.data import exact_values
from seedbed.studies.directional.data.order_and_argument import ZERO_SLOPE, errors, log_uniform

BACKENDS = ("numba", "numpy")
BOUNDS = {"iv": (log_iv, 1e-15), "kv": (log_kv, 2e-15), "ratio": (bessel_ratio, 4e-15)}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", BOUNDS)
def test_scaled_error_over_the_plane(plane, name, backend):
    function, bound = BOUNDS[name]
    value = function(plane["v"], plane["x"], backend=backend)
    made = errors(name, plane["v"], plane["x"], value, plane[name], plane["ratio"][0])
    assert np.all(np.isfinite(value))
    assert made["scaled"].max() <= bound


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ["iv", "kv"])
def test_relative_error_near_the_zero_curve(name, backend):
    rng = np.random.default_rng(3)
    v = log_uniform(rng, 22.0, 1e6, 200)
    x = ZERO_SLOPE * v * (1 + rng.choice([-1, 1], v.size) * log_uniform(rng, 1e-8, 0.1, v.size))
    exact = exact_values.tabulate(name, v, x)
    made = errors(name, v, x, BOUNDS[name][0](v, x, backend=backend), exact, x / np.hypot(v, x))
    assert made["relative"].max() <= 5e-15


def test_half_integer_orders_have_their_closed_forms():
    x = np.array([0.1, 1.0, 5.0, 20.0, 24.99, 25.01, 300.0])
    log_sinh = x + np.log1p(-np.exp(-2 * x)) - np.log(2)
    np.testing.assert_allclose(log_iv(0.5, x), 0.5 * np.log(2 / (np.pi * x)) + log_sinh, rtol=1e-14)
    np.testing.assert_allclose(log_kv(0.5, x), 0.5 * np.log(np.pi / (2 * x)) - x, rtol=1e-14)
    np.testing.assert_allclose(bessel_ratio(0.5, x[:5]), 1 / np.tanh(x[:5]) - 1 / x[:5], rtol=2e-13)


def test_wronskian():
    # I_v K_{v+1} + I_{v+1} K_v = 1/x
    v, x = np.meshgrid([0.0, 0.3, 4.7, 30.0, 1e3], [1e-200, 0.2, 3.0, 40.0, 2e4])
    left = log_iv(v, x) + log_kv(v, x)
    both = left + np.log(bessel_ratio(v, x) + (v / x - log_kv_dx(v, x)))
    size = np.maximum(np.abs(log_iv(v, x)), 1.0)
    assert np.max(np.abs(both + np.log(x)) / np.maximum(size, np.abs(np.log(x)))) < 1e-14


def _exact_slopes(v, x):
    """d/dx log K, d/dv log I and d/dv log K to fifty digits."""
    with mpmath.workdps(60):
        v, x = mp.mpf(v), mp.mpf(x)
        h = mp.mpf(10) ** -18 * (1 + v)
        by_order = [
            float((f(v + h, x) - f(v - h, x)) / (2 * h)) for f in (exact_values.exact_log_iv, exact_values.exact_log_kv)
        ]
        by_argument = v / x - mp.exp(exact_values.exact_log_kv(v + 1, x) - exact_values.exact_log_kv(v, x))
        return float(by_argument), *by_order


@pytest.mark.parametrize("backend", BACKENDS)
def test_derivatives(backend):
    rng = np.random.default_rng(5)
    v = np.concatenate([log_uniform(rng, 1e-3, 1e5, 20), rng.uniform(0.01, 26, 30)])
    x = np.concatenate([log_uniform(rng, 1e-6, 1e5, 20), rng.uniform(0.01, 26, 30)])
    k_dx, i_dv, k_dv = np.transpose([_exact_slopes(a, b) for a, b in zip(v, x, strict=True)])
    np.testing.assert_allclose(log_kv_dx(v, x, backend=backend), k_dx, rtol=5e-15)
    i_dx = v / x + exact_values.tabulate("ratio", v, x)[0]
    np.testing.assert_allclose(log_iv_dx(v, x, backend=backend), i_dx, rtol=4e-15)
    np.testing.assert_allclose(log_iv_dv(v, x, backend=backend), i_dv, rtol=5e-15, atol=1e-14)
    np.testing.assert_allclose(log_kv_dv(v, x, backend=backend), k_dv, rtol=2e-14, atol=1e-14)


def test_back_ends_agree_to_a_few_units_on_many_points():
    rng = np.random.default_rng(11)
    v = np.concatenate([log_uniform(rng, 1e-3, 1e6, 5000), rng.uniform(0, 60, 5000)])
    x = np.concatenate([log_uniform(rng, 1e-300, 1e6, 5000), rng.uniform(0, 60, 5000)])
    w = np.hypot(v, x)
    for function in (log_iv, log_kv, bessel_ratio, log_kv_dx):
        a, b = (function(v, x, backend=backend) for backend in BACKENDS)
        scale = np.abs(a) if function in (bessel_ratio, log_kv_dx) else np.maximum(np.abs(a), w)
        assert np.max(np.abs(a - b) / scale) < 4e-15


def test_truth_does_not_depend_on_the_way_it_is_computed():
    # beyond w = 150 the series, below it sums: they must meet
    for v, x in ((160.0, 3.0), (3.0, 170.0), (120.0, 120.0)):
        with mpmath.workdps(70):
            by_mpmath = mp.log(mpmath.besseli(v, x)), mp.log(mpmath.besselk(v, x))
            assert abs(exact_values.exact_log_iv(v, x) - by_mpmath[0]) < mp.mpf(10) ** -38
            assert abs(exact_values.exact_log_kv(v, x) - by_mpmath[1]) < mp.mpf(10) ** -38
    with mpmath.workdps(60):
        ratio = mpmath.besseli(8.25, 12) / mpmath.besseli(7.25, 12)
        assert abs(exact_values.exact_ratio(7.25, 12.0) - ratio) < mp.mpf(10) ** -48


@pytest.mark.parametrize("v", [0.0, 1e-12, 0.5, 3.0, 3.0 * (1 + 2**-51), 42.0, 97.3, 140.0])
def test_truth_of_k_has_the_digits_of_mpmath_also_at_and_beside_whole_orders(v):
    for x in (1e-300, 0.01, 3.7, 45.0):
        with mpmath.workdps(80):
            by_mpmath = mp.log(mpmath.besselk(v, x))
            assert abs(exact_values.exact_log_kv(v, x) / by_mpmath - 1) < mp.mpf(10) ** -60

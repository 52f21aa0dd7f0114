"""Broadcasting, types, output arrays, threads, edges and errors of the log-Bessel functions."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbed.directional import bessel_ratio, log_iv, log_iv_dv, log_iv_dx, log_kv, log_kv_dv, log_kv_dx

ALL = (log_iv, log_kv, bessel_ratio, log_iv_dx, log_kv_dx, log_iv_dv, log_kv_dv)
INF, NAN = np.inf, np.nan


@pytest.mark.parametrize("function", ALL)
def test_broadcasts_and_keeps_scalars(function):
    v, x = np.array([[0.0], [3.0]]), np.array([0.5, 2.0, 40.0])
    grid = function(v, x)
    assert grid.shape == (2, 3)
    one = function(3, 2.0)
    assert isinstance(one, np.float64) and one == grid[1, 1]
    assert function(np.zeros((0, 4)), 1.0).shape == (0, 4)


@pytest.mark.parametrize("function", ALL)
def test_promotes_to_float64_and_writes_where_told(function):
    v, x = np.float32([1, 2, 3]), np.float32([10.5, 300, 7])
    expected = function(v.astype(float), x.astype(float))
    assert expected.dtype == np.float64
    np.testing.assert_array_equal(function(v, x), expected)
    np.testing.assert_array_equal(function(v.astype(int), x), expected)
    out = np.full(6, 9.0)[::2]
    assert function(v, x, out=out) is out
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("function", ALL)
def test_output_may_be_an_input(function):
    rng = np.random.default_rng(0)
    v, x = rng.uniform(0, 50, 3000), rng.uniform(0, 50, 3000)
    expected = function(v, x)
    assert function(v, x, out=x) is x
    np.testing.assert_array_equal(x, expected)


def test_layout_does_not_matter():
    rng = np.random.default_rng(1)
    v, x = rng.uniform(0, 50, (70, 60)), rng.uniform(0, 50, (70, 60))
    expected = log_iv(v, x)
    np.testing.assert_array_equal(log_iv(np.asfortranarray(v), x[::-1][::-1]), expected)
    np.testing.assert_array_equal(log_iv(v[::2, ::3], x[::2, ::3]), expected[::2, ::3])
    v.flags.writeable = False
    np.testing.assert_array_equal(log_iv(v, x), expected)


def test_threads_give_the_same_numbers():
    rng = np.random.default_rng(2)
    x = rng.uniform(0, 2000, (400, 500))
    expected = log_iv(7.5, x)
    np.testing.assert_array_equal(log_iv(7.5, x, n_threads=3), expected)
    out = np.empty((500, 400)).T
    np.testing.assert_array_equal(log_iv(7.5, x, n_threads=2, out=out), expected)


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 1e6), st.floats(1e-300, 1e6))
def test_neighbours_in_an_array_do_not_matter(v, x):
    rng = np.random.default_rng(3)
    many_v, many_x = rng.uniform(0, 60, 50), rng.uniform(0, 60, 50)
    many_v[17], many_x[17] = v, x
    for function in (log_iv, log_kv, bessel_ratio, log_kv_dx):
        alone, among = function(v, x), function(many_v, many_x)[17]
        # the order of fused operations in a loop's tail may differ
        assert abs(alone - among) <= 4e-16 * max(abs(alone), np.hypot(v, x))


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 1e5), st.floats(1e-5, 1e5))
def test_bounds_of_amos(v, x):
    ratio = bessel_ratio(v, x)
    lower = x / (v + 1 + np.hypot(v + 1, x))
    upper = x / (v + 0.5 + np.hypot(v + 1.5, x))
    # x / (a + sqrt(x^2 + b^2)) is a lower bound for (a, b) = (v+1, v+1), and (v+1/2, v+3/2) the sharper one
    assert lower * (1 - 1e-14) <= upper * (1 + 1e-14) <= ratio * (1 + 4e-14) < 1 + 4e-14


EDGES = {
    log_iv: [(0, 0, 0.0), (2, 0, -INF), (2, INF, INF), (INF, 2, -INF), (0, 1e-310, 0.0)],
    log_kv: [(0, 0, INF), (2, 0, INF), (2, INF, -INF), (INF, 2, INF)],
    bessel_ratio: [(0, 0, 0.0), (2, 0, 0.0), (2, INF, 1.0), (INF, 2, 0.0)],
    log_iv_dx: [(0, 0, 0.0), (2, 0, INF), (2, INF, 1.0), (INF, 2, INF)],
    log_kv_dx: [(0, 0, -INF), (2, 0, -INF), (2, INF, -1.0), (INF, 2, -INF)],
    log_iv_dv: [(0, 0, -INF), (2, 0, -INF), (2, INF, 0.0), (INF, 2, -INF)],
    log_kv_dv: [(0, 2, 0.0), (2, 0, INF), (2, INF, 0.0), (INF, 2, INF)],
}
OUTSIDE = [(-1, 1), (1, -1), (NAN, 1), (1, NAN), (INF, INF)]


@pytest.mark.parametrize("backend", ["numba", "numpy"])
@pytest.mark.parametrize("function", ALL)
def test_edges(function, backend):
    for v, x, expected in EDGES[function]:
        assert function(float(v), float(x), backend=backend) == expected, (v, x)
    for v, x in OUTSIDE:
        assert np.isnan(function(float(v), float(x), backend=backend)), (v, x)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("backend", ["numba", "numpy"])
@pytest.mark.parametrize("function", ALL)
def test_extreme_arguments_give_numbers(function, backend):
    extreme = np.array([0.0, 5e-324, 1e-310, 1e-300, 0.5, 25.0, 1e15, 1e160, 1e308])
    v, x = np.meshgrid(extreme, extreme[1:])
    assert not np.isnan(function(v, x, backend=backend)).any()


@pytest.mark.parametrize("backend", ["numba", "numpy"])
def test_far_outside_the_usual_range(backend):
    # log I_v(x) = v log(x/2) - log Gamma(v+1) for tiny x, and ~ x for huge x
    assert log_iv(3.0, 1e-310, backend=backend) == pytest.approx(3 * np.log(0.5e-310) - np.log(6.0), rel=1e-12)
    assert log_iv(3.0, 1e200, backend=backend) == 1e200
    assert log_kv(3.0, 1e-310, backend=backend) == pytest.approx(np.log(8.0) - 3 * np.log(1e-310), rel=1e-12)
    assert log_kv(0.0, 1e-310, backend=backend) == pytest.approx(
        np.log(np.log(2) + 310 * np.log(10) - 0.5772156649), rel=1e-12
    )
    assert bessel_ratio(1e200, 1e200, backend=backend) == pytest.approx(np.sqrt(2) - 1, rel=1e-15)


def test_errors_are_plain():
    with pytest.raises(ValueError, match="do not broadcast"):
        log_iv(np.ones(3), np.ones(4))
    with pytest.raises(ValueError, match="real numbers"):
        log_iv(1j, 1.0)
    with pytest.raises(ValueError, match="real numbers"):
        log_kv(["a"], 1.0)
    with pytest.raises(ValueError, match="out must be"):
        log_iv(np.ones(3), 1.0, out=np.empty(4))
    with pytest.raises(ValueError, match="out must be"):
        log_iv(np.ones(3), 1.0, out=np.empty(3, np.float32))
    locked = np.empty(3)
    locked.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        log_iv(np.ones(3), 1.0, out=locked)
    with pytest.raises(ValueError, match="v must be an array"):
        log_iv([[1.0], [2.0, 3.0]], 1.0)
    with pytest.raises(ValueError, match="n_threads"):
        log_iv(1.0, 1.0, n_threads=0)
    with pytest.raises(ValueError, match="backend"):
        log_iv(1.0, 1.0, backend="fortran")


def test_import_loads_and_compiles_nothing():
    code = (
        "import sys, seedbed.directional as d; d.log_iv; "
        "assert 'numba' not in sys.modules and 'sklearn' not in sys.modules, 'too much was imported'"
    )
    paths = [path for path in sys.path if path.endswith("scripts")]
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}; {code}"], check=True)


def test_numpy_serves_where_numba_is_missing(monkeypatch):
    from seedbed.directional.bessel import functions as bessel

    monkeypatch.setattr(bessel.importlib.util, "find_spec", lambda name: None)
    bessel.kernel.cache_clear()
    try:
        assert log_iv(1.0, 2.0) == log_iv(1.0, 2.0, backend="numpy")
        with pytest.raises(ValueError, match="not installed"):
            log_iv(1.0, 2.0, backend="numba")
    finally:
        bessel.kernel.cache_clear()

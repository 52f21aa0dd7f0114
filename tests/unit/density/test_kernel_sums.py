"""Sums of kernels against the direct log-sum-exp of differences, by both kinds of loops."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logsumexp
from seedbed.density.kernels.radial_kernels import KERNELS, radial_kernel
from seedbed.density.sums import numpy_tiles, tiles
from seedbed.density.sums.kernel_sums import KernelSums


def direct(queries, centres, kernel, log_weights=0.0, log_widths=0.0):
    """Logarithms of all terms, from differences."""
    squares = ((queries[:, None] - centres[None]) ** 2).sum(axis=-1)
    with np.errstate(divide="ignore"):
        return kernel.log_profile(squares / np.exp(2.0 * log_widths)) + log_weights - centres.shape[1] * log_widths


@pytest.fixture(params=["compiled", "numpy"])
def loops(request, monkeypatch):
    """Both kinds of loops."""
    if request.param == "compiled":
        pytest.importorskip("numba")
        return
    from types import SimpleNamespace

    slow = SimpleNamespace(**{name: getattr(numpy_tiles, name) for name in tiles.NAMES})
    monkeypatch.setattr("seedbed.density.sums.kernel_sums.loops", lambda: slow)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.usefixtures("loops")
def test_sums_are_those_of_differences(name):
    """Random sizes and widths, odd tiles, weights, widths of every point, queries that are centres or far away."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        n, m, d = int(rng.integers(1, 90)), int(rng.integers(1, 20)), int(rng.integers(1, 12))
        h = 10.0 ** rng.uniform(-3, 1.5)
        centres = rng.normal(size=(n, d)) / h + rng.normal() * 3.0
        queries = np.vstack([rng.normal(size=(m, d)) / h, centres[:3], centres[:1] + 1e3])
        kernel = radial_kernel(name, d, 3.0)
        weighted = rng.random() < 0.5
        log_weights = np.log(rng.uniform(0.1, 3.0, n)) if weighted else None
        log_widths = np.log(rng.uniform(0.5, 2.0, n)) if rng.random() < 0.5 else None
        tile = (int(rng.integers(1, 9)), int(rng.integers(1, 40)))
        found = KernelSums(centres, kernel, log_weights, log_widths, tile=tile).log_sums(queries)
        terms = direct(
            queries, centres, kernel, *(np.zeros(n) if each is None else each for each in (log_weights, log_widths))
        )
        with np.errstate(invalid="ignore"):
            known = logsumexp(terms, axis=1)
            shares = np.exp(logsumexp(2.0 * terms, axis=1) - 2.0 * known)
        assert (np.isfinite(found.log_total) == np.isfinite(known)).all()
        reached = np.isfinite(known)
        error = np.abs(found.log_total[reached] - known[reached]) / (1.0 + np.abs(known[reached]))
        assert error.max(initial=0.0) <= 1e-12
        np.testing.assert_allclose(found.participation[reached], shares[reached], rtol=1e-7, atol=1e-12)


@pytest.mark.usefixtures("loops")
def test_powers_leave_out_and_are_those_of_other_widths():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(150, 6)) / 0.9
    X[0] += 60.0  # whose terms would all underflow
    kernel, rows = radial_kernel("gaussian", 6), np.arange(150)
    terms = direct(X, X, kernel)
    np.fill_diagonal(terms, -np.inf)
    found = KernelSums(X, kernel, tile=(17, 31)).log_sums_of_powers(X, rows)
    known = np.column_stack([logsumexp(k * terms, axis=1) for k in range(1, 17)])
    np.testing.assert_allclose(found, known, rtol=1e-12, atol=1e-12)
    weights = np.log(rng.uniform(0.1, 1.0, 150))
    found = KernelSums(X, kernel, weights).log_sums_of_powers(X, rows)
    known = np.column_stack([logsumexp(k * terms + weights, axis=1) for k in range(1, 17)])
    np.testing.assert_allclose(found, known, rtol=1e-12, atol=1e-12)


def test_pairs_that_serve_both_points_give_the_same_sums():
    """Also rows far from all others, twins, and where nothing but rows on scales of their own would do."""
    from seedbed.density.sums.symmetric_powers import log_sums_of_powers

    rng = np.random.default_rng(6)
    for d, h in ((3, 0.5), (20, 1.8), (8, 0.05)):
        X = rng.normal(size=(700, d)) / h
        X[5], X[6] = X[7] + 1e-9, 40.0
        found = log_sums_of_powers(X)
        known = KernelSums(X, radial_kernel("gaussian", d)).log_sums_of_powers(X, np.arange(700))
        np.testing.assert_allclose(found, known, rtol=1e-12, atol=1e-11)


def test_nothing_is_lost_where_points_lie_far_from_their_middle():
    """Two groups 1e7 widths apart: products of coordinates keep nothing of the distances within a group."""
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 4))
    X[30:] += 1e7
    terms = direct(X, X, radial_kernel("gaussian", 4))
    found = KernelSums(X, radial_kernel("gaussian", 4)).log_sums(X).log_total
    np.testing.assert_allclose(found, logsumexp(terms, axis=1), atol=1e-7)  # of the coordinates' own last digits


@pytest.mark.usefixtures("loops")
def test_largest_terms_and_nearest_points():
    rng = np.random.default_rng(3)
    X, Q = rng.normal(size=(83, 5)), rng.normal(size=(20, 5))
    squares = ((Q[:, None] - X[None]) ** 2).sum(axis=-1)
    order = np.argsort(squares, axis=1)[:, :7]
    found, places = KernelSums(X, radial_kernel("student", 5, 2.0), tile=(7, 10)).nearest(Q, 7)
    np.testing.assert_array_equal(places, order)
    np.testing.assert_allclose(found, np.take_along_axis(squares, order, axis=1), rtol=1e-10)


@pytest.mark.parametrize("name", ["gaussian", "student", "laplace"])
def test_shares_add_up(name):
    rng = np.random.default_rng(4)
    X, Q, kernel = rng.normal(size=(70, 3)), rng.normal(size=(20, 3)), radial_kernel(name, 3, 2.0)
    widths = np.log(rng.uniform(0.5, 2.0, 70))
    terms = direct(Q, X, kernel, 0.0, widths)
    w = np.exp(terms - logsumexp(terms, axis=1, keepdims=True))
    squares = ((Q[:, None] - X[None]) ** 2).sum(axis=-1)
    slopes = kernel.slope(squares / np.exp(2.0 * widths)) / np.exp(2.0 * widths)
    for tile in ((6, 11), (6, 100)):
        found = KernelSums(X, kernel, None, widths, tile=tile).shares(Q, X)
        np.testing.assert_allclose(found.means, (w * slopes) @ X, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(found.mass, (w * slopes).sum(axis=1), rtol=1e-10)
        np.testing.assert_allclose(found.columns, w.sum(axis=0), rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(found.log_total, logsumexp(terms, axis=1), rtol=1e-12)


def test_threads_and_tiles_change_no_more_than_rounding():
    rng = np.random.default_rng(5)
    X, kernel = rng.normal(size=(700, 8)), radial_kernel("gaussian", 8)
    plain = KernelSums(X, kernel).log_sums(X)
    np.testing.assert_array_equal(plain.log_total, KernelSums(X, kernel, n_jobs=2).log_sums(X).log_total)
    other = KernelSums(X, kernel, tile=(37, 211)).log_sums(X)
    np.testing.assert_allclose(plain.log_total, other.log_total, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", KERNELS)
def test_kernels_integrate_to_one_and_noise_is_drawn_from_them(name):
    """In d = 1 and 3 by quadrature over the radius; the variance is that of the noise."""
    from scipy.integrate import quad
    from scipy.special import gamma

    for d in (1, 3):
        kernel = radial_kernel(name, d, 5.0)
        area = 2.0 * np.pi ** (d / 2) / gamma(d / 2)

        def density(r, kernel=kernel, area=area, d=d):
            squares = np.array([[r * r]])
            return area * r ** (d - 1) * np.exp(kernel.log_profile(squares)[0, 0] + kernel.log_constant())

        end = 1.0 if kernel.compact else np.inf
        assert quad(density, 0.0, end)[0] == pytest.approx(1.0, abs=1e-7)
        second = quad(lambda r, f=density: r * r * f(r), 0.0, end)[0] / d
        assert second == pytest.approx(kernel.variance(), rel=1e-5)
        noise = kernel.noise(np.random.default_rng(0), 40_000)
        assert noise.var() == pytest.approx(kernel.variance(), rel=0.06)


@pytest.mark.parametrize("n", [512, 700])
@pytest.mark.parametrize("h", [0.05, 1e-3])
def test_shares_of_single_precision_add_up(n, h):
    """Whatever the log density is wrong by; in one tile and in two."""
    from seedbed.density import HighDimensionalKDE

    rng = np.random.default_rng(7)
    X, Q = rng.normal(size=(n, 20)), rng.normal(size=(30, 20))
    single, double = (HighDimensionalKDE(h, dtype=dtype).fit(X) for dtype in (np.float32, np.float64))
    terms = -0.5 * ((Q[:, None] - X[None]) ** 2).sum(axis=-1) / h**2
    w = np.exp(terms - logsumexp(terms, axis=1, keepdims=True))
    np.testing.assert_allclose(single.gradient(Q), (w @ X - Q) / h**2, rtol=1e-6, atol=1e-6 / h**2)
    np.testing.assert_allclose(single.contributions(Q, 1)[1][:, 0], w.max(axis=1), rtol=1e-6)
    found, known = single.diagnose(Q), double.diagnose(Q)
    np.testing.assert_allclose(found.largest_share, known.largest_share, rtol=1e-6)
    np.testing.assert_allclose(found.effective_points, known.effective_points, rtol=1e-6)

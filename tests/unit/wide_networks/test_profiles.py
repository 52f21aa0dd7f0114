"""Kernels as functions of the angle: their ends, their values, and their spectrum."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.special import comb
from seedbed.wide_networks import angle_profile, ntk_kernel
from slow_recursion import mpmath_relu

DEPTHS = [1, 2, 3, 6, 20, 100, 200]


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("t", [1e-3, 1e-6, 1e-9])
def test_near_zero_the_tangent_kernel_has_a_cusp_and_the_other_none(depth, t):
    ntk, nngp = angle_profile(depth), angle_profile(depth, which="nngp")
    slope, share = depth / (2.0 * np.pi), (depth * t) ** 2
    assert ntk(t) / (depth + 1) == pytest.approx(1.0 - slope * t, abs=share + 4e-15)
    assert nngp(t) == pytest.approx(
        1.0 - depth * t * t / 2.0 if depth == 1 else 1.0, abs=share * t + depth * t * t + 4e-15
    )


def test_one_layer_at_the_ends():
    t = np.array([1e-2, 1e-3])
    nngp = angle_profile(1, which="nngp")
    np.testing.assert_allclose(nngp(t), 1.0 - t**2 / 2.0 + t**3 / (3.0 * np.pi), atol=1e-9)
    assert angle_profile(1)(np.pi) == pytest.approx(0.0, abs=1e-15)
    assert nngp(np.pi) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("depth", DEPTHS)
def test_values_are_those_of_fifty_digits(depth):
    t = np.array([1e-9, 1e-5, 0.3, np.pi / 2, 2.5, 3.1415])
    found = angle_profile(depth)(t)
    for angle, value in zip(t, found, strict=True):
        y = [np.cos(angle), np.sin(angle)]
        exact = float(mpmath_relu([1.0, 0.0], y, depth)[1])  # of sigma_w^2 / d = 1
        assert value == pytest.approx(exact, abs=3e-15 * (depth + 1))


@pytest.mark.parametrize("activation", ["relu", "erf", "gelu", "tanh"])
@pytest.mark.parametrize("which", ["ntk", "nngp"])
def test_it_is_the_kernel_on_the_sphere(activation, which):
    X = np.random.default_rng(0).normal(size=(20, 4))
    X *= 2.0 / np.linalg.norm(X, axis=1, keepdims=True)
    parameters = {"sigma_w": 1.3, "sigma_b": 0.3, "input_bias": 0.6, "which": which}
    f = angle_profile(3, activation, **parameters)
    K = ntk_kernel(X, depth=3, activation=activation, **parameters)
    angles = np.arccos(np.clip(X @ X.T / 4.0, -1.0, 1.0))
    np.fill_diagonal(angles, 0.0)
    assert f.variance_ == pytest.approx(0.09 + 1.69 * 1.36)
    np.testing.assert_allclose(f.variance_ * f(angles), K, rtol=1e-12)


def test_few_numbers_stand_for_many_layers():
    terms = [len(angle_profile(depth).chebyshev_) for depth in (1, 3, 6, 10, 20, 50, 100, 200)]
    assert terms == sorted(terms) and terms[0] <= 19 and terms[-1] <= 170


@pytest.mark.parametrize("dim", [2, 3, 7])
def test_eigenvalues_times_harmonics_sum_to_the_diagonal(dim):
    f = angle_profile(2, "erf", sigma_b=0.2)  # smooth: its eigenvalues decay fast
    k = np.arange(80)
    harmonics = comb(k + dim - 1, dim - 1) - comb(k + dim - 3, dim - 1) * (k >= 2)
    assert f.spectrum(dim, k) @ harmonics == pytest.approx(f(0.0), rel=1e-7)


def test_eigenvalues_are_those_of_integral_and_matrix():
    """On the circle they are cosine coefficients; the trapezoidal rule has them to rounding for smooth kernels."""
    f = angle_profile(2, "erf", sigma_b=0.2)
    n = 256
    t = 2.0 * np.pi * np.arange(n) / n
    K = f(np.minimum(t, 2.0 * np.pi - t))
    np.testing.assert_allclose(f.spectrum(2, np.arange(6)), np.fft.rfft(K).real[:6] / n, atol=1e-12)
    assert f.spectrum(2, 3).shape == ()


def test_one_relu_layer_holds_no_odd_degrees_from_three():
    """Which is why its kernel is singular on antipodal points, while two layers are not."""
    one, two = (angle_profile(depth).spectrum(3, np.arange(10)) for depth in (1, 2))
    assert np.abs(one[3::2]).max() < 1e-15 and one[[0, 1, 2, 4, 6, 8]].min() > 1e-4
    assert two.min() > 1e-4
    points = np.random.default_rng(1).normal(size=(60, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    points = np.vstack([points, -points])

    def least(**parameters):
        values = np.linalg.eigvalsh(ntk_kernel(points, **parameters))
        return np.log10(max(values[0], 1e-300) / values[-1])

    assert least(depth=1) < -12.0
    assert least(depth=1, activation=np.square, sigma_w=1.0) < -12.0
    erf = {"depth": 1, "activation": "erf", "sigma_w": 2.0, "sigma_b": 0.5}  # odd: without a bias singular here, too
    assert least(**{**erf, "sigma_b": 0.0}) < -12.0
    for parameters in ({"depth": 2}, {"depth": 3}, {"depth": 1, "input_bias": 0.5}, erf):
        assert least(**parameters) >= -9.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: angle_profile(0), "depth=0"),
        (lambda: angle_profile(2, which="both"), "which='both' must be"),
        (lambda: angle_profile(2)(-0.1), "between 0 and pi"),
        (lambda: angle_profile(2)([np.nan]), "angles must be finite"),
        (
            lambda: angle_profile(2).spectrum(1, 3),
            "dim, .* must be a whole number, 2 or more; got 1",
        ),
        (lambda: angle_profile(2).spectrum(3, [-1]), "zero or larger"),
        (lambda: angle_profile(2).spectrum(3, 1.5), "whole numbers"),
    ],
)
def test_mistakes_are_told(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_it_is_pickled():
    f = angle_profile(2)
    assert pickle.loads(pickle.dumps(f))(1.0) == f(1.0)

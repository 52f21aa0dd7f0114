"""Critical initial scales, and the law of a random network's output."""

from __future__ import annotations

from math import erf

import numpy as np
import pytest
from scipy.integrate import quad
from seedbed.wide_networks import (
    advise,
    critical_initialization,
    expected_vertex,
    length_and_angle_maps,
    sample_output_variance,
    susceptibilities,
)

CRITICAL = {  # GELU's length is (3 + sqrt 17) / 2; SiLU's by quadrature below
    "relu": (2.0, 0.0, 1.0),
    "leaky_relu": (2.0 / 1.0001, 0.0, 1.0),
    "gelu": (1.98306, 0.17292, (3.0 + np.sqrt(17.0)) / 2.0),
    "silu": (1.98800, 0.55514, 14.32017),
    "tanh": (1.0, 0.0, 0.0),
    "sin": (1.0, 0.0, 0.0),
    "erf": (np.pi / 4.0, 0.0, 0.0),
}


def softplus(z):
    return np.logaddexp(0.0, z)


def logistic(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def gelu(z):
    return 0.5 * z * (1.0 + np.vectorize(erf)(z / np.sqrt(2.0)))


def silu(z):
    return z * logistic(z)


def gaussian_integral(function) -> float:
    return quad(lambda z: function(z) * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi), -12, 12, limit=400, epsabs=1e-13)[
        0
    ]


@pytest.mark.parametrize("name", CRITICAL)
def test_critical_points(name):
    assert critical_initialization(name) == pytest.approx(CRITICAL[name], rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", [*CRITICAL, np.abs])
def test_both_susceptibilities_are_one_there(name):
    assert susceptibilities(name) == pytest.approx((1.0, 1.0), abs=1e-10)


@pytest.mark.parametrize("name", ["gelu", "silu", "relu"])
def test_lengths_stay_for_a_thousand_layers(name):
    K = start = critical_initialization(name).K_star
    length, _ = length_and_angle_maps(name)
    for _ in range(1000):
        K = length(K)
    assert pytest.approx(start, rel=1e-10) == K


def test_silu_by_other_integrals():
    C_W, C_b, K = critical_initialization("silu")
    root = np.sqrt(K)
    square = gaussian_integral(lambda z: silu(root * z) ** 2)
    slope = gaussian_integral(lambda z: silu(root * z) ** 2 * (z * z - 1.0)) / (2.0 * K)
    assert C_b + C_W * square == pytest.approx(K, rel=1e-10)
    assert C_W * slope == pytest.approx(1.0, abs=1e-9)


def test_a_function_of_the_users_own_has_the_same_point():
    assert critical_initialization(silu) == pytest.approx(critical_initialization("silu"), rel=1e-6)
    assert critical_initialization(lambda z: np.tanh(2.0 * z)) == pytest.approx((0.25, 0.0, 0.0), abs=1e-10)


@pytest.mark.parametrize("function", [softplus, logistic])
def test_without_a_critical_point_it_says_so(function):
    with pytest.raises(ValueError, match="no critical initialisation"):
        critical_initialization(function)


def test_off_the_critical_point():
    """Lengths of ReLU change by C_W / 2 a layer; tanh with a large C_W is chaotic: angles grow."""
    assert length_and_angle_maps("relu", 3.0, 0.0).length(2.0) == pytest.approx(3.0)
    assert susceptibilities("relu", 1.5, 0.0, 7.0) == pytest.approx((0.75, 0.75))
    ordered, chaotic = susceptibilities("tanh", 0.8, 0.1), susceptibilities("tanh", 4.0, 0.1)
    assert ordered.perpendicular < 1.0 < chaotic.perpendicular
    with pytest.raises(ValueError, match="lengths tend to no limit"):
        susceptibilities("relu", 3.0, 0.1)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "gelu", "tanh"])
def test_angle_map_against_draws(name):
    functions = {
        "relu": lambda z: np.maximum(z, 0.0),
        "leaky_relu": lambda z: np.where(z > 0.0, z, 0.01 * z),
        "gelu": gelu,
        "tanh": np.tanh,
    }
    K, angle, phi = 1.7, 0.9, functions[name]
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 300_000))
    u, v = np.sqrt(K) * a, np.sqrt(K) * (np.cos(angle) * a + np.sin(angle) * b)
    products = 1.4 * phi(u) * phi(v) + 0.2
    K_next = length_and_angle_maps(name, 1.4, 0.2).length(K)
    found = K_next * np.cos(length_and_angle_maps(name, 1.4, 0.2).angle(angle, K))
    assert abs(found - products.mean()) < 5.0 * products.std() / np.sqrt(len(products))


@pytest.mark.parametrize("name", ["relu", "gelu", "tanh", "silu"])
def test_small_angles_lose_no_digits(name):
    """At a critical point an angle that is small stays, but for ReLU's kink: t - t^2 / (3 pi)."""
    _, angle = length_and_angle_maps(name)
    kink = 1.0 / (3.0 * np.pi) if name == "relu" else 0.0
    scale = susceptibilities(name, K=critical_initialization(name).K_star or 1.0).perpendicular
    length, _ = length_and_angle_maps(name)
    K = critical_initialization(name).K_star or 1.0
    factor = np.sqrt(scale * K / length(K))
    assert angle(1e-7) / 1e-7 == pytest.approx(factor - kink * 1e-7, rel=1e-10)


@pytest.mark.parametrize(("width", "depth"), [(16, 2), (64, 8), (32, 4)])
def test_exact_law_of_relu(width, depth):
    exact = (1.0 + 5.0 / width) ** depth - 1.0
    assert expected_vertex(width, depth) == pytest.approx(exact, rel=1e-13)
    G = sample_output_variance(width, depth, n_samples=200_000, random_state=0)
    assert G.mean() == pytest.approx(1.0, abs=5.0 * np.sqrt(exact / len(G)))
    groups = np.array([np.mean(part**2) for part in np.array_split(G, 40)])
    assert abs(groups.mean() - (1.0 + exact)) < 4.0 * groups.std(ddof=1) / np.sqrt(40)


def test_linear_networks():
    assert expected_vertex(30, 6, lambda z: 1.0 * z) == pytest.approx((1.0 + 2.0 / 30.0) ** 6 - 1.0, rel=1e-12)


def test_chi_squares_have_the_law_of_units():
    """ReLU by the sums over units, written as another function, against the two chi-squared numbers."""
    almost = sample_output_variance(
        16, 3, lambda z: np.maximum(z, 0.0) + 1e-9 * np.sin(z), C_W=2.0, C_b=0.0, n_samples=40_000, random_state=1
    )
    G = sample_output_variance(16, 3, n_samples=40_000, random_state=2)
    quantiles = [0.1, 0.25, 0.5, 0.75, 0.9]
    assert np.quantile(almost, quantiles) == pytest.approx(np.quantile(G, quantiles), rel=0.05)


def test_output_of_real_networks():
    """The variance over hidden weights, against networks with weights."""
    rng, n, depth = np.random.default_rng(3), 12, 3
    z = rng.standard_normal((20_000, n))
    for _ in range(depth - 1):
        W = rng.standard_normal((len(z), n, n), dtype=np.float32) * np.sqrt(2.0 / n)
        z = np.einsum("kij,kj->ki", W, np.maximum(z, 0.0))
    real = 2.0 * np.mean(np.maximum(z, 0.0) ** 2, axis=1)
    G = sample_output_variance(n, depth, n_samples=20_000, random_state=0)
    quantiles = [0.1, 0.25, 0.5, 0.75, 0.9]
    assert np.quantile(real, quantiles) == pytest.approx(np.quantile(G, quantiles), rel=0.06)


def test_tanh_class():
    for width, depth in ((16, 2), (64, 8)):
        G = sample_output_variance(width, depth, "tanh", n_samples=20_000, random_state=0)
        assert np.var(G) / np.mean(G) ** 2 == pytest.approx(2.0 * depth / (3.0 * width), rel=0.15)
        assert expected_vertex(width, depth, "tanh") == pytest.approx(2.0 * depth / (3.0 * width), rel=1e-12)


@pytest.mark.slow
def test_first_order_off_the_closed_forms():
    G = sample_output_variance(400, 3, "gelu", C_W=1.5, C_b=0.2, K=0.7, n_samples=20_000, random_state=0)
    predicted = expected_vertex(400, 3, "gelu", C_W=1.5, C_b=0.2, K=0.7)
    assert np.var(G) / np.mean(G) ** 2 == pytest.approx(predicted, rel=0.06)


def test_residual_branches_steady():
    plain = sample_output_variance(64, 16, n_samples=20_000, random_state=0)
    residual = sample_output_variance(64, 16, residual=0.1, n_samples=3000, random_state=0)
    spread = [np.log1p(np.var(G) / np.mean(G) ** 2) for G in (plain, residual)]
    assert spread[0] > 3.0 * spread[1]


def test_log_norms_fall():
    """log(C_W / 2) - 5 / (2 n) a layer."""
    for C_W in (1.5, 2.0, 2.2):
        G = sample_output_variance(64, 40, C_W=C_W, C_b=0.0, n_samples=4000, random_state=0)
        assert np.mean(np.log(G)) / 40 == pytest.approx(np.log(C_W / 2.0) - 2.5 / 64, abs=0.006)


def test_advice():
    table = advise([16, 512], [2, 4])
    assert list(table["width"]) == [16, 16, 512, 512] and list(table["depth"]) == [2, 4, 2, 4]
    assert table["kurtosis"][1] == pytest.approx(3.0 * (1.0 + 5.0 / 16.0) ** 4)
    assert table["seeds"][1] > table["seeds"][0] > table["seeds"][3] > table["seeds"][2] > 200
    assert "several seeds" in table["advice"][1] and "a few seeds" in table["advice"][3]
    assert advise(64, 8, "tanh")["C_W"][0] == 1.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: expected_vertex(0, 3), "width must be a whole number"),
        (lambda: sample_output_variance(8, 2.5), "depth must be a whole number"),
        (lambda: sample_output_variance(8, 2, K=-1.0), "K must be a variance"),
        (lambda: sample_output_variance(8, 2, residual=1.5), "share of the branch"),
        (lambda: susceptibilities("relu", -1.0, 0.0), "C_W must be a number, positive"),
        (lambda: length_and_angle_maps("relu").angle(4.0), "angle between two inputs must be a number, from 0 to pi"),
        (lambda: critical_initialization("rellu"), "did you mean 'relu'"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_draws_repeat():
    for arguments in ({}, {"residual": 0.5}):
        first, second = (sample_output_variance(8, 2, n_samples=50, random_state=7, **arguments) for _ in range(2))
        assert (first == second).all()

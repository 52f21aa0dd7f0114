"""Activations: their Gaussian means against adaptive quadrature, and what is refused."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm
from seedbed.wide_networks import ACTIVATIONS, as_activation, leaky_relu
from seedbed.wide_networks.activations.hermite import gaussian_mean, hermite_coefficients

ALL = [*ACTIVATIONS.values(), leaky_relu(-0.5), leaky_relu(1.0), as_activation(np.cos)]


def mean_square(function, q):
    def integrand(z):
        return float(function(np.array([np.sqrt(q) * z]))[0]) ** 2 * norm.pdf(z)

    return sum(quad(integrand, *ends, epsabs=1e-13, limit=200)[0] for ends in ((-12, 0), (0, 12)))


@pytest.mark.parametrize("activation", ALL, ids=lambda a: a.name)
@pytest.mark.parametrize("q", [0.1, 3.0])
def test_mean_squares_are_the_integrals(activation, q):
    slope = activation.slope or (lambda z: -np.sin(z))
    assert activation.second_moment(np.array([q]))[0] == pytest.approx(mean_square(activation, q), rel=1e-11)
    assert activation.slope_second_moment(np.array([q]))[0] == pytest.approx(mean_square(slope, q), rel=1e-11)


@pytest.mark.parametrize("activation", ALL, ids=lambda a: a.name)
def test_slopes_are_differences(activation):
    z = np.array([-2.3, -0.4, 0.2, 1.7])
    if activation.slope is not None:
        difference = (activation(z + 1e-6) - activation(z - 1e-6)) / 2e-6
        np.testing.assert_allclose(activation.slope(z), difference, atol=1e-8)


def test_critical_weights_keep_the_variance_at_the_fixed_point():
    for name, bias, fixed in [("gelu", 0.17292, 3.5616), ("silu", 0.55514, 14.3195)]:
        activation = ACTIVATIONS[name]
        after = bias + activation.weight_variance * activation.second_moment(np.array([fixed]))[0]
        assert after == pytest.approx(fixed, abs=2e-4)
        assert activation.weight_variance * activation.slope_second_moment(np.array([fixed]))[0] == pytest.approx(
            1.0, abs=2e-5
        )


def test_without_a_critical_value_a_variance_of_one_is_kept():
    cosine = as_activation(np.cos)
    assert cosine.weight_variance * cosine.second_moment(np.ones(1))[0] == pytest.approx(1.0, abs=1e-14)


def test_coefficients_of_polynomials_are_finite_sums():
    found = hermite_coefficients(lambda z: z**3, np.array([4.0]), 6)[0]
    np.testing.assert_allclose(found, [0, 24, 0, 8 * np.sqrt(6), 0, 0], atol=1e-11)  # z^3 = he_3 + 3 he_1
    assert gaussian_mean(lambda z: z**4, np.array([[2.0]])) == pytest.approx(12.0)


def test_activations_are_pickled():
    for activation in ACTIVATIONS.values():
        assert pickle.loads(pickle.dumps(activation)).name == activation.name


@pytest.mark.parametrize(
    ("activation", "message"),
    [
        ("rellu", "did you mean 'relu'"),
        (3, "a name, an Activation or a callable; got int"),
        (lambda z: 1.0, "one finite number for each"),
        (np.sqrt, "one finite number for each"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_is_no_activation_is_refused(activation, message):
    with pytest.raises(ValueError, match=message):
        as_activation(activation)
    with pytest.raises(ValueError, match="negative_slope must be a number, finite; got"):
        leaky_relu(np.nan)


def test_what_an_activation_is_called_is_the_same_in_every_process() -> None:
    assert " at 0x" not in repr(leaky_relu(-0.3))

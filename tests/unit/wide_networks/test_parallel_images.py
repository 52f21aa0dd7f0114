"""Convolutional kernels of inputs that are multiples of each other, where subtraction loses digits."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.wide_networks import cnn_kernel, hierarchical_kernel, ntk_kernel

RNG = np.random.default_rng(0)
IMAGES, PATCHES = RNG.normal(size=(3, 5, 5)), RNG.normal(size=(4, 4, 3))


@pytest.mark.parametrize("readout", ["flatten", "pool"])
@pytest.mark.parametrize("which", ["ntk", "nngp"])
@pytest.mark.parametrize(("depth", "size"), [(1, 3), (2, 1), (12, 3), (3, 5)])
def test_multiples_of_an_image_multiply_the_kernel(depth, size, which, readout):
    parameters = {"depth": depth, "kernel_size": size, "which": which, "readout": readout}
    K = cnn_kernel(IMAGES, **parameters)
    np.testing.assert_allclose(cnn_kernel(IMAGES, 3.7 * IMAGES, **parameters), 3.7 * K, rtol=3e-15, atol=1e-15)


@pytest.mark.parametrize("readout", ["flatten", "pool"])
@pytest.mark.parametrize("sigma_b", [0.0, 0.4])
def test_one_pixel_is_a_row(sigma_b, readout):
    images = np.concatenate([RNG.normal(size=(20, 1, 1, 3)), np.ones((1, 1, 1, 3)), -2.0 * np.ones((1, 1, 1, 3))])
    found = cnn_kernel(images, depth=3, kernel_size=1, sigma_b=sigma_b, readout=readout)
    rows = ntk_kernel(images[:, 0, 0], depth=3, sigma_b=sigma_b)
    np.testing.assert_allclose(found, rows, rtol=1e-13, atol=1e-13)


def test_opposite_inputs_share_nothing_after_one_layer():
    assert np.abs(np.diag(cnn_kernel(IMAGES, -IMAGES, depth=1, kernel_size=1))).max() < 1e-15
    assert np.abs(np.diag(hierarchical_kernel(PATCHES[:, :1], -2.0 * PATCHES[:, :1]))).max() < 1e-15


@pytest.mark.parametrize("which", ["ntk", "nngp"])
def test_multiples_of_patches_multiply_the_kernel(which):
    K = hierarchical_kernel(PATCHES, which=which)
    np.testing.assert_allclose(hierarchical_kernel(PATCHES, 5.3 * PATCHES, which=which), 5.3 * K, rtol=3e-15)

"""The torch functions agree with the compiled ones, and their gradients with finite differences."""

import numpy as np
import torch
from seedbed.directional import (
    bessel_ratio,
    log_iv,
    log_iv_dv,
    log_iv_dx,
    log_kv,
    log_kv_dx,
    torch_bessel,
    torch_bessel_k,
)
from seedbed.directional.plane import draw_points


def test_values_and_gradients_over_the_plane():
    v, x = draw_points(np.random.default_rng(0), 2000)
    w = np.hypot(v, x)
    tv, tx = torch.tensor(v, requires_grad=True), torch.tensor(x, requires_grad=True)
    value = torch_bessel.log_iv(tv, tx)
    scale = np.maximum(np.abs(log_iv(v, x)), w)
    assert np.max(np.abs(value.detach().numpy() - log_iv(v, x)) / scale) < 3e-14
    value.sum().backward()
    np.testing.assert_allclose(tx.grad.numpy(), log_iv_dx(v, x), rtol=1e-14)
    np.testing.assert_allclose(tv.grad.numpy(), log_iv_dv(v, x), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(torch_bessel.bessel_ratio(v, tx).detach().numpy(), bessel_ratio(v, x), rtol=4e-15)
    tx.grad = None
    value = torch_bessel_k.log_kv(torch.tensor(v), tx)
    scale = np.maximum(np.abs(log_kv(v, x)), w)
    assert np.max(np.abs(value.detach().numpy() - log_kv(v, x)) / scale) < 1e-14
    value.sum().backward()
    np.testing.assert_allclose(tx.grad.numpy(), log_kv_dx(v, x), rtol=1e-14)


def test_gradcheck():
    v = torch.tensor([0.3, 5.0, 40.0], dtype=torch.float64, requires_grad=True)
    x = torch.tensor([1.5, 20.0, 70.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(torch_bessel.log_iv, (v, x))
    assert torch.autograd.gradcheck(lambda y: torch_bessel.bessel_ratio(v.detach(), y), (x,))
    assert torch.autograd.gradcheck(lambda y: torch_bessel_k.log_kv(v.detach(), y), (x,))


def test_edges_and_types():
    inf = float("inf")
    v, x = torch.tensor([0.0, 2.0, 2.0, -1.0]), torch.tensor([0.0, 0.0, inf, 1.0])
    value = torch_bessel.log_iv(v, x)
    assert value.dtype == torch.float32
    np.testing.assert_array_equal(value.numpy(), [0.0, -np.inf, np.inf, np.nan])
    np.testing.assert_array_equal(torch_bessel_k.log_kv(v, x).numpy(), [np.inf, np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(torch_bessel.bessel_ratio(v, x).numpy(), [0.0, 0.0, 1.0, np.nan])

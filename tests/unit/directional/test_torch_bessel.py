"""The torch functions agree with the compiled ones, and their gradients with finite differences."""

import mpmath as mp
import numpy as np
import pytest
import torch
from seedbed.directional import bessel_ratio, log_iv, log_iv_dv, log_iv_dx, log_kv, log_kv_dx
from seedbed.directional.bessel import torch_i as torch_bessel
from seedbed.directional.bessel import torch_k as torch_bessel_k
from seedbed.studies.directional.data.order_and_argument import draw_points


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


def orders_and_arguments():
    """A log-uniform plane, the edges of its regions, and large arguments; where mpmath is right and quick."""
    rng = np.random.default_rng(1)
    v, x = 10 ** rng.uniform(-3, 2.5, 24), 10 ** rng.uniform(-3, 2.5, 24)
    v = np.r_[v, [0.0, 0.0, 0.5, 24.9, 1.0, 31.0, 1.0, 31.0, 0.0, 7.0]]
    return v, np.r_[x, [0.5, 20.0, 24.9, 0.5, 1e6, 1e6, 1e8, 1e8, 1e12, 1e15]]


def logarithms(v, x):
    """(p, q) -> log I_p(q) and log K_p(q) to 60 digits near (v, x)."""
    if x < 1e5:
        return (lambda p, q: mp.log(mp.besseli(p, q))), (lambda p, q: mp.log(mp.besselk(p, q)))

    def hankel(p, q, sign):
        term = total = mp.mpf(1)
        for k in range(1, 40):
            term *= sign * (4 * p**2 - (2 * k - 1) ** 2) / (8 * k * q)
            total += term
        return mp.log(total)

    return (
        lambda p, q: q - mp.log(2 * mp.pi * q) / 2 + hankel(p, q, -1),
        lambda p, q: -q + mp.log(mp.pi / (2 * q)) / 2 + hankel(p, q, 1),
    )


def differences(f, v, x):
    """Derivatives by central differences of 60 digits: v, x, vv, xx, vx."""
    h, k = mp.mpf(10) ** -12, x * mp.mpf(10) ** -12
    f0, left, right, down, up = f(v, x), f(v - h, x), f(v + h, x), f(v, x - k), f(v, x + k)
    mixed = f(v + h, x + k) - f(v + h, x - k) - f(v - h, x + k) + f(v - h, x - k)
    return [
        (right - left) / (2 * h), (up - down) / (2 * k), (right - 2 * f0 + left) / h**2, (up - 2 * f0 + down) / k**2,
        mixed / (4 * h * k),
    ]  # fmt: skip


@pytest.mark.slow
def test_derivatives_of_both_orders_against_mpmath():
    v, x = orders_and_arguments()
    tv, tx = torch.tensor(v, requires_grad=True), torch.tensor(x, requires_grad=True)

    def gradients(value, *inputs, graph=False):
        return torch.autograd.grad(value.sum(), inputs, create_graph=graph)

    by_v, by_x = gradients(torch_bessel.log_iv(tv, tx), tv, tx, graph=True)
    (vv, vx), (xv, xx) = gradients(by_v, tv, tx, graph=True), gradients(by_x, tv, tx, graph=True)
    assert torch.equal(vx, xv)
    found = [part.detach().numpy() for part in (by_v, by_x, vv, xx, vx)]
    ratio_dv, ratio_dx = (part.numpy() for part in gradients(torch_bessel.bessel_ratio(tv, tx), tv, tx))
    k_dv = gradients(torch_bessel_k.log_kv(tv, tx), tv)[0].numpy()
    (k_dx,) = gradients(torch_bessel_k.log_kv(tv.detach(), tx), tx, graph=True)
    k_dxdx = gradients(k_dx, tx)[0].numpy()
    with mp.workdps(60):
        for i in range(len(v)):
            a, b = mp.mpf(v[i]), mp.mpf(x[i])
            log_i, log_k = logarithms(v[i], x[i])
            floor = 1e-15 * max(1.0, 1.0 / x[i])  # of derivatives by v alone near v = 0, which are exponentially small
            for name, value, true in zip(["v", "x", "vv", "xx", "vx"], found, differences(log_i, a, b), strict=True):
                np.testing.assert_allclose(
                    value[i], float(true), rtol=1e-13, atol=floor if "v" in name else 0, err_msg=f"{name} {v[i]} {x[i]}"
                )
            ratio = differences(lambda p, q, f=log_i: mp.exp(f(p + 1, q) - f(p, q)), a, b)
            np.testing.assert_allclose([ratio_dv[i], ratio_dx[i]], [float(true) for true in ratio[:2]], rtol=1e-13)
            in_k = differences(log_k, a, b)
            np.testing.assert_allclose(
                [k_dx.detach().numpy()[i], k_dxdx[i]], [float(in_k[1]), float(in_k[3])], rtol=1e-12
            )
            np.testing.assert_allclose(k_dv[i], float(in_k[0]), rtol=1e-13, atol=1e-30)


@pytest.mark.slow
def test_gradgradcheck():
    v = torch.tensor([0.3, 5.0, 40.0, 3.0], dtype=torch.float64, requires_grad=True)
    x = torch.tensor([1.5, 20.0, 70.0, 24.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradgradcheck(torch_bessel.log_iv, (v, x))
    assert torch.autograd.gradcheck(torch_bessel.bessel_ratio, (v, x))
    assert torch.autograd.gradcheck(torch_bessel_k.log_kv, (v, x))
    assert torch.autograd.gradgradcheck(lambda y: torch_bessel_k.log_kv(v.detach(), y), (x,))


def test_derivatives_that_are_not_there_are_refused():
    v = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    x = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)

    def gradient(value, by):
        return torch.autograd.grad(value, by, create_graph=True)[0]

    for by in (v, x):
        second = gradient(gradient(torch_bessel.log_iv(v, x), x), by)
        with pytest.raises(RuntimeError, match="a second derivative of log_iv has no further derivatives"):
            gradient(second, by)
        first = gradient(torch_bessel.bessel_ratio(v, x), by)
        with pytest.raises(RuntimeError, match="a first derivative of bessel_ratio has no further"):
            gradient(first, x)
        with pytest.raises(RuntimeError, match="log_kv"):
            gradient(gradient(torch_bessel_k.log_kv(v, x), by), v)
    with pytest.raises(RuntimeError, match="a second derivative of log_kv has no further"):
        gradient(gradient(gradient(torch_bessel_k.log_kv(v.detach(), x), x), x), x)


def test_the_smallest_arguments():
    v, x = np.array([0.0, 0.5, 3.0, 30.0]), np.full(4, 5e-324)
    np.testing.assert_allclose(torch_bessel.log_iv(torch.tensor(v), torch.tensor(x)), log_iv(v, x), rtol=1e-14)
    np.testing.assert_allclose(torch_bessel_k.log_kv(torch.tensor(v), torch.tensor(x)), log_kv(v, x), rtol=1e-14)


def test_derivatives_at_the_edges():
    v = torch.tensor([0.0, 2.0, 0.0, 2.0, -1.0], dtype=torch.float64, requires_grad=True)
    x = torch.tensor([0.0, 0.0, np.inf, np.inf, 1.0], dtype=torch.float64, requires_grad=True)
    (by_x,) = torch.autograd.grad(torch_bessel.log_iv(v, x).sum(), x, create_graph=True)
    (twice,) = torch.autograd.grad(by_x.sum(), x)
    np.testing.assert_array_equal(twice.numpy(), [0.5, -np.inf, 0, 0, np.nan])
    by_v, by_x = torch.autograd.grad(torch_bessel.bessel_ratio(v, x).sum(), (v, x))
    np.testing.assert_array_equal(by_x.numpy(), [0.5, 1 / 6, 0, 0, np.nan])
    np.testing.assert_array_equal(by_v.numpy(), [0, 0, 0, 0, np.nan])

"""The optimiser: against the plain formulas, geoopt, and itself after a checkpoint; drift; what it refuses."""

from __future__ import annotations

import copy

import geoopt
import numpy as np
import pytest
import torch
from seedbed.grassmann import GrassmannHead, LinearHead, RiemannianSGD
from seedbed.grassmann.geometry import manifold
from seedbed.grassmann.heads.subspace_parameter import SubspaceParameter, split_parameters

C, K, N, B = 7, 5, 40, 64
KINDS = ["ambient", "projected", "transported"]


def problem(seed=1, dims=K, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    head = GrassmannHead(N, C, dims, gamma=10.0, generator=generator, dtype=dtype)
    x = torch.randn(B, N, generator=generator, dtype=dtype)
    return head, x, torch.randint(0, C, (B,), generator=generator)


def gradient(head, x, y):
    head = copy.deepcopy(head)
    return torch.autograd.grad(head.loss(x, y), head.basis)[0]


def descend(head, optimiser, x, y, steps):
    for _ in range(steps):
        optimiser.zero_grad()
        loss = head.loss(x, y)
        loss.backward()
        optimiser.step()
    return float(loss.detach())


@pytest.mark.parametrize("fused", [False, True], ids=["grad", "fused"])
@pytest.mark.parametrize("kind", KINDS)
def test_steps_follow_the_formulas(kind, fused):
    head, x, y = problem()
    optimiser = RiemannianSGD([head.basis], 0.3, momentum_kind=kind, fused=fused)
    W = head.basis.detach().clone()
    M = torch.zeros_like(W)
    for _ in range(30):
        D = gradient(head, x, y)
        descend(head, optimiser, x, y, 1)
        M = 0.9 * M + (D if kind == "ambient" else manifold.project(W, D))
        if kind == "projected":
            M = manifold.project(W, M)
        X = -0.3 * manifold.project(W, M)
        X = X / X.flatten(1).norm(dim=1).clamp_min(1.0)[:, None, None]
        M = manifold.transport(W, X, M) if kind == "transported" else M
        W = manifold.geodesic(W, X)
    torch.testing.assert_close(head.basis.detach(), W, atol=1e-13, rtol=0)
    torch.testing.assert_close(optimiser.state[head.basis]["momentum_buffer"], M, atol=1e-13, rtol=0)
    assert (head.basis.grad is None) == fused


def test_blocks_do_not_matter(monkeypatch):
    results = []
    for block in (2**19, 3 * K * N, 1):
        monkeypatch.setattr("seedbed.grassmann.descent.subspace_update.BLOCK", block)
        for fused in (False, True):
            head, x, y = problem()
            descend(head, RiemannianSGD([head.basis], 0.3, fused=fused), x, y, 5)
            results.append(head.basis.detach())
    for result in results[1:]:
        torch.testing.assert_close(result, results[0], atol=1e-14, rtol=0)


def test_against_geoopt():
    """Descent without momentum on its Stiefel manifold goes through the same subspaces, to third order of a step."""
    head, x, y = problem()
    theirs = geoopt.ManifoldParameter(head.basis.detach().mT.clone(), manifold=geoopt.EuclideanStiefel())
    peer = geoopt.optim.RiemannianSGD([theirs], lr=0.01)
    for _ in range(20):
        peer.zero_grad()
        with torch.no_grad():
            head_at = copy.deepcopy(head)
            head_at.basis.copy_(theirs.mT)
        theirs.grad = gradient(head_at, x, y).mT
        peer.step()
    descend(head, RiemannianSGD([head.basis], 0.01, momentum=0.0), x, y, 20)
    assert manifold.distance(head.basis.detach(), theirs.detach().mT.contiguous()).max() < 1e-4
    moved = manifold.distance(head.basis.detach(), problem()[0].basis.detach())
    assert moved.min() > 1e-2


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_unequal_dimensions_need_no_mask(kind):
    """Padded rows stay zero, and the others move as they would alone."""
    dims = [2, 5, 3, 1, 5, 4, 2]
    head, x, y = problem(dims=dims)
    start = head.basis.detach().clone()
    optimiser = RiemannianSGD([head.basis], 0.3, momentum_kind=kind)
    alone = [SubspaceParameter(start[c : c + 1, :k].clone()) for c, k in enumerate(dims)]
    singly = RiemannianSGD(alone, 0.3, momentum_kind=kind)
    for _ in range(50):
        D = gradient(head, x, y)
        for c, k in enumerate(dims):
            alone[c].grad = D[c : c + 1, :k].contiguous()
        singly.step()
        descend(head, optimiser, x, y, 1)
    for c, k in enumerate(dims):
        assert not head.basis[c, k:].any()
        torch.testing.assert_close(head.basis[c : c + 1, :k].detach(), alone[c].detach(), atol=1e-12, rtol=0)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_float32_drift_after_ten_thousand_steps(kind):
    rng = np.random.default_rng(0)
    W = SubspaceParameter(torch.from_numpy(manifold.random_subspaces(rng, 8, 64, 10)).float())
    optimiser = RiemannianSGD([W], 0.05, momentum_kind=kind)
    gradients = torch.from_numpy(rng.standard_normal((100, *W.shape)) * 0.1).float()
    worst = 0.0
    for t in range(10_000):
        W.grad = gradients[t % 100] if t % 3 else -gradients[(7 * t) % 100]
        optimiser.step()
        if t % 500 == 499:
            worst = max(worst, manifold.orthonormality_defect(W.detach().double()))
    assert worst < 1e-6


def test_a_small_defect_is_repaired_and_a_large_one_refused():
    head, x, y = problem()
    with torch.no_grad():
        head.basis *= 1.02
    descend(head, RiemannianSGD([head.basis], 0.01), x, y, 17)
    assert manifold.orthonormality_defect(head.basis.detach()) < 1e-14
    with pytest.raises(ValueError, match="orthonormal"):
        RiemannianSGD([SubspaceParameter(torch.randn(3, 2, 5))], 0.1)


def test_long_steps_with_and_without_limit():
    for limit, length in ((1.0, 1.0), (0.1, 0.1), (None, 5.0)):
        head, *_ = problem()
        start = head.basis.detach().clone()
        H = manifold.project(start, torch.randn(start.shape, dtype=start.dtype))
        head.basis.grad = -5.0 * H / H.flatten(1).norm(dim=1)[:, None, None]
        RiemannianSGD([head.basis], 1.0, max_step=limit).step()
        expected = manifold.geodesic(start, -head.basis.grad * length / 5.0)
        torch.testing.assert_close(head.basis.detach(), expected, atol=1e-12, rtol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_continues_to_the_bit(kind):
    head, x, y = problem(dtype=torch.float32)
    optimiser = RiemannianSGD([head.basis], 0.3, momentum_kind=kind)
    descend(head, optimiser, x, y, 7)
    saved = copy.deepcopy((head.state_dict(), optimiser.state_dict()))
    descend(head, optimiser, x, y, 5)
    resumed, *_ = problem(seed=2, dtype=torch.float32)
    other = RiemannianSGD([resumed.basis], 0.1)
    resumed.load_state_dict(saved[0])
    other.load_state_dict(saved[1])
    descend(resumed, other, x, y, 5)
    assert torch.equal(resumed.basis, head.basis)


def test_gradients_accumulate_until_the_step():
    results = []
    for fused in (False, True):
        head, x, y = problem()
        optimiser = RiemannianSGD([head.basis], 0.3, fused=fused)
        for rows in (slice(0, 20), slice(20, None)):
            head.loss(x[rows], y[rows]).backward()
        optimiser.step()
        results.append(head.basis.detach().clone())
        head.loss(x, y).backward()
        optimiser.zero_grad()
        optimiser.step()  # nothing to go by: nothing moves
        assert torch.equal(head.basis.detach(), results[-1])
    torch.testing.assert_close(results[1], results[0], atol=1e-14, rtol=0)


@pytest.mark.parametrize("other", [torch.optim.SGD, torch.optim.AdamW])
def test_mixes_with_optimisers_of_the_rest(other):
    torch.manual_seed(0)
    head, x, y = problem(dtype=torch.float32)
    network = torch.nn.Sequential(torch.nn.Linear(N, N), head)
    subspaces, rest = split_parameters(network)
    assert [p.shape for p in subspaces] == [(C, K, N)] and len(rest) == 2
    optimisers = [RiemannianSGD(subspaces, 0.1), other(rest, 0.01)]
    schedules = [torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 30) for optimiser in optimisers]
    losses = []
    for _ in range(30):
        loss = torch.nn.functional.cross_entropy(network(x), y)
        for optimiser in optimisers:
            optimiser.zero_grad()
        loss.backward()
        for optimiser, schedule in zip(optimisers, schedules, strict=True):
            optimiser.step()
            schedule.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.3 * losses[0]
    assert manifold.orthonormality_defect(head.basis.detach()) < 1e-6


def test_refusals():
    linear, (head, *_) = LinearHead(4, 3), problem()
    with pytest.raises(TypeError, match="another optimiser"):
        RiemannianSGD(linear.parameters(), 0.1)
    with pytest.raises(ValueError, match="float32 or float64"):
        RiemannianSGD([SubspaceParameter(head.basis.detach().bfloat16())], 0.1)
    with pytest.raises(ValueError, match="k <= n"):
        RiemannianSGD([SubspaceParameter(torch.eye(3).expand(2, 3, 3)[:, :, :2])], 0.1)
    for settings in ({"lr": -1.0}, {"momentum": 1.0}, {"momentum_kind": "nesterov"}, {"max_step": 0.0}):
        with pytest.raises(ValueError, match=next(iter(settings))):
            RiemannianSGD([head.basis], **{"lr": 0.1, **settings})


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("limit", [1.0, None])
def test_gradients_that_are_not_finite_end_as_torch_users_know_it(bad, limit):
    """Not a crash in the middle of a run, but numbers that a loss shows at once."""
    head, x, y = problem()
    head.basis.grad = torch.full_like(head.basis, bad)
    RiemannianSGD([head.basis], 0.1, max_step=limit).step()
    assert torch.isnan(head.loss(x, y))

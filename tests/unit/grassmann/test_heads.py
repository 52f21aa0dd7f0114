"""Heads: gradients, invariances, scales, and what the paper's head is made of."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from seedbed.grassmann import (
    ArcFaceHead,
    CosineHead,
    GrassmannHead,
    LinearHead,
    RiemannianSGD,
    SubCenterHead,
    UnconstrainedHead,
)
from seedbed.grassmann.geometry import manifold
from seedbed.grassmann.heads.logit_scale import gamma_for_classes
from seedbed.grassmann.heads.projection_norms import projection_norms
from seedbed.grassmann.heads.subspace_parameter import SubspaceParameter

C, K, N, B = 6, 4, 20, 16


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(3)


@pytest.fixture
def batch(generator):
    x = torch.randn(B, N, generator=generator, dtype=torch.float64)
    return x, torch.randint(0, C, (B,), generator=generator)


def grassmann(generator, dims=K, **settings):
    return GrassmannHead(N, C, dims, generator=generator, dtype=torch.float64, **settings)


def test_logits_are_lengths_of_projections(generator, batch):
    x, _ = batch
    head = grassmann(generator, dims=[1, 4, 2, 3, 4, 1])
    S, logits = head.basis.detach(), head(x).detach()
    direct = 25.0 * torch.einsum("ckn,bn->bck", S, F.normalize(x, dim=1)).norm(dim=2)
    torch.testing.assert_close(logits, direct)
    torch.testing.assert_close(head(-3.0 * x).detach(), logits)  # even, and blind to length
    assert manifold.orthonormality_defect(S) < 1e-14
    assert [int((S[c].abs().sum(1) > 0).sum()) for c in range(C)] == [1, 4, 2, 3, 4, 1]


def test_logits_at_the_start_have_their_expected_size():
    head = GrassmannHead(256, 200, 8, generator=torch.Generator().manual_seed(0))
    x = torch.randn(50, 256, generator=torch.Generator().manual_seed(1))
    assert float(head(x).detach().pow(2).mean().sqrt()) == pytest.approx(25.0 * math.sqrt(8 / 256), rel=0.01)


def test_gradcheck(generator, batch):
    x, y = batch
    S = grassmann(generator).basis.detach()
    x, S = x[:5].requires_grad_(), S.requires_grad_()
    assert torch.autograd.gradcheck(projection_norms, (x, S))
    loss = lambda x, S: F.cross_entropy(25.0 * projection_norms(F.normalize(x, dim=-1), S), y[:5])  # noqa: E731
    assert torch.autograd.gradcheck(loss, (x, S))


@pytest.mark.parametrize("learned", [False, True])
def test_every_parameter_gets_its_gradient(generator, batch, learned):
    x, y = (batch[0].float(), batch[1])
    for kind in (GrassmannHead, UnconstrainedHead, SubCenterHead, CosineHead):
        head = kind(N, C, gamma="log_classes", learn_gamma=learned, generator=generator)
        head.loss(x, y).backward()
        parameters = dict(head.named_parameters())
        assert ("scale.logarithm" in parameters) == learned
        assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in parameters.values()), kind
        assert head.scale.value == pytest.approx(gamma_for_classes(C))


def test_loss_does_not_depend_on_the_basis(generator, batch):
    x, y = batch
    S = grassmann(generator).basis.detach()
    Q = torch.linalg.qr(torch.randn(C, K, K, generator=generator, dtype=torch.float64)).Q

    def evaluate(S):
        S = S.clone().requires_grad_()
        loss = F.cross_entropy(25.0 * projection_norms(F.normalize(x, dim=-1), S), y)
        return loss.detach(), torch.autograd.grad(loss, S)[0]

    (loss, D), (turned, E) = evaluate(S), evaluate(Q @ S)
    assert abs(loss - turned) < 4e-15
    assert (E - Q @ D).abs().max() < 4e-15  # the gradient turns along
    inner = D @ S.mT
    assert (inner - inner.mT).abs().max() < 4e-15  # hence Stiefel and Grassmann gradients are the same
    X = 1e-5 * manifold.project(S, torch.randn(S.shape, generator=generator, dtype=S.dtype))
    difference = evaluate(manifold.geodesic(S, X))[0] - evaluate(manifold.geodesic(S, -X))[0]
    slope = 2 * (manifold.project(S, D) * X).sum()
    assert abs(difference - slope) < 1e-6 * abs(slope) + 1e-13


def test_zero_features_have_finite_gradients(generator):
    x = torch.zeros(3, N, dtype=torch.float64, requires_grad=True)
    head = grassmann(generator)
    head.loss(x, torch.tensor([0, 1, 2])).backward()
    assert torch.isfinite(x.grad).all() and torch.isfinite(head.basis.grad).all()


def test_one_dimension_is_the_absolute_cosine(generator, batch):
    x, _ = batch
    subspace = grassmann(generator, dims=1)
    cosine = CosineHead(N, C).double()
    with torch.no_grad():
        cosine.weight.copy_(subspace.basis)
    torch.testing.assert_close(subspace(x), cosine(x).abs())


def test_lift_tells_a_point_from_its_mirror_image(generator, batch):
    x, _ = batch
    head = grassmann(generator, lift=4.0)
    assert head.basis.shape == (C, K, N + 1)
    assert (head(x) - head(-x)).abs().max() > 0.1
    lifted = torch.cat([x / 4.0, torch.ones(B, 1, dtype=x.dtype)], 1)
    direct = projection_norms(F.normalize(lifted, dim=1), head.basis) * 25.0
    torch.testing.assert_close(head(x), direct)


def test_other_heads(generator, batch):
    x = batch[0].float()
    u = F.normalize(x, dim=1)
    linear = LinearHead(N, C, generator=generator)
    torch.testing.assert_close(linear(x), x @ linear.weight.T + linear.bias)
    centers = SubCenterHead(N, C, 3, gamma=10.0)
    cosines = torch.einsum("bn,ckn->bck", u, F.normalize(centers.weight, dim=-1))
    torch.testing.assert_close(centers(x), 10.0 * cosines.amax(-1))
    free = UnconstrainedHead(N, C, 3, gamma=10.0)
    norms = torch.einsum("bn,ckn->bck", u, F.normalize(free.weight, dim=-1)).norm(dim=-1)
    torch.testing.assert_close(free(x), 10.0 / 3**0.5 * norms)


def test_arcface_has_its_margin_in_the_loss_only(batch):
    pytest.importorskip("pytorch_metric_learning")
    x, y = batch[0].float(), batch[1]
    head = ArcFaceHead(N, C, margin=0.3, gamma=8.0, generator=torch.Generator().manual_seed(0))
    logits = head(x)
    angles = torch.acos((logits / 8.0).clamp(-1, 1))
    moved = logits.clone()
    rows = torch.arange(B)
    moved[rows, y] = 8.0 * torch.cos(angles[rows, y] + 0.3)
    torch.testing.assert_close(head.loss(x, y), F.cross_entropy(moved, y), rtol=1e-4, atol=1e-4)


def test_refusals(generator):
    assert GrassmannHead(N, C, np.int64(K)).basis.shape == (C, K, N)
    for settings in ({"subspace_dim": N + 1}, {"subspace_dim": [1, 2]}, {"gamma": 0.0}, {"lift": 0.0}):
        with pytest.raises(ValueError):
            GrassmannHead(N, C, generator=generator, **settings)


def test_gamma_reaches_the_confidence_it_was_made_for():
    for n in (2, 10, 1000):
        gamma = gamma_for_classes(n)
        others = (n - 1) * np.exp(gamma / 2)
        assert np.exp(gamma) / (np.exp(gamma) + others) == pytest.approx(0.99)


def test_autocast_and_copies():
    head = GrassmannHead(N, C, K)
    x = torch.randn(B, N, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = head(x)
        assert logits.dtype == torch.float32
    logits.sum().backward()
    assert head.basis.grad.dtype == torch.float32
    twin = copy.deepcopy(head)
    assert isinstance(twin.basis, SubspaceParameter)
    assert isinstance(pickle.loads(pickle.dumps(head)).basis, SubspaceParameter)
    RiemannianSGD([head.basis], 0.1, fused=True)
    assert head.basis.gradient_factors == [] and copy.deepcopy(head).basis.gradient_factors is None
    GrassmannHead(N, C, 2).load_state_dict(GrassmannHead(N, C, 2).state_dict())

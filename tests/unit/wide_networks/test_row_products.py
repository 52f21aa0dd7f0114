"""The expansion of a batch's excess for every loss that torch differentiates twice, and without gradients around."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from seedbed.wide_networks import empirical_ntk, ggn_gram, predicted_batch_excess  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

pytestmark = pytest.mark.usefixtures("doubles")
ROWS, K = 12, 3


def regression():
    return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), (torch.randn(ROWS, 3), torch.randn(ROWS, 2))


def dense(module, loss, x, y, curvature):
    """Of one row, by autograd's own matrices."""
    weights = dict(module.named_parameters())

    def outputs(*w):
        return torch.func.functional_call(module, dict(zip(weights, w, strict=True)), (x[None],))

    given = tuple(p.detach() for p in weights.values())
    flat, sizes = torch.cat([p.flatten() for p in given]), [p.numel() for p in given]

    def whole(v):
        return outputs(*(part.view_as(p) for part, p in zip(v.split(sizes), given, strict=True)))

    if curvature == "hessian":
        return torch.autograd.functional.hessian(lambda v: loss(whole(v), y[None]), flat).numpy()
    J = torch.autograd.functional.jacobian(whole, flat)[0].numpy()
    bend = torch.autograd.functional.hessian(lambda f: loss(f, y[None]), outputs(*given)).numpy()[0, :, 0]
    return J.T @ bend @ J


LOSSES = ["mse_loss", "MSELoss", "huber_loss", "smooth_l1_loss"]  # names, which workers agree upon


@pytest.mark.parametrize("curvature", ["hessian", "ggn"])
@pytest.mark.parametrize("loss", [F.mse_loss, nn.MSELoss(), F.huber_loss, F.smooth_l1_loss], ids=LOSSES)
def test_losses_of_regression(loss, curvature):
    module, (X, y) = regression()
    rows = np.stack([dense(module, loss, *row, curvature) for row in zip(X, y, strict=True)])
    values, vectors = np.linalg.eigh(rows.mean(axis=0))
    first, others = vectors[:, -1], vectors[:, -2 : -K - 1 : -1]
    off = (rows - rows.mean(axis=0)) @ first
    scatter, total = (off @ others).var(axis=0, ddof=1), off.var(axis=0, ddof=1).sum()
    own = (off @ first).var(ddof=1)
    bracket = np.sum(scatter / (values[-1] - values[-2 : -K - 1 : -1])) + (total - own - scatter.sum()) / values[-1]
    found = predicted_batch_excess(module, loss, (X, y), [4, ROWS], k=K, curvature=curvature, tol=1e-9)
    np.testing.assert_allclose(found, [(1 / 4 - 1 / ROWS) * bracket, 0.0], rtol=1e-6)


def test_nothing_needs_gradients_to_be_on():
    module = nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Tanh(), nn.Linear(4, 2))
    data = torch.randn(ROWS, 3), torch.randn(ROWS, 2)
    calls = [
        lambda: empirical_ntk(module, data[0]),
        lambda: ggn_gram(module, F.mse_loss, data),
        lambda: predicted_batch_excess(module, F.mse_loss, data, [4]),
    ]
    expected = [call() for call in calls]
    with torch.no_grad():
        found = [call() for call in calls]
        assert not torch.is_grad_enabled()
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)

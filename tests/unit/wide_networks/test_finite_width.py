"""Tangent kernels of torch modules against explicit Jacobians, linearised networks, and training in closed form."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from seedbed.wide_networks import empirical_ntk, linearized, training_curve  # noqa: E402
from torch import nn  # noqa: E402

pytestmark = pytest.mark.usefixtures("doubles")


class Residual(nn.Module):
    """A layer that is called twice, and changes of what layers return in place."""

    def __init__(self):
        super().__init__()
        self.first, self.shared, self.last = nn.Linear(3, 5), nn.Linear(5, 5), nn.Linear(5, 2)

    def forward(self, x):
        h = torch.relu_(self.first(x))
        h = h + torch.sigmoid(self.shared(h))
        h *= 0.5
        return self.last(torch.tanh(self.shared(h)))


class Tied(nn.Module):
    """Weights of an embedding that are the last layer's too, and those of a layer that are used without it."""

    def __init__(self):
        super().__init__()
        self.words, self.inner = nn.Embedding(7, 4), nn.Linear(4, 4)

    def forward(self, tokens):
        h = torch.tanh(self.inner(self.words(tokens))).mean(dim=1)
        return nn.functional.linear(h, self.words.weight) + h @ self.inner.weight[:, :1]


class Square(torch.autograd.Function):
    """By NumPy, so that no transformation of torch sees through it."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.from_numpy(x.detach().numpy() ** 2)

    @staticmethod
    def backward(ctx, slope):
        return torch.from_numpy(2.0 * ctx.saved_tensors[0].detach().numpy() * slope.numpy())


class Squares(nn.Module):
    def forward(self, x):
        return Square.apply(x)


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.gain, self.norm, self.linear = nn.Parameter(torch.randn(4)), nn.LayerNorm(4), nn.Linear(4, 2)

    def forward(self, x):
        return self.linear(torch.tanh(self.gain * self.norm(x)))


def frozen_first():
    module = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2))
    module[0].weight.requires_grad_(False)
    module[2].bias.requires_grad_(False)
    return module


def with_normalisation():
    module = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(48, 2))
    module(torch.randn(20, 1, 6, 6))
    return module.eval()


MODULES = {
    "mlp": (lambda: nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1)), (3,)),
    "two outputs": (lambda: nn.Sequential(nn.Linear(3, 8), nn.GELU(), nn.Linear(8, 2, bias=False)), (3,)),
    "in place": (lambda: nn.Sequential(nn.Linear(3, 8), nn.ReLU(inplace=True), nn.Linear(8, 2)), (3,)),
    "called twice": (Residual, (3,)),
    "frozen": (frozen_first, (3,)),
    "sequence": (lambda: nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Flatten(), nn.Linear(20, 2)), (5, 3)),
    "sequence, narrow": (lambda: nn.Sequential(nn.Linear(2, 1), nn.Tanh(), nn.Flatten(), nn.Linear(9, 2)), (9, 2)),
    "conv": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 3, 3, padding=1, stride=2), nn.ReLU(), nn.Conv2d(3, 4, 2, padding="same"), nn.Tanh(),
            nn.Flatten(), nn.Linear(36, 2),
        ),
        (2, 5, 6),
    ),
    "conv, oblong": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 2, (3, 1), padding=(0, 2), dilation=(1, 2)), nn.Tanh(), nn.Flatten(), nn.Linear(64, 1)
        ),
        (1, 6, 4),
    ),
    "conv of sequences": (
        lambda: nn.Sequential(nn.Conv1d(2, 3, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(21, 2)),
        (2, 7),
    ),
    "conv in groups": (
        lambda: nn.Sequential(nn.Conv2d(2, 4, 3, groups=2), nn.ReLU(), nn.Flatten(), nn.Linear(16, 2)),
        (2, 4, 4),
    ),
    "backward by NumPy": (lambda: nn.Sequential(nn.Linear(3, 5), Squares(), nn.Linear(5, 2)), (3,)),
    "weight made from another": (
        lambda: nn.Sequential(nn.utils.spectral_norm(nn.Linear(3, 5)), nn.Tanh(), nn.Linear(5, 2)).eval(),
        (3,),
    ),
    "batch normalisation in evaluation": (with_normalisation, (1, 6, 6)),
    "layer normalisation": (Scaled, (4,)),
    "attention": (
        lambda: nn.Sequential(
            nn.TransformerEncoderLayer(4, 2, 6, 0.0, batch_first=True).eval(), nn.Flatten(), nn.Linear(12, 2)
        ),
        (3, 4),
    ),
}  # fmt: skip


def jacobian(module, X):
    """(rows outputs, parameters), one backward pass each."""
    trained = [p for p in module.parameters() if p.requires_grad]
    rows = [
        torch.cat([g.flatten() for g in torch.autograd.grad(out, trained, retain_graph=True)])
        for x in X
        for out in module(x[None]).flatten()
    ]
    return torch.stack(rows).numpy()


def made(name):
    make, shape = MODULES[name]
    return make(), torch.randn(6, *shape), torch.randn(4, *shape)


@pytest.mark.parametrize("name", MODULES)
def test_kernel_is_the_product_of_jacobians(name):
    module, X, Y = made(name)
    J, L = jacobian(module, X), jacobian(module, Y)
    scale = np.abs(J @ J.T).max()
    assert empirical_ntk(module, X) == pytest.approx(J @ J.T, abs=1e-12 * scale)
    assert empirical_ntk(module, X, Y) == pytest.approx(J @ L.T, abs=1e-12 * scale)


@pytest.mark.parametrize("name", ["two outputs", "conv", "sequence, narrow", "layer normalisation", "called twice"])
def test_one_output_and_the_trace(name):
    module, X, Y = made(name)
    whole = empirical_ntk(module, X, Y).reshape(6, 2, 4, 2)
    for c in (0, 1):
        assert empirical_ntk(module, X, Y, outputs=c) == pytest.approx(whole[:, c, :, c], rel=1e-10, abs=1e-12)
    trace = whole[:, 0, :, 0] + whole[:, 1, :, 1]
    assert empirical_ntk(module, X, Y, outputs="trace") == pytest.approx(trace, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("name", ["conv", "sequence, narrow", "called twice", "layer normalisation", "mlp"])
def test_blocks_change_nothing(name, monkeypatch):
    module, X, Y = made(name)
    ways = ({}, {"outputs": "trace"}, {"Y": Y})
    whole = [empirical_ntk(module, X, **way) for way in ways]
    monkeypatch.setattr("seedbed.wide_networks.finite_width.layer_factors.CELLS", 200)
    for user in ("layer_factors", "tangents"):
        monkeypatch.setattr(f"seedbed.wide_networks.finite_width.{user}.TILE", 4)
    for way, found in zip(ways, whole, strict=True):
        tiled = empirical_ntk(module, X, batch_size=4, **way)
        assert tiled == pytest.approx(found, rel=1e-11, abs=1e-12)
        assert "Y" in way or np.array_equal(tiled, tiled.T)


def test_both_ways_to_sum_over_positions_agree():
    """Many positions and few channels take gradients of rows, few positions and many channels pairs of them."""
    for k, c, positions in ((2, 1, 9), (30, 20, 2)):
        module = nn.Sequential(nn.Linear(k, c), nn.Tanh(), nn.Flatten(), nn.Linear(positions * c, 2))
        X = torch.randn(5, positions, k)
        J = jacobian(module, X)
        assert empirical_ntk(module, X) == pytest.approx(J @ J.T, rel=1e-9, abs=1e-10)


def test_whole_numbers_and_shared_weights():
    module, tokens = Tied(), torch.randint(0, 7, (5, 3))
    J = jacobian(module, tokens)
    assert empirical_ntk(module, tokens) == pytest.approx(J @ J.T, rel=1e-10, abs=1e-12)
    assert empirical_ntk(module, tokens.numpy()) == pytest.approx(J @ J.T, rel=1e-10, abs=1e-12)


def test_scales_of_parameters():
    module, X, _ = made("two outputs")
    names = [name for name, _ in module.named_parameters()]
    parts = [empirical_ntk(module, X, scales={other: 0.0 for other in names if other != name}) for name in names]
    assert sum(parts) == pytest.approx(empirical_ntk(module, X), rel=1e-11)
    mixed = empirical_ntk(module, X, scales=dict(zip(names, (2.0, 0.5, 3.0), strict=True)))
    assert mixed == pytest.approx(2.0 * parts[0] + 0.5 * parts[1] + 3.0 * parts[2], rel=1e-11)


def test_wide_networks_have_the_analytic_kernel():
    """ReLU, depth 2, no biases: the recursion of arc-cosine kernels, at 2048 units."""
    n, d = 2048, 5
    layers = [
        nn.Linear(d, n, bias=False),
        nn.ReLU(),
        nn.Linear(n, n, bias=False),
        nn.ReLU(),
        nn.Linear(n, 1, bias=False),
    ]
    module = nn.Sequential(*layers).float()
    with torch.no_grad():
        for at, fan in ((0, d), (2, n), (4, n)):
            module[at].weight.normal_().mul_((2.0 / fan) ** 0.5)
    X = np.random.default_rng(0).normal(size=(8, d))
    found = empirical_ntk(module, X, scales={"0.weight": 2.0 / d, "2.weight": 2.0 / n, "4.weight": 2.0 / n})
    K = 2.0 * X @ X.T / d
    q, T = np.diag(K).copy(), K.copy()
    for _ in range(2):
        t = np.arccos(np.clip(K / np.sqrt(np.outer(q, q)), -1.0, 1.0))
        K = np.sqrt(np.outer(q, q)) * (np.sin(t) + (np.pi - t) * np.cos(t)) / np.pi
        T = K + (np.pi - t) / np.pi * T
    assert np.linalg.norm(found - T) / np.linalg.norm(T) < 4.0 / np.sqrt(n)


def test_nothing_of_the_module_is_changed():
    module, X, _ = made("mlp")
    before = {name: value.clone() for name, value in module.state_dict().items()}
    empirical_ntk(module, X)
    assert all((before[name] == value).all() for name, value in module.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in module.parameters())
    assert not any(part._forward_hooks for part in module.modules()) and module.training


def test_single_precision_stays():
    module = nn.Linear(2, 1).float()
    assert empirical_ntk(module, np.ones((3, 2))).dtype == np.float32


@pytest.mark.parametrize("name", ["mlp", "conv", "layer normalisation", "called twice"])
def test_linearised_network_is_the_first_order(name):
    module, X, _ = made(name)
    linear = linearized(module)
    assert torch.allclose(linear(X), module(X), atol=1e-12)
    steps = [torch.randn_like(p) for p in linear.displacements]
    with torch.no_grad():
        for p, step in zip(linear.displacements, steps, strict=True):
            p.copy_(step)
    J = torch.as_tensor(jacobian(module, X))
    change = J @ torch.cat([step.flatten() for step in steps])
    assert torch.allclose(linear(X).flatten(), module(X).flatten() + change, atol=1e-10)


def test_training_the_linearised_network_is_the_closed_form():
    module, X, Y = made("two outputs")
    linear, y = linearized(module), torch.randn(6, 2)
    start, start_test = linear(X).detach().numpy(), linear(Y).detach().numpy()
    trained = [p for p in linear.parameters() if p.requires_grad]
    optimiser = torch.optim.SGD(trained, lr=0.05)
    for _ in range(30):
        optimiser.zero_grad()
        (((linear(X) - y) ** 2).sum() / (2 * len(X))).backward()
        optimiser.step()
    K, cross = empirical_ntk(module, X), empirical_ntk(module, Y, X)
    options = {"start": start, "learning_rate": 0.05}
    assert training_curve(K, y.numpy(), [30], **options)[0] == pytest.approx(linear(X).detach().numpy(), abs=1e-10)
    elsewhere = training_curve(K, y.numpy(), [30], K_test=cross, start_test=start_test, **options)
    assert elsewhere[0] == pytest.approx(linear(Y).detach().numpy(), abs=1e-10)


def batch_normalised():
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))


class Centred(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 1)

    def forward(self, x):
        return self.linear(x - x.mean(dim=0))


X2 = np.ones((3, 2)) * np.arange(3)[:, None]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: empirical_ntk(batch_normalised(), X2), r"BatchNorm1d \(1\).*module.eval"),
        (lambda: linearized(batch_normalised()), "module.eval"),
        (lambda: empirical_ntk(nn.Sequential(nn.Linear(2, 1), nn.Dropout(0.5)), X2), "draws at random"),
        (lambda: empirical_ntk(Centred(), X2), "rows beside it"),
        (lambda: empirical_ntk(nn.Linear(2, 1), X2 * np.nan), "NaN"),
        (lambda: empirical_ntk(nn.Linear(2, 1), X2[:0]), "at least one row"),
        (lambda: empirical_ntk(nn.Linear(2, 1), X2, outputs=1), "one of 1 outputs"),
        (lambda: empirical_ntk(nn.Linear(2, 1), X2, outputs="sum"), "'trace'"),
        (lambda: empirical_ntk(nn.Linear(2, 1), X2, scales={"weights": 1.0}), "no parameter|not trained"),
        (lambda: empirical_ntk(nn.Linear(2, 1).requires_grad_(False), X2), "requires a gradient"),
        (lambda: empirical_ntk(nn.Linear(2, 1), np.ones((20_001, 2))), "GiB"),
        (lambda: training_curve(np.eye(3), np.ones(2), [1.0]), "row for each of 3"),
        (lambda: training_curve(-np.eye(2), np.ones(2), [1.0]), "semi-definite"),
        (lambda: training_curve([[0.0, 1.0], [0.0, 0.0]], np.ones(2), [1.0]), "symmetric"),
        (lambda: training_curve(np.eye(2), np.ones(2), [-1.0]), "zero or more"),
        (lambda: training_curve(np.eye(2), np.ones(2), [1], learning_rate=4.5), "diverges"),
        (lambda: training_curve(np.eye(2), [np.nan, 1.0], [1]), "NaN"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_what_is_no_module():
    with pytest.raises(TypeError, match=r"torch\.nn\.Module"):
        empirical_ntk(lambda x: x, X2)

"""Maximal updates: training is that of explicit multipliers, features move at every width, rates carry over."""

from __future__ import annotations

import copy

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from seedbed.wide_networks import coordinate_check, parametrize, transfer_learning_rate  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

pytestmark = pytest.mark.usefixtures("doubles")


def mlp(n, d=20, out=5):
    return nn.Sequential(nn.Linear(d, n), nn.ReLU(), nn.Linear(n, n), nn.ReLU(), nn.Linear(n, out))


class Multiplied(nn.Module):
    """The output layer's weights are larger by r, and its output is divided by r, as in the ``mup`` package."""

    def __init__(self, module, r):
        super().__init__()
        self.module, self.r = copy.deepcopy(module), r
        with torch.no_grad():
            self.module[4].weight.mul_(r)

    def forward(self, x):
        h = self.module[:4](x)
        return h @ self.module[4].weight.T / self.r + self.module[4].bias


RATES = {"sgd": lambda r: (r, r, 1, r, r, 1), "adam": lambda r: (1, 1, 1 / r, 1, 1, 1)}  # of MuSGD and MuAdam


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_training_is_that_of_explicit_multipliers(optimizer):
    r, lr = 8, {"sgd": 0.05, "adam": 0.01}[optimizer]
    ours = mlp(128)
    groups = parametrize(ours, 16, optimizer=optimizer, lr=lr)
    theirs = Multiplied(ours, r)
    own = [{"params": [p], "lr": lr * f} for p, f in zip(theirs.parameters(), RATES[optimizer](r), strict=True)]
    X, y = torch.randn(64, 20), torch.randint(0, 5, (64,))
    start = ours(X).detach()
    steps = [
        torch.optim.SGD(g, momentum=0.9) if optimizer == "sgd" else torch.optim.Adam(g, eps=1e-30)
        for g in (groups, own)
    ]
    pairs = list(zip((ours, theirs), steps, strict=True))
    for _ in range(5):
        for module, step in pairs:
            step.zero_grad()
            F.cross_entropy(module(X), y).backward()
            step.step()
        assert torch.allclose(ours(X), theirs(X), atol=1e-9)
    assert (ours(X) - start).abs().max() > 1e-3


def test_initial_scales_are_those_of_the_package():
    """Against torch's own: output weights r^-1/2, biases r^1/2 after wide layers, all else as it was."""
    module = mlp(64)
    before = copy.deepcopy(module)
    parametrize(module, mlp(16))
    for at, weight, bias in ((0, 1.0, 1.0), (2, 1.0, 2.0), (4, 0.5, 2.0)):
        assert torch.allclose(module[at].weight, before[at].weight * weight)
        assert torch.allclose(module[at].bias, before[at].bias * bias)


@pytest.mark.parametrize("kind", ["mup", "standard", "ntk"])
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_at_the_base_width_nothing_changes(kind, optimizer):
    for base in (32, mlp(32)):
        module = mlp(32)
        before = copy.deepcopy(module.state_dict())
        groups = parametrize(module, base, kind, optimizer, lr=0.3)
        assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())
        assert {group["lr"] for group in groups} == {0.3}
        assert sum(len(group["params"]) for group in groups) == 6


FACTORS = {
    ("mup", "sgd"): {"input": 4.0, "hidden": 1.0, "output": 0.25, "fixed": 1.0},
    ("mup", "adam"): {"input": 1.0, "hidden": 0.25, "output": 0.25, "fixed": 1.0},
    ("ntk", "sgd"): {"input": 1.0, "hidden": 0.25, "output": 0.25, "fixed": 1.0},
    ("ntk", "adam"): {"input": 1.0, "hidden": 0.5, "output": 0.5, "fixed": 1.0},
    ("standard", "adam"): {"input": 1.0, "hidden": 1.0, "output": 1.0, "fixed": 1.0},
}


@pytest.mark.parametrize(("kind", "optimizer"), FACTORS)
def test_factors_of_the_tables(kind, optimizer):
    for base in (16, mlp(16)):
        groups = parametrize(mlp(64), base, kind, optimizer)
        assert {group["kind"]: group["factor"] for group in groups} == FACTORS[kind, optimizer]


def test_ntk_rates_are_squared_multipliers():
    """Weights of variance one with multipliers n^-1/2 learn, in function, as the groups say."""
    module, n, lr = nn.Sequential(nn.Linear(6, 64, bias=False), nn.Tanh(), nn.Linear(64, 2, bias=False)), 64, 0.1
    unit = copy.deepcopy(module)
    with torch.no_grad():
        unit[2].weight.mul_(n**0.5)
    step = torch.optim.SGD(parametrize(module, 1, "ntk", "sgd", lr=lr))
    other = torch.optim.SGD(unit.parameters(), lr=lr)
    X, y = torch.randn(9, 6), torch.randn(9, 2)
    for _ in range(3):
        for optimiser, outputs in ((step, lambda: module(X)), (other, lambda: unit[:2](X) @ unit[2].weight.T / n**0.5)):
            optimiser.zero_grad()
            F.mse_loss(outputs(), y).backward()
            optimiser.step()
    assert torch.allclose(module(X), unit[:2](X) @ unit[2].weight.T / n**0.5, atol=1e-10)


class Transformer(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.words, self.norm = nn.Embedding(11, n), nn.LayerNorm(n)
        self.mix, self.out = nn.Linear(n, 2 * n), nn.Linear(2 * n, 11)
        self.frozen = nn.Parameter(torch.ones(n), requires_grad=False)

    def forward(self, tokens):
        return self.out(torch.relu(self.mix(self.norm(self.words(tokens) * self.frozen))))


def test_kinds_come_from_a_base_module():
    module = Transformer(32)
    groups = parametrize(module, Transformer(8))
    names = {id(p): name for name, p in module.named_parameters()}
    kinds = {names[id(p)]: group["kind"] for group in groups for p in group["params"]}
    assert kinds == {
        "words.weight": "input",
        "norm.weight": "input",
        "norm.bias": "input",
        "mix.weight": "hidden",
        "mix.bias": "input",
        "out.weight": "output",
        "out.bias": "fixed",
    }
    assert torch.equal(module.norm.weight, torch.ones(32))


def convolutional(n):
    convolutions = [nn.Conv2d(1, n, 3), nn.ReLU(), nn.Conv2d(n, 2 * n, 3), nn.ReLU()]
    return nn.Sequential(*convolutions, nn.Flatten(), nn.Linear(32 * n, 3))


def test_a_width_is_enough_for_chains_of_layers():
    for base in (4, convolutional(4)):
        groups = parametrize(convolutional(8), base)
        assert [(g["kind"], g["factor"], len(g["params"])) for g in groups] == [
            ("input", 1.0, 3), ("hidden", 0.5, 1), ("output", 0.5, 1), ("fixed", 1.0, 1),
        ]  # fmt: skip


def test_weights_may_stay():
    module = mlp(64)
    before = copy.deepcopy(module.state_dict())
    parametrize(module, 16, rescale=False)
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())


def slopes(**options):
    torch.set_default_dtype(torch.float32)
    table = coordinate_check(lambda n: mlp(n, 16, 3), [64, 128, 256, 512, 1024], steps=4, repeats=4, **options)
    last = table[table["step"] == 4].groupby(["layer", "width"])["change"].mean().unstack()
    return {layer: np.polyfit(np.log(row.index), np.log(row), 1)[0] for layer, row in last.iterrows()}


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_coordinates_are_flat(optimizer):
    found = slopes(optimizer=optimizer)
    assert all(abs(slope) < 0.1 for slope in found.values()), found


@pytest.mark.slow
def test_coordinates_of_other_parametrisations_are_not():
    assert max(slopes(kind="standard").values()) > 0.4
    assert min(slopes(kind="ntk", optimizer="sgd").values()) < -0.3


def test_table_of_coordinates():
    table = coordinate_check(lambda n: mlp(n, 4, 2), [8, 16], steps=2, repeats=2)
    assert list(table) == ["width", "repeat", "step", "layer", "size", "change"] and len(table) == 2 * 2 * 3 * 3
    assert (table[table["step"] == 0]["change"] == 0.0).all() and (table[table["step"] == 2]["change"] > 0.0).all()
    assert table.equals(coordinate_check(lambda n: mlp(n, 4, 2), [8, 16], steps=2, repeats=2))
    tokens = torch.arange(10)[:, None], torch.arange(10)
    words = coordinate_check(lambda n: nn.Sequential(Transformer(n), nn.Flatten()), [8], data=tokens, repeats=1)
    assert set(words["layer"]) == {"0.mix", "0.out"}


def best_rate(kind, n, rates):
    """Of Adam on a small task, by a parabola through the three best of log2 rates."""
    losses = []
    for lr in rates:
        total = 0.0
        for seed in range(2):
            torch.manual_seed(seed)
            X = torch.randn(128, 12)
            y = (X[:, 0] * X[:, 1] > 0).long() + 2 * (X[:, 2] > 0).long()
            module = mlp(n, 12, 4)
            step = torch.optim.Adam(parametrize(module, 16, kind, lr=float(lr)), betas=(0.9, 0.95))
            for _ in range(25):
                step.zero_grad()
                loss = F.cross_entropy(module(X), y)
                loss.backward()
                step.step()
            total += float(loss.detach())
        losses.append(total if np.isfinite(total) else 1e9)
    at = int(np.clip(np.argmin(losses), 1, len(rates) - 2))
    bend, tilt, _ = np.polyfit([-1, 0, 1], np.minimum(losses[at - 1 : at + 2], 8.0), 2)
    return np.log2(rates[at]) - np.clip(tilt / (2.0 * bend), -1.0, 1.0)


@pytest.mark.slow
def test_best_rates_carry_over():
    """From 16 to 128 units: Adam's best rate falls in the standard parametrisation, and stays in muP."""
    torch.set_default_dtype(torch.float32)
    rates = 2.0 ** np.arange(-9.0, 0.0)
    shift = {kind: best_rate(kind, 128, rates) - best_rate(kind, 16, rates) for kind in ("mup", "standard")}
    assert shift["standard"] < -1.0 and abs(shift["mup"]) < 1.0
    assert shift["mup"] > shift["standard"] + 1.0


def test_transferred_rates():
    assert transfer_learning_rate(0.01, 64, 512) == 0.01
    assert transfer_learning_rate(0.01, 64, 512, "standard") == pytest.approx(0.01 / 8)
    assert transfer_learning_rate(0.1, 64, 256, "ntk", "sgd") == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: parametrize(mlp(8), 4, "muP"), ValueError, "kind must be one of mup"),
        (lambda: parametrize(mlp(8), 4, optimizer="lion"), ValueError, "'adam'"),
        (
            lambda: parametrize(nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 6), nn.Linear(6, 2)), 3),
            ValueError,
            "no whole number",
        ),
        (lambda: parametrize(mlp(8), "16"), TypeError, "a module or a width"),
        (lambda: parametrize(mlp(8), 4, lr=-1.0), ValueError, "lr must be"),
        (lambda: parametrize(lambda x: x, 4), TypeError, r"torch\.nn\.Module"),
        (lambda: parametrize(Transformer(8), 4), ValueError, "give a base module"),
        (lambda: parametrize(mlp(8), nn.Linear(2, 2)), ValueError, "other parameters"),
        (lambda: parametrize(nn.Linear(2, 2), 1), ValueError, "one layer has no width"),
        (lambda: coordinate_check(lambda n: None, [8]), TypeError, "make_module"),
        (lambda: coordinate_check(Transformer, [8]), ValueError, r"data=\(X, y\)"),
        (lambda: coordinate_check(mlp, []), ValueError, "widths"),
        (lambda: transfer_learning_rate(0.1, 8, 16, "mup", "lion"), ValueError, "optimizer"),
        (lambda: transfer_learning_rate(-0.1, 8, 16), ValueError, "positive"),
    ],
)
def test_messages(call, error, message):
    with pytest.raises(error, match=message):
        call()

"""Networks trained at many learning rates at once: gradients and steps against torch, copies against runs alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from seedbed.studies.wide_networks.networks.copies import (
    NetworkCopies,
    cross_entropy,
    cross_entropy_slope,
    squared_slope,
)
from seedbed.studies.wide_networks.networks.descent import Adam, Sgd
from seedbed.studies.wide_networks.networks.mup_network import MupNetwork
from seedbed.studies.wide_networks.networks.parametrizations import width_rule
from seedbed.wide_networks import parametrize

WIDTHS = (64, 192, 576)
LOSSES = {
    "cross_entropy": (cross_entropy_slope, lambda z, y: -(torch.log_softmax(z, -1) * y).sum(-1).mean()),
    "squared": (squared_slope, lambda z, y: 0.5 * ((z - y) ** 2).sum(-1).mean()),
}


def weights(rng: np.random.Generator, *sizes: int) -> list[np.ndarray]:
    return [rng.standard_normal(pair) / pair[0] ** 0.5 for pair in pairwise(sizes)]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("with_bias", [True, False])
def test_gradients_are_torch_s(loss: str, activation: str, with_bias: bool) -> None:
    rng = np.random.default_rng(0)
    start, bias = weights(rng, 5, 7, 6, 3), rng.standard_normal(7) if with_bias else None
    x, y = rng.standard_normal((9, 5)), np.eye(3)[rng.integers(0, 3, 9)]
    slope, torch_loss = LOSSES[loss]
    network = NetworkCopies(start, 2, activation, bias)
    outputs, gradients = network.gradients(x, y, slope)
    parameters = [torch.tensor(one[0], requires_grad=True) for one in network.parameters]
    z = torch.tensor(x)
    for number in range(3):
        z = z @ parameters[number] + (parameters[3] if with_bias and number == 0 else 0)
        z = getattr(torch, activation)(z) if number < 2 else z
    torch_loss(z, torch.tensor(y)).backward()
    np.testing.assert_allclose(outputs[1], z.detach().numpy(), atol=1e-12)
    for ours, theirs in zip(gradients, parameters, strict=True):
        assert theirs.grad is not None
        np.testing.assert_allclose(ours[1], theirs.grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_steps_are_torch_s_with_a_rate_for_each_layer(name: str) -> None:
    rng, factors, rate = np.random.default_rng(1), [1.0, 0.5], 0.05
    start = weights(rng, 4, 6, 2)
    network = NetworkCopies(start, 1, "tanh")
    ours = Sgd(np.array([rate]), factors) if name == "sgd" else Adam(np.array([rate]), factors, (0.9, 0.95))
    parameters = [torch.tensor(one, requires_grad=True) for one in start]
    groups = [{"params": [p], "lr": rate * f} for p, f in zip(parameters, factors, strict=True)]
    theirs = torch.optim.SGD(groups) if name == "sgd" else torch.optim.Adam(groups, betas=(0.9, 0.95))
    for _ in range(20):
        x, y = rng.standard_normal((8, 4)), np.eye(2)[rng.integers(0, 2, 8)]
        ours.step(network.parameters, network.gradients(x, y, cross_entropy_slope)[1])
        theirs.zero_grad()
        z = torch.tanh(torch.tensor(x) @ parameters[0]) @ parameters[1]
        LOSSES["cross_entropy"][1](z, torch.tensor(y)).backward()
        theirs.step()
    for one, other in zip(network.parameters, parameters, strict=True):
        np.testing.assert_allclose(one[0], other.detach().numpy(), atol=1e-6)


def test_a_copy_goes_where_it_goes_alone_and_diverging_ones_change_no_other() -> None:
    start, rates = weights(np.random.default_rng(2), 4, 8, 3), np.array([0.1, 1.0, 1e30])

    def trained(chosen: np.ndarray) -> NetworkCopies:
        rng, network, method = np.random.default_rng(3), NetworkCopies(start, len(chosen)), Sgd(chosen, [1.0, 1.0])
        with np.errstate(all="ignore"):
            for _ in range(10):
                x, y = rng.standard_normal((16, 4)), np.eye(3)[rng.integers(0, 3, 16)]
                method.step(network.parameters, network.gradients(x, y, cross_entropy_slope)[1])
        return network

    together = trained(rates)
    for number in range(2):
        alone = trained(rates[number : number + 1])
        np.testing.assert_allclose(together.parameters[0][number], alone.parameters[0][0], rtol=1e-10)
    x = np.random.default_rng(4).standard_normal((5, 4))
    with np.errstate(all="ignore"):
        losses = cross_entropy(together.outputs(x), np.eye(3)[[0, 1, 2, 0, 1]])
    assert np.isfinite(losses[:2]).all() and not losses[2] < 10


@pytest.mark.parametrize("kind", ["sp", "ntk", "mup"])
def test_at_the_base_width_all_parametrisations_agree(kind) -> None:
    assert width_rule(kind, "sgd", 1.0) == ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0))


@pytest.mark.parametrize(("kind", "optimizer"), [("mup", "sgd"), ("mup", "adam"), ("ntk", "sgd")])
def test_rules_are_those_of_the_library(kind, optimizer) -> None:
    layers = [torch.nn.Linear(*pair, bias=False) for pair in pairwise((10, 256, 256, 2))]
    before = [layer.weight.detach().clone() for layer in layers]
    groups = parametrize(torch.nn.Sequential(*layers), 64, kind=kind, optimizer=optimizer)
    rule, factors = width_rule(kind, optimizer, 4.0), {group["kind"]: group["factor"] for group in groups}
    assert [factors[name] for name in ("input", "hidden", "output")] == pytest.approx(list(rule.rate))
    grown = [float(layer.weight.detach().norm() / start.norm()) for layer, start in zip(layers, before, strict=True)]
    assert grown == pytest.approx(list(rule.spread))


def test_one_step_changes_outputs_as_much_at_every_width_in_mup_and_features_vanish_in_ntk() -> None:
    """First-order counting, by measurement: the change of features and of outputs after one step, widths 64 to 576."""
    x, y = np.random.default_rng(5).standard_normal((32, 10)), np.eye(2)[np.arange(32) % 2]
    slopes: dict[tuple[str, str], np.ndarray] = {}
    for kind, optimizer in (("mup", "sgd"), ("mup", "adam"), ("ntk", "sgd")):
        changes = []
        for width in WIDTHS:
            moved = []
            for seed in range(4):
                rule, rng = width_rule(kind, optimizer, width / 64), np.random.default_rng(seed)
                start = [w * spread for w, spread in zip(weights(rng, 10, width, width, 2), rule.spread, strict=True)]
                network = NetworkCopies(start, 1)
                rates = np.array([0.5 if optimizer == "sgd" else 0.01])
                method = (Sgd if optimizer == "sgd" else Adam)(rates, rule.rate)
                before = network.layers(x)
                for _ in range(3):
                    method.step(network.parameters, network.gradients(x, y, cross_entropy_slope)[1])
                moved.append([np.sqrt(((a - b) ** 2).mean()) for a, b in zip(network.layers(x), before, strict=True)])
            changes.append(np.mean(moved, axis=0)[2:])
        slopes[kind, optimizer] = np.polyfit(np.log(WIDTHS), np.log(changes), 1)[0]
    assert np.abs(slopes["mup", "sgd"]).max() < 0.2 and np.abs(slopes["mup", "adam"]).max() < 0.2
    assert slopes["ntk", "sgd"][0] == pytest.approx(-0.5, abs=0.2)


def test_a_network_learns_a_function_of_one_index_and_is_the_same_twice() -> None:
    rng = np.random.default_rng(6)
    X = rng.standard_normal((400, 3))
    y = X[:, 0] + 0.5 * X[:, 0] ** 2
    first, second = (MupNetwork(n_steps=300, random_state=1).fit(X[:300], y[:300]).predict(X[300:]) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert ((first - y[300:]) ** 2).mean() < 0.1 * y[300:].var()

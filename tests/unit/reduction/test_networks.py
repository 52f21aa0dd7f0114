"""The networks: gradients, equality with the closed form where there is one, what they find, and repeatability."""

from __future__ import annotations

import pickle
import threading

import numpy as np
import pytest
import torch
from seedbed.reduction import FrechetCumulativeNet, LinearFCCov, MDDNet, Response, ball_kernel
from seedbed.reduction.networks.architectures import StackedMLP, StackedResNet
from seedbed.reduction.networks.training import covariances, explained
from seedbed.reduction.numerics.centring import centre, u_centre
from worlds import mixed, spanned

QUICK = {"n_restarts": 2, "hidden_layer_sizes": (16,), "n_epochs": 25, "random_state": 0}


def curved(n=200, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    signal = X[:, 0] ** 2 + X[:, 1]
    return X, signal, signal + 0.2 * rng.normal(size=n)


@pytest.mark.slow
def test_linear_net_is_linear_fccov():
    X, rng = mixed(150, 4)
    y = X[:, :2] + 0.3 * rng.normal(size=(150, 2))
    linear = {"hidden_layer_sizes": (), "validation_fraction": 0.0, "n_restarts": 1, "weight_decay": 0.0}
    closed = LinearFCCov(2).fit(X, y).transform(X)
    for options in ({"loss": "whitened", "learning_rate": 0.3}, {"n_epochs": 600, "learning_rate": 0.02}):
        found = FrechetCumulativeNet(2, random_state=0, **linear, **options).fit(X, y).transform(X)
        assert spanned(found, closed) > 1 - 1e-4
        np.testing.assert_allclose(np.abs(found), np.abs(closed), atol=0.05)


def test_gradients_are_those_of_the_definition():
    torch.manual_seed(0)
    scores = torch.randn(2, 12, 3, dtype=torch.float64, requires_grad=True)
    kernel = torch.from_numpy(centre(ball_kernel(Response.of(np.random.default_rng(0).normal(size=12)))))
    mask = torch.ones(2, 12, 1, dtype=torch.float64)
    mask[1, :3] = 0.0

    def loss(values):
        return explained(*covariances(values, kernel, mask)).sum()

    assert torch.autograd.gradcheck(loss, scores)
    inside, covariance = covariances(scores, kernel, mask)
    part = scores.detach().numpy()[1, 3:]
    part = part - part.mean(axis=0)
    np.testing.assert_allclose(inside.detach()[1], part.T @ kernel.numpy()[3:, 3:] @ part / 81)
    np.testing.assert_allclose(covariance.detach()[1], part.T @ part / 9)


def test_batches_are_unbiased_under_independence():
    rng = np.random.default_rng(0)
    kernel = ball_kernel(Response.of(rng.normal(size=(400, 2))))
    plain, unbiased = [], []
    ones = torch.ones(1, 40, 1, dtype=torch.float64)
    for _ in range(400):
        rows = rng.choice(400, 40, replace=False)
        scores = torch.from_numpy(rng.normal(size=(1, 40, 1)))
        part = kernel[np.ix_(rows, rows)]
        plain.append(covariances(scores, torch.from_numpy(centre(part)), ones)[0].item())
        unbiased.append(covariances(scores, torch.from_numpy(u_centre(part)), ones, unbiased=True)[0].item())
    assert abs(np.mean(unbiased)) < 3 * np.std(unbiased) / 20
    assert np.mean(plain) > 3 * np.std(plain) / 20


@pytest.mark.parametrize(
    "options",
    [
        {"n_epochs": 100, "learning_rate": 1e-2},
        {"loss": "whitened"},
        {"loss": "whitened", "weighting": "correlation", "combine": "consensus"},
        {"loss": "whitened", "batch_size": 64},
        {"loss": "whitened", "batch_size": 64, "combine": "consensus"},
    ],
    ids=str,
)
def test_a_curved_signal_is_found(options):
    X, signal, y = curved(300)
    net = FrechetCumulativeNet(**{**QUICK, "n_restarts": 3, **options}).fit(X, y)
    values = net.transform(X)
    assert abs(np.corrcoef(values[:, 0], signal)[0, 1]) > 0.8
    assert values.std() == pytest.approx(1.0) and abs(values.mean()) < 1e-10
    assert net.holdout_scores_.shape == (3,) and net.history_.shape[1] == 3
    np.testing.assert_array_equal(net.history_.max(axis=0), net.holdout_scores_)


def test_many_rows_are_trained_in_batches_without_a_square_matrix(monkeypatch):
    monkeypatch.setattr("seedbed.reduction.networks.dependence_net.EXACT_UP_TO", 150)
    monkeypatch.setattr("seedbed.reduction.networks.dependence_net.BATCH", 50)
    monkeypatch.setattr("seedbed.reduction.networks.frechet_cumulative_net.SAMPLED_ANCHORS", 60)
    monkeypatch.setattr("seedbed.reduction.networks.frechet_cumulative_net.ball_kernel", None)
    X, signal, y = curved(240)
    net = FrechetCumulativeNet(loss="whitened", weighting="correlation", **QUICK).fit(X, y)
    assert abs(np.corrcoef(net.transform(X)[:, 0], signal)[0, 1]) > 0.8


def test_components_are_white_ordered_and_repeatable():
    X, _signal, y = curved()
    objects = np.column_stack([y, X[:, 2]])
    for combine, surplus in (("best", 1), ("consensus", 0)):
        options = {**QUICK, "combine": combine, "surplus": surplus}
        first, again = (FrechetCumulativeNet(3, loss="whitened", **options).fit(X, objects) for _ in range(2))
        values = first.transform(X)
        np.testing.assert_array_equal(values, again.transform(X))
        np.testing.assert_allclose(np.cov(values.T, bias=True), np.eye(3), atol=1e-6)
        assert (np.diff(first.eigenvalues_) <= 0).all()
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(first)).transform(X), values)
        inside = values.T @ centre(ball_kernel(Response.of(objects))) @ values
        np.testing.assert_allclose(inside - np.diag(np.diag(inside)), 0, atol=1e-4 * inside[0, 0])


def test_the_global_random_state_is_left_alone():
    X, _, y = curved(60)
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    FrechetCumulativeNet(architecture="resnet", hidden_layer_sizes=(4,), n_epochs=1).fit(X, y)
    assert torch.rand(1) == expected


def test_outliers_destroy_mdd_and_not_fccov():
    X, signal, y = curved(300)
    y[:30] += 1e3 * np.random.default_rng(1).standard_cauchy(30)
    options = {**QUICK, "loss": "whitened", "n_restarts": 3}
    good, bad = (
        abs(np.corrcoef(method(**options).fit(X, y).transform(X)[:, 0], signal)[0, 1])
        for method in (FrechetCumulativeNet, MDDNet)
    )
    assert good > 0.75 > 0.4 > bad


def test_mdd_net_without_outliers_and_in_batches():
    X, signal, y = curved(300)
    for options in ({}, {"batch_size": 64}):
        net = MDDNet(loss="whitened", **{**QUICK, "n_restarts": 3}, **options).fit(X, y)
        assert abs(np.corrcoef(net.transform(X)[:, 0], signal)[0, 1]) > 0.8


def test_convolutions_see_where_a_spot_is_and_rows_do_not_mix():
    rng = np.random.default_rng(0)
    place = rng.integers(0, 6, 120)
    images = 0.3 * rng.normal(size=(120, 8, 8))
    images[np.arange(120), place, place] += 3.0
    net = FrechetCumulativeNet(
        architecture="resnet", hidden_layer_sizes=(8, 16), loss="whitened", learning_rate=0.3, n_epochs=15,
        n_restarts=1, random_state=0,
    ).fit(images.reshape(120, -1), place.astype(float))  # fmt: skip
    values = net.transform(images.reshape(120, -1))
    means = np.array([values[place == k].mean() for k in range(6)])
    assert (means[place] - values[:, 0]).var() < 0.5
    np.testing.assert_allclose(net.transform(images[:5].reshape(5, -1)), values[:5], atol=1e-8)


def test_restarts_of_each_architecture_differ_and_one_can_be_kept():
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(5, 2 * 6 * 6, generator=generator)
    for network in (StackedMLP(72, (8, 4), 3, 2, generator), StackedResNet((2, 6, 6), (4, 8), 3, 2, generator)):
        both = network(x)
        assert both.shape == (2, 5, 3) and not torch.allclose(both[0], both[1])
        network.keep(1)
        torch.testing.assert_close(network(x)[0], both[1])
    assert StackedResNet((1, 40, 40), (4,), 1, 1, generator)(torch.randn(2, 1600)).shape == (1, 2, 1)


def test_fits_in_threads():
    X, _, y = curved(60)
    found = [None, None]

    def work(i):
        found[i] = FrechetCumulativeNet(**QUICK).fit(X, y).transform(X)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(found[0], found[1])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"architecture": "resnet", "image_shape": (3, 3)}, "with 4 entries"),
        ({"architecture": "resnet", "hidden_layer_sizes": (6,)}, "multiples of 4"),
        ({"loss": "huber"}, "'loss' parameter"),
        ({"n_components": 5}, "at most 4"),
    ],
)
def test_mistakes_are_named(options, message):
    X, _, y = curved(40)
    with pytest.raises(ValueError, match=message):
        FrechetCumulativeNet(**{**QUICK, **options}).fit(X, y)

"""Ends, Gram matrices and densities of curvature against dense matrices, batches, and learning rates."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from seedbed.wide_networks import (  # noqa: E402
    batch_extremes,
    ggn_gram,
    hessian_extremes,
    largest_learning_rate,
    predicted_batch_excess,
    spectral_density,
)
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

pytestmark = pytest.mark.usefixtures("doubles")


def classifier(n=40, classes=3):
    module = nn.Sequential(nn.Linear(5, 12), nn.Tanh(), nn.Linear(12, classes))
    return module, (torch.randn(n, 5), torch.randint(0, classes, (n,)))


def convolutional():
    module = nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.Tanh(), nn.Flatten(), nn.Linear(48, 2))
    return module, (torch.randn(10, 1, 4, 4), torch.randint(0, 2, (10,)))


def columns(parts):
    return torch.cat([part.reshape(-1) for part in parts]).detach().numpy()


def dense_hessian(module, loss, data):
    weights = list(module.parameters())
    slopes = torch.autograd.grad(loss(module(data[0]), data[1]), weights, create_graph=True)
    flat = torch.cat([slope.reshape(-1) for slope in slopes])
    return np.stack([columns(torch.autograd.grad(g, weights, retain_graph=True)) for g in flat])


def dense_ggn(module, loss, data):
    """From the Jacobian and the Hessian of the loss in the outputs."""
    weights = list(module.parameters())
    out = module(data[0])
    J = np.stack([columns(torch.autograd.grad(f, weights, retain_graph=True)) for f in out.reshape(-1)])
    H = torch.autograd.functional.hessian(lambda f: loss(f, data[1]), out.detach())
    return J.T @ H.reshape(J.shape[0], -1).numpy() @ J


DENSE = {"hessian": dense_hessian, "ggn": dense_ggn}


@pytest.mark.parametrize("make", [classifier, convolutional])
@pytest.mark.parametrize("curvature", ["hessian", "ggn"])
def test_ends_of_the_spectrum(make, curvature):
    module, data = make()
    exact = np.linalg.eigvalsh(DENSE[curvature](module, F.cross_entropy, data))
    found = hessian_extremes(module, F.cross_entropy, data, 4, curvature=curvature, tol=1e-6)
    assert found.converged
    assert found.largest == pytest.approx(exact[::-1][:4], rel=1e-9)
    if curvature == "hessian":
        assert found.smallest == pytest.approx(exact[:4], rel=1e-9)
    else:  # zero many times
        assert np.abs(found.smallest).max() < 1e-5 * exact[-1]
    assert np.linalg.norm(found.largest_vectors, axis=1) == pytest.approx(1.0)


def test_vectors_belong_to_values():
    module, data = classifier()
    H = dense_hessian(module, F.cross_entropy, data)
    found = hessian_extremes(module, F.cross_entropy, data, 3, tol=1e-5)
    for values, vectors in ((found.largest, found.largest_vectors), (found.smallest, found.smallest_vectors)):
        residuals = np.linalg.norm(vectors @ H - values[:, None] * vectors, axis=1)
        assert (residuals <= 1.1e-5 * np.abs(values)).all()


@pytest.mark.parametrize("which", ["largest", "smallest"])
def test_one_end_needs_no_more_products(which):
    module, data = classifier()
    both = hessian_extremes(module, F.cross_entropy, data, 2, tol=1e-4)
    one = hessian_extremes(module, F.cross_entropy, data, 2, which, tol=1e-4)
    other = {"largest": "smallest", "smallest": "largest"}[which]
    assert getattr(one, which) == pytest.approx(getattr(both, which), rel=1e-6)
    assert len(getattr(one, other)) == 0 and one.n_products <= both.n_products


def test_a_quadratic_loss_is_exact():
    """A linear model: the Hessian is 2 X' X / n in each output, with every eigenvalue twice."""
    X, module = torch.randn(30, 4), nn.Linear(4, 2, bias=False)
    values = np.linalg.eigvalsh((X.T @ X).numpy() / 30)
    for curvature in ("hessian", "ggn"):
        found = hessian_extremes(module, F.mse_loss, (X, torch.zeros(30, 2)), 8, curvature=curvature)
        assert found.smallest == pytest.approx(np.repeat(values, 2), rel=1e-9)
        assert found.largest == pytest.approx(np.repeat(values, 2)[::-1], rel=1e-9)


def test_the_scale_of_the_loss_scales_everything():
    module, data = classifier()

    def scaled(out, y):
        return 7.0 * F.cross_entropy(out, y)

    for curvature in ("hessian", "ggn"):
        one, seven = (
            hessian_extremes(module, f, data, curvature=curvature, tol=1e-6) for f in (F.cross_entropy, scaled)
        )
        assert seven.largest == pytest.approx(7.0 * one.largest, rel=1e-8)
    grams = [ggn_gram(module, f, data) for f in (F.cross_entropy, scaled)]
    assert grams[1] == pytest.approx(7.0 * grams[0], rel=1e-8, abs=1e-10)
    excess = [predicted_batch_excess(module, f, data, [4]) for f in (F.cross_entropy, scaled)]
    assert excess[1] == pytest.approx(7.0 * excess[0], rel=1e-4)


def test_too_few_products_warn():
    module, data = classifier()
    with pytest.warns(ConvergenceWarning, match="products did not suffice"):
        assert not hessian_extremes(module, F.cross_entropy, data, tol=1e-8, max_products=4).converged


def test_frozen_weights_do_not_count():
    module, data = classifier()
    H = dense_hessian(module, F.cross_entropy, data)
    module[0].requires_grad_(False)
    found = hessian_extremes(module, F.cross_entropy, data, tol=1e-7)
    assert found.largest[0] == pytest.approx(np.linalg.eigvalsh(H[72:, 72:])[-1], rel=1e-9)


@pytest.mark.parametrize("make", [classifier, convolutional])
def test_gram_has_the_eigenvalues_of_every_batch(make):
    module, (X, y) = make()
    n, classes = len(X), module[-1].out_features
    gram = ggn_gram(module, F.cross_entropy, (X, y))
    assert gram.shape == (n * classes, n * classes)
    for rows in (np.arange(n), np.array([1, 4, 5])):
        blocks = gram.reshape(n, classes, n, classes)[rows][:, :, rows].reshape(len(rows) * classes, -1)
        values = np.linalg.eigvalsh(blocks / len(rows))
        exact = np.linalg.eigvalsh(dense_ggn(module, F.cross_entropy, (X[rows], y[rows])))
        kept = min(len(values), len(exact), 6)
        assert values[-kept:] == pytest.approx(exact[-kept:], rel=1e-9, abs=1e-12)
    assert ggn_gram(module, F.cross_entropy, (X, y), batch_size=3) == pytest.approx(gram, abs=1e-10)


def test_gram_of_squares():
    module, X, y = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)), torch.randn(8, 3), torch.randn(8, 1)
    values = np.linalg.eigvalsh(ggn_gram(module, F.mse_loss, (X, y)) / 8)
    exact = np.linalg.eigvalsh(dense_ggn(module, F.mse_loss, (X, y)))
    assert values[-8:] == pytest.approx(exact[-8:], rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("curvature", ["hessian", "ggn"])
def test_batches(curvature):
    """All rows give the full values; the mean over batches is above, and as far as the expansion says."""
    module, (X, y) = classifier(200)
    optimiser = torch.optim.Adam(module.parameters(), lr=0.02)
    y = (X[:, 0] > 0).long() + (X[:, 1] > 0.5).long()
    for _ in range(60):
        optimiser.zero_grad()
        F.cross_entropy(module(X), y).backward()
        optimiser.step()
    table = batch_extremes(module, F.cross_entropy, (X, y), [100, 200], repeats=20, curvature=curvature, tol=1e-2)
    assert (table["batch_size"] == 200).sum() == 1
    full = hessian_extremes(module, F.cross_entropy, (X, y), curvature=curvature, tol=1e-5)
    whole = table[table["batch_size"] == 200].iloc[0]
    assert whole["largest"] == pytest.approx(full.largest[0], rel=1e-3)
    part = table[table["batch_size"] == 100]["largest"]
    predicted = predicted_batch_excess(module, F.cross_entropy, (X, y), [100, 200], curvature=curvature)
    error = part.std() / np.sqrt(len(part))
    assert predicted[1] == 0.0 and predicted[0] > 0.0
    assert abs(part.mean() - full.largest[0] - predicted[0]) < 4.0 * error + 0.3 * predicted[0]


def test_dense_and_iterated_batches_agree(monkeypatch):
    module, data = classifier(30)
    tables = []
    for limit in (800, 1):
        monkeypatch.setattr("seedbed.wide_networks.curvature.batches.DENSE", limit)
        tables.append(batch_extremes(module, F.cross_entropy, data, [30], curvature="ggn", tol=1e-6))
    assert tables[0]["largest"][0] == pytest.approx(tables[1]["largest"][0], rel=1e-9)


def test_it_does_not_matter_which_batches_pass_together(monkeypatch):
    module, data = classifier(30)
    tables = []
    for pairs in (8000, 30, 1):  # all, two, one
        monkeypatch.setattr("seedbed.wide_networks.curvature.batches.PAIRS", pairs)
        tables.append(batch_extremes(module, F.cross_entropy, data, [5], 3, curvature="ggn").to_numpy())
    assert tables[1] == pytest.approx(tables[0], rel=1e-10) and tables[2] == pytest.approx(tables[0], rel=1e-10)


@pytest.mark.parametrize("curvature", ["hessian", "ggn"])
def test_expansion_by_its_definition(curvature):
    """With every eigenpair taken into account, from dense matrices of single rows."""
    module, (X, y) = classifier(12)
    rows = [DENSE[curvature](module, F.cross_entropy, (X[i : i + 1], y[i : i + 1])) for i in range(12)]
    values, vectors = np.linalg.eigh(np.mean(rows, axis=0))
    values, vectors = values[::-1], vectors[:, ::-1]
    moved = np.array([H @ vectors[:, 0] for H in rows])
    scatter = np.var(moved @ vectors, axis=0, ddof=1)
    bracket = np.sum(scatter[1:4] / (values[0] - values[1:4])) + scatter[4:].sum() / values[0]
    found = predicted_batch_excess(module, F.cross_entropy, (X, y), [3, 12], k=4, curvature=curvature, tol=1e-8)
    assert found == pytest.approx([(1 / 3 - 1 / 12) * bracket, 0.0], rel=1e-6)


@pytest.mark.parametrize("curvature", ["hessian", "ggn"])
def test_density_against_all_eigenvalues(curvature):
    module, data = classifier()
    exact = np.linalg.eigvalsh(DENSE[curvature](module, F.cross_entropy, data))
    found = spectral_density(module, F.cross_entropy, data, curvature=curvature, n_probes=30, n_steps=30)
    assert found.weights.sum(axis=1) == pytest.approx(1.0) and found.n_parameters == len(exact)
    for power in (1, 2):
        means = np.sum(found.weights * found.nodes**power, axis=1)
        assert found.mean(lambda x, power=power: x**power) == pytest.approx(means.mean())
        assert abs(means.mean() - np.mean(exact**power)) < 4.0 * means.std(ddof=1) / np.sqrt(30)
    grid, width = np.linspace(-0.4, exact[-1] + 0.4, 400), 0.05
    smooth = np.exp(-0.5 * ((grid[:, None] - exact) / width) ** 2).mean(axis=1) / (width * np.sqrt(2 * np.pi))
    step = grid[1] - grid[0]
    assert found.density(grid, width).sum() * step == pytest.approx(1.0, abs=1e-3)
    assert np.abs(found.density(grid, width) - smooth).sum() * step < 0.08


def test_density_of_few_parameters_is_exact():
    X = torch.tensor([[1.0, 0.0], [0.0, 3.0]])
    found = spectral_density(nn.Linear(2, 1, bias=False), F.mse_loss, (X, torch.zeros(2, 1)), n_probes=3)
    assert found.nodes == pytest.approx(np.array([[1.0, 9.0]] * 3)) and found.weights == pytest.approx(0.5)


def quadratic(rates, optimizer="sgd", **options):
    """One weight and the loss w^2, from w = 1: steps of SGD multiply by 1 - 2 rate."""
    module = nn.Linear(1, 1, bias=False)
    nn.init.ones_(module.weight)
    data = torch.ones(8, 1), torch.zeros(8, 1)
    return largest_learning_rate(
        module, F.mse_loss, data, [2, 4], rates, steps=10, baseline=1.0, repeats=2, optimizer=optimizer, **options
    )


def test_learning_rates_of_a_parabola():
    found = quadratic([0.1, 0.3, 0.5, 0.9, 0.99, 1.01, 1.2])
    exact = (1.0 - 2.0 * found.learning_rates) ** 20
    assert found.losses == pytest.approx(np.array([exact] * 2), rel=1e-6, abs=1e-12)
    assert (found.largest == 0.99).all() and (found.best == 0.5).all() and found.baseline == 1.0


def test_rates_at_an_end_of_the_grid_are_not_called_largest_or_best():
    assert np.isnan(quadratic([0.1, 0.2, 0.3]).largest).all() and np.isnan(quadratic([0.1, 0.2, 0.3]).best).all()
    assert np.isnan(quadratic([1.5, 2.0, 1e30]).largest).all()


def test_adam_is_torchs():
    module = nn.Linear(1, 1, bias=False)
    nn.init.ones_(module.weight)
    optimiser = torch.optim.Adam(module.parameters(), lr=0.2)
    for _ in range(10):
        optimiser.zero_grad()
        (module.weight**2).sum().backward()
        optimiser.step()
    assert quadratic([0.1, 0.2, 0.3], "adam").losses[0, 1] == pytest.approx(module.weight.item() ** 2, rel=1e-6)


def test_larger_batches_bear_larger_rates():
    X = torch.randn(200, 6)
    y = (X[:, 0] + 0.5 * torch.randn(200) > 0).long()
    made = []

    def make():
        made.append(nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 2)).float())
        return made[-1]

    rates = 2.0 ** np.arange(-3.0, 7.5)
    found = largest_learning_rate(make, F.cross_entropy, (X, y), [2, 32], rates, steps=40, repeats=3)
    assert len(made) == 3 and not torch.equal(made[0][0].weight, made[1][0].weight)
    assert found.baseline == pytest.approx(np.log(2.0)) and found.largest[1] >= 4.0 * found.largest[0]
    again = largest_learning_rate(make, F.cross_entropy, (X, y), [2, 32], rates, steps=40, repeats=3)
    assert (again.losses == found.losses).all()


MODULE, DATA = nn.Linear(2, 2).double(), (np.ones((4, 2)), np.array([0, 1, 0, 1]))


def with_batch_norm():
    return nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: hessian_extremes(with_batch_norm(), F.cross_entropy, DATA), "module.eval"),
        (lambda: hessian_extremes(MODULE, F.cross_entropy, (DATA[0] * np.nan, DATA[1])), "NaN"),
        (lambda: hessian_extremes(MODULE, F.mse_loss, (DATA[0], DATA[0] * np.nan)), "y holds NaN"),
        (lambda: hessian_extremes(MODULE, F.cross_entropy, (DATA[0], DATA[1][:3])), "differ in length"),
        (lambda: hessian_extremes(MODULE, F.cross_entropy, DATA, 7), "as many eigenvalues as parameters, .* 1 to 6"),
        (lambda: hessian_extremes(MODULE, F.cross_entropy, DATA, which="top"), "'largest'"),
        (lambda: hessian_extremes(MODULE, F.cross_entropy, DATA, curvature="fisher"), "'ggn'"),
        (lambda: hessian_extremes(MODULE, F.cross_entropy, DATA, tol=0.0), "tol must be a number, between 0 and 1"),
        (lambda: hessian_extremes(MODULE, lambda f, y: f, DATA), "one number"),
        (lambda: hessian_extremes(MODULE, lambda f, y: f.sum() / 0.0, DATA), "not finite"),
        (lambda: ggn_gram(MODULE, nn.CrossEntropyLoss(reduction="sum"), DATA), "mean over rows"),
        (lambda: ggn_gram(MODULE, nn.CrossEntropyLoss(torch.tensor([1.0, 9.0])), DATA), "class weights"),
        (lambda: ggn_gram(MODULE, lambda f, y: f.mean(), DATA), "linear in the outputs"),
        (lambda: ggn_gram(MODULE, lambda f, y: -(f**2).mean(), DATA), "not convex"),
        (lambda: batch_extremes(MODULE, F.cross_entropy, DATA, [5]), "batch sizes must be a whole number, from 1 to 4"),
        (lambda: spectral_density(MODULE, F.cross_entropy, DATA, n_probes=0), "n_probes"),
        (lambda: largest_learning_rate(MODULE, F.cross_entropy, DATA, [2], optimizer="lion"), "'adam'"),
        (lambda: largest_learning_rate(MODULE, F.cross_entropy, DATA, [2], [0.1]), "three or more"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_data_are_a_pair():
    with pytest.raises(TypeError, match="pair of inputs and targets"):
        hessian_extremes(MODULE, F.cross_entropy, DATA[0])


def test_no_warning_of_torch():
    module, data = classifier(10)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        ggn_gram(module, F.cross_entropy, data)
        hessian_extremes(module, F.cross_entropy, data, curvature="ggn")

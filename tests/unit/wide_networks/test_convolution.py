"""Convolutional kernels against slow recursions and networks, and learning curves against draws."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from seedbed.wide_networks import cnn_kernel, exact_learning_curve, hierarchical_kernel, predicted_exponent


def arc_cosines(K: float, q: float, r: float) -> tuple[float, float]:
    """Textbook means of ReLUs and of their slopes, for one pair."""
    if q * r == 0.0:
        return 0.0, 0.0
    t = np.arccos(np.clip(K / np.sqrt(q * r), -1.0, 1.0))
    return np.sqrt(q * r) * (np.sin(t) + (np.pi - t) * np.cos(t)) / (2 * np.pi), (np.pi - t) / (2 * np.pi)


def slow_images(x, z, depth, size, weight, bias, pooled) -> tuple[float, float]:
    """Kernel and tangent kernel of one pair of images, one pair of positions at a time."""
    h, w, c = x.shape
    places, reach = list(product(range(h), range(w))), range(-(size // 2), size // 2 + 1)
    shifts = list(product(reach, reach))

    def window(values, *at):
        around = [tuple((p[0] + i, p[1] + j) for p in at) for i, j in shifts]
        return weight * sum(values.get(key, 0.0) for key in around) / size**2

    def lengths(a):
        return {(p,): a[p] @ a[p] / c for p in places}

    K, q, r = {(p, o): x[p] @ z[o] / c for p in places for o in places}, lengths(x), lengths(z)
    T = dict.fromkeys(K, 0.0)
    for _ in range(depth):
        q, r, K = ({at: bias + window(values, *at) for at in values} for values in (q, r, K))
        T = {at: K[at] + window(T, *at) for at in K}
        means = {(p, o): arc_cosines(K[p, o], q[p,], r[o,]) for p, o in K}
        K, T = {at: means[at][0] for at in K}, {at: means[at][1] * T[at] for at in K}
        q, r = ({at: 0.5 * value for at, value in values.items()} for values in (q, r))
    seen = list(K) if pooled else [(p, p) for p in places]
    kernel = bias + weight * np.mean([K[at] for at in seen])
    return kernel, kernel + weight * np.mean([T[at] for at in seen])


@pytest.mark.parametrize("readout", ["flatten", "pool"])
@pytest.mark.parametrize(("depth", "size", "bias"), [(1, 3, 0.0), (2, 3, 0.3), (3, 1, 0.1), (2, 5, 0.0)])
def test_images_against_a_slow_recursion(readout, depth, size, bias):
    X = np.random.default_rng(0).normal(size=(3, 3, 4, 2))
    options = {"depth": depth, "kernel_size": size, "sigma_b": bias**0.5, "readout": readout}
    nngp, ntk = (cnn_kernel(X, which=which, **options) for which in ("nngp", "ntk"))
    for i, j in product(range(3), range(3)):
        slow = slow_images(X[i], X[j], depth, size, 2.0, bias, readout == "pool")
        assert (nngp[i, j], ntk[i, j]) == pytest.approx(slow, rel=1e-7)


@pytest.mark.parametrize("readout", ["flatten", "pool"])
def test_images_between_two_sets_and_in_blocks(readout, monkeypatch):
    X = np.random.default_rng(1).normal(size=(7, 4, 4))
    whole = cnn_kernel(X, readout=readout, depth=2)
    assert cnn_kernel(X[:3], X, readout=readout, depth=2) == pytest.approx(whole[:3], rel=1e-12)
    assert (whole == whole.T).all() and np.linalg.eigvalsh(whole)[0] > 0.0
    monkeypatch.setattr("seedbed.wide_networks.convolution.images.STATE", 40)
    assert cnn_kernel(X, readout=readout, depth=2) == pytest.approx(whole, rel=1e-12)


def test_images_of_one_position_are_rows():
    """Without neighbours a convolution is a fully connected layer: kernels of its recursion."""
    X = np.random.default_rng(2).normal(size=(4, 1, 1, 6))
    rows = X[:, 0, 0]
    K = T = 2.0 * rows @ rows.T / 6 + 0.2
    for _ in range(3):
        q = np.diag(K)
        values = [[arc_cosines(K[i, j], q[i], q[j]) for j in range(4)] for i in range(4)]
        K = 0.2 + 2.0 * np.array(values)[:, :, 0]
        T = K + 2.0 * np.array(values)[:, :, 1] * T
    for readout in ("flatten", "pool"):
        found = cnn_kernel(X, depth=3, kernel_size=1, sigma_b=0.2**0.5, readout=readout)
        assert found == pytest.approx(T, rel=1e-7)


@pytest.mark.parametrize("readout", ["flatten", "pool"])
def test_images_against_random_networks(readout):
    """Covariance of the outputs of wide random networks."""
    torch = pytest.importorskip("torch")
    X = np.random.default_rng(3).normal(size=(3, 4, 4))
    generator, width, draws = torch.Generator().manual_seed(0), 64, 300
    outputs = np.empty((draws, 3))
    for k in range(draws):
        z = torch.nn.functional.conv2d(
            torch.tensor(X[:, None], dtype=torch.float32),
            torch.randn(width, 1, 3, 3, generator=generator) * (2.0 / 9.0) ** 0.5, padding=1,
        )  # fmt: skip
        W = torch.randn(width, width, 3, 3, generator=generator) * (2.0 / (9.0 * width)) ** 0.5
        a = torch.relu(torch.nn.functional.conv2d(torch.relu(z), W, padding=1))
        flat = a.flatten(1) if readout == "flatten" else a.mean(dim=(2, 3))
        outputs[k] = (flat @ torch.randn(flat.shape[1], generator=generator) * (2.0 / flat.shape[1]) ** 0.5).numpy()
    exact = cnn_kernel(X, depth=2, which="nngp", readout=readout)
    products = outputs[:, :, None] * outputs[:, None, :]
    error = products.std(axis=0) / np.sqrt(draws)
    assert (np.abs(products.mean(axis=0) - exact) < 5.0 * error).all()


def test_pooled_kernels_forget_shifts():
    """Content that moves within a blank image changes the flattened kernel more."""
    x = np.zeros((2, 8, 8))
    x[0, 2:4, 2:4] = x[1, 3:5, 4:6] = [[1.0, -2.0], [0.5, 1.0]]
    flat, pooled = cnn_kernel(x, depth=2), cnn_kernel(x, depth=2, readout="pool")
    assert flat[0, 1] / flat[0, 0] < 0.5 and pooled[0, 1] / pooled[0, 0] == pytest.approx(1.0, abs=1e-12)


def test_near_images_keep_their_digits():
    """Of Theta(x, x) - Theta(x, x') at a distance of 1e-7, where a difference of kernels would lose all but a few."""
    x = np.random.default_rng(4).normal(size=(1, 3, 3))
    d = np.random.default_rng(5).normal(size=(1, 3, 3))
    at = {}
    for step in (1e-3, 1e-4):
        both = np.concatenate([x - step * d, x + step * d])
        K = cnn_kernel(both, depth=2)
        at[step] = (0.5 * (K[0, 0] + K[1, 1]) - K[0, 1]) / step
    assert at[1e-4] == pytest.approx(at[1e-3], rel=1e-2)


def circles(n, p, seed=0):
    angles = np.random.default_rng(seed).uniform(0.0, 2.0 * np.pi, (n, p))
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def slow_tree(x, z, branch) -> tuple[float, float, float, float]:
    """Kernel, tangent kernel and both squared lengths of a pair of inputs, by recursion."""
    if len(x) == 1:
        K, q, r = x[0] @ z[0], x[0] @ x[0], z[0] @ z[0]
        T = K
    else:
        size = len(x) // branch
        parts = [slow_tree(x[i : i + size], z[i : i + size], branch) for i in range(0, len(x), size)]
        K, T, q, r = np.mean(parts, axis=0)
    kernel, slope = (2.0 * value for value in arc_cosines(K, q, r))
    return kernel, kernel + slope * T, q, r


@pytest.mark.parametrize(("p", "branch"), [(1, 2), (4, 2), (9, 3), (8, 2)])
@pytest.mark.parametrize("unit", [True, False])
def test_tree_against_a_slow_recursion(p, branch, unit):
    X = circles(5, p) if unit else np.random.default_rng(0).normal(size=(5, p, 3))
    for at, which in enumerate(("nngp", "ntk")):
        found = hierarchical_kernel(X, branch=branch, which=which)
        slow = [[slow_tree(x, z, branch)[at] for z in X] for x in X]
        assert found == pytest.approx(np.array(slow), rel=1e-7, abs=1e-8)
        assert hierarchical_kernel(X[:2], X, branch=branch, which=which) == pytest.approx(found[:2], rel=1e-12)


def test_tree_diagonal_blocks_and_zero_patches(monkeypatch):
    X = circles(9, 4)
    K = hierarchical_kernel(X)
    assert np.diag(K) == pytest.approx(4.0, rel=1e-15) and (K == K.T).all()
    monkeypatch.setattr("seedbed.wide_networks.convolution.hierarchy.BLOCK", 20)
    assert (hierarchical_kernel(X) == K).all()
    X[0, 1] = 0.0
    assert np.isfinite(hierarchical_kernel(X)).all() and np.linalg.eigvalsh(hierarchical_kernel(X))[0] > 0.0


@pytest.mark.parametrize("step", [1e-3, 1e-6, 1e-9])
def test_near_inputs_keep_their_digits(step):
    """One circle: the tangent kernel is sin t / pi + 2 (1 - t / pi) cos t of the angle t."""
    K = hierarchical_kernel(np.array([[[1.0, 0.0]], [[np.cos(step), np.sin(step)]]]))
    exact = step / np.pi + step**2 - 5.0 * step**3 / (6.0 * np.pi)
    assert K[0, 0] - K[0, 1] == pytest.approx(exact, rel=1e-5)


LINE = np.arange(80.0)
KERNELS = hierarchical_kernel(circles(80, 2)), np.exp(-np.abs(LINE[:, None] - LINE) / 9.0)


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_learning_curve_against_its_formula(noise, monkeypatch):
    monkeypatch.setattr("seedbed.wide_networks.convolution.learning_curves._TILE", 8)
    S, T = KERNELS
    sizes, ridge = [5, 12, 30], 1e-3
    found = exact_learning_curve(S, [T, 2.0 * S], sizes, ridge=ridge, noise=noise)
    for row, target in enumerate((T, 2.0 * S)):
        for at, n in enumerate(sizes):
            errors = []
            for x in range(30, 80):
                m = np.linalg.solve(S[:n, :n] + ridge * np.mean(np.diag(S)) * np.eye(n), S[:n, x])
                errors.append(target[x, x] - 2.0 * m @ target[:n, x] + m @ target[:n, :n] @ m + noise * m @ m)
            assert found[row, at] == pytest.approx(np.mean(errors), rel=1e-9)
    assert exact_learning_curve(S, T, sizes, ridge=ridge, noise=noise) == pytest.approx(found[0], rel=1e-12)


def test_learning_curve_against_draws():
    S, T = KERNELS
    rng = np.random.default_rng(0)
    f = np.linalg.cholesky(T + 1e-12 * np.eye(80)) @ rng.standard_normal((80, 2000))
    sizes = [10, 40]
    found = exact_learning_curve(S, T, sizes, ridge=1e-8)
    for at, n in enumerate(sizes):
        predicted = S[40:, :n] @ np.linalg.solve(S[:n, :n] + 1e-8 * np.mean(np.diag(S)) * np.eye(n), f[:n])
        errors = np.mean((predicted - f[40:]) ** 2, axis=0)
        assert abs(errors.mean() - found[at]) < 4.0 * errors.std() / np.sqrt(2000)


def test_the_right_student_has_the_posterior_variance():
    _, T = KERNELS
    order = np.random.default_rng(0).permutation(80)
    T = T[np.ix_(order, order)]
    found = exact_learning_curve(T, T, [4, 16, 40], ridge=0.0)
    for at, n in enumerate([4, 16, 40]):
        variance = np.diag(T[40:, 40:] - T[40:, :n] @ np.linalg.solve(T[:n, :n], T[:n, 40:]))
        assert found[at] == pytest.approx(variance.mean(), rel=1e-9)
    assert (np.diff(found) < 0.0).all()
    wrong = exact_learning_curve(KERNELS[0], T, [4, 16, 40], ridge=1e-6)
    assert (wrong > found).all()


def test_a_local_target_is_learned_faster():
    X = circles(456, 4, seed=1)
    curves = exact_learning_curve(
        hierarchical_kernel(X), [hierarchical_kernel(X[:, :1]) / 2.0, hierarchical_kernel(X) / 4.0], [64, 128, 256]
    )
    slopes = -np.polyfit(np.log([64, 128, 256]), np.log(curves.T), 1)[0]
    assert slopes[0] > slopes[1] + 0.15
    assert slopes == pytest.approx([predicted_exponent(0.5, 1, 4), predicted_exponent(0.5, 4, 4)], abs=0.15)


def test_exponents():
    """The notes' table for four circles: rough and smooth targets on 1, 2 and 4 of them."""
    rough = [predicted_exponent(0.5, d, 4) for d in (1, 2, 4)]
    smooth = [predicted_exponent(1.5, d, 4) for d in (1, 2, 4)]
    assert rough == pytest.approx([0.625, 0.41667, 0.25], abs=1e-4)
    assert smooth == pytest.approx([1.875, 1.25, 0.75], abs=1e-4)
    assert predicted_exponent(0.5, 1, np.inf) == pytest.approx(1.0 / 2.0)
    assert predicted_exponent(9.0, 1, 4) == pytest.approx(2.0 * 1.25)  # saturated
    assert predicted_exponent(0.5, 16, 16, 1.5) == pytest.approx(1.0 / 16.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cnn_kernel(np.ones((3, 16))), "height, width"),
        (lambda: cnn_kernel(np.full((2, 3, 3), np.nan)), "NaN"),
        (lambda: cnn_kernel(np.ones((2, 3, 3)), np.ones((2, 4, 3))), "differ in shape"),
        (lambda: cnn_kernel(np.ones((2, 3, 3)), kernel_size=2), "kernel_size must be odd"),
        (lambda: cnn_kernel(np.ones((2, 3, 3)), depth=0), "depth must be a whole number, 1 or more"),
        (lambda: cnn_kernel(np.ones((2, 3, 3)), sigma_w=-1.0), "sigma_w=-1.0 must be a positive number"),
        (lambda: cnn_kernel(np.ones((2, 3, 3)), readout="mean"), "'flatten' or 'pool'"),
        (lambda: cnn_kernel([["a"]]), "real numbers"),
        (lambda: hierarchical_kernel(np.ones((2, 6, 2))), "power of branch"),
        (lambda: hierarchical_kernel(np.ones((2, 4, 2)), which="cnn"), "'ntk'"),
        (lambda: exact_learning_curve(np.eye(3), np.eye(3), [3]), "points left to test"),
        (lambda: exact_learning_curve(np.ones((3, 3)), np.eye(3), [2], ridge=0.0), "singular"),
        (lambda: exact_learning_curve(np.eye(3), np.eye(4), [2]), "same size"),
        (lambda: predicted_exponent(0.5, 4, 2), "no larger than the input's"),
    ],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()

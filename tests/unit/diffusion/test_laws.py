"""Laws: denoisers, posterior moments and densities against sums over all pairs, differences, and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.diffusion import DenoiserLaw, EmpiricalLaw, GaussianMixtureLaw, GuidedLaw, ProductLaw, SphereLaw, UnionLaw
from seedbed.diffusion.laws import empirical, softmax_kernels, softmax_numpy
from seedbed.diffusion.laws.law import UnknownOfLaw
from sklearn.datasets import load_digits

RNG = np.random.default_rng(0)
FRAME = np.linalg.qr(RNG.normal(size=(5, 5)))[0][:, :3]
FULL = np.stack([np.cov(RNG.normal(size=(5, 9))) for _ in range(3)])
MIXTURE = GaussianMixtureLaw(RNG.normal(size=(3, 5)), FULL, [1, 2, 3])
LAWS = {
    "mixture": MIXTURE,
    "diagonal": GaussianMixtureLaw(RNG.normal(size=(4, 5)), RNG.uniform(0.1, 1, (4, 5))),
    "sphere": SphereLaw(FRAME, 2.0),
    "product": ProductLaw([SphereLaw(2, 1.0, 1), SphereLaw(3, 2.0, 2)]),
    "union": UnionLaw([SphereLaw(FRAME, 2.0), MIXTURE], [1, 2]),
    "smoothed": EmpiricalLaw(RNG.normal(size=(30, 5)), 0.3),
}


def by_differences(function, y: np.ndarray, step: float = 1e-4) -> np.ndarray:
    shifts = step * np.eye(y.shape[1])
    return np.stack([(function(y + shift) - function(y - shift)) / (2 * step) for shift in shifts], axis=-1)


@pytest.mark.parametrize("name", LAWS)
def test_moments_are_derivatives(name: str) -> None:
    """The posterior covariance is sigma^2 times the Jacobian, and the score the gradient of the log density."""
    law, sigma = LAWS[name], 0.5
    y = law.sample(6, 1, sigma)
    covariance = law.posterior_covariance(y, sigma)
    np.testing.assert_allclose(covariance, sigma**2 * by_differences(lambda x: law.denoise(x, sigma), y), atol=1e-7)
    np.testing.assert_allclose(law.score(y, sigma), by_differences(lambda x: law.log_density(x, sigma), y), atol=1e-6)
    np.testing.assert_allclose(law.posterior_trace(y, sigma), np.trace(covariance, axis1=1, axis2=2), atol=1e-12)
    for both, alone in zip(law.denoise_and_trace(y, sigma), (law.denoise, law.posterior_trace), strict=True):
        np.testing.assert_allclose(both, alone(y, sigma), atol=1e-12)
    np.testing.assert_allclose(covariance, covariance.transpose(0, 2, 1), atol=1e-13)
    assert np.linalg.eigvalsh(covariance).min() > -1e-12


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
@pytest.mark.parametrize("kernels", [softmax_kernels, softmax_numpy])
def test_no_points_have_no_answers(smoothing: float, kernels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(empirical, "_kernels", lambda: kernels)
    atoms = EmpiricalLaw(RNG.normal(size=(9, 5)), smoothing)
    guided = GuidedLaw.of_class(RNG.normal(size=(9, 5)), np.arange(3), 2.0, smoothing)
    made = [atoms, UnionLaw([atoms, MIXTURE]), ProductLaw([atoms, SphereLaw(2, 1.0, 1)]), guided, *LAWS.values()]
    for law in [*made, DenoiserLaw(MIXTURE.denoise, 5)]:
        d = law.n_features_in_
        none = np.empty((0, d))
        assert law.denoise(none, 0.5).shape == law.score(none, 0.5).shape == (0, d)
        assert law.posterior_trace(none, 0.5).shape == (0,) and law.posterior_covariance(none, 0.5).shape == (0, d, d)
        assert [part.shape for part in law.denoise_and_trace(none, 0.5)] == [(0, d), (0,)]
        if not isinstance(law, GuidedLaw | DenoiserLaw):
            assert law.log_density(none, 0.5).shape == (0,)


@pytest.mark.parametrize("name", LAWS)
def test_the_denoiser_has_the_least_error(name: str) -> None:
    """E|x_1 - D|^2 is the mean trace, and any change of D raises it."""
    law, sigma = LAWS[name], 0.7
    clean = law.sample(40_000, 2)
    y = clean + sigma * np.random.default_rng(3).standard_normal(clean.shape)
    denoised = law.denoise(y, sigma)
    error = ((clean - denoised) ** 2).sum(1)
    deviation = error - law.posterior_trace(y, sigma)
    assert abs(deviation.mean()) < 5 * deviation.std() / 200
    for change in (y, np.sin(y), np.ones_like(y)):  # orthogonal to the error, so that any change of D raises it
        products = ((clean - denoised) * change).sum(1)
        assert abs(products.mean()) < 5 * products.std() / 200


@pytest.mark.parametrize("name", LAWS)
def test_samples_have_the_law_s_moments(name: str) -> None:
    law = LAWS[name]
    spread = ((law.sample(100_000, 4) - law.mean()) ** 2).sum(1)
    assert abs(spread.mean() - law.second_moment()) < 5 * spread.std() / 300 + 1e-12


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    X = load_digits().data
    X = X - X.mean(0)
    return X * np.sqrt(64 / (X**2).sum(1).mean())


def all_pairs(X: np.ndarray, y: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    log_weights = -((y[:, None] - X) ** 2).sum(-1) / (2 * sigma**2)
    top = log_weights.max(1, keepdims=True)
    weights = np.exp(log_weights - top)
    total = weights.sum(1, keepdims=True)
    weights /= total
    mean = weights @ X
    trace = np.array([row @ ((X - m) ** 2).sum(1) for row, m in zip(weights, mean, strict=True)])
    log_density = (top + np.log(total))[:, 0] - np.log(len(X)) - 0.5 * X.shape[1] * np.log(2 * np.pi * sigma**2)
    return mean, trace, log_density


@pytest.mark.parametrize("sigma", [1e-8, 0.1, 1.0, 30.0, 1e8])
def test_compiled_mixtures_equal_those_of_whole_matrices(sigma: float) -> None:
    """More points than go through together, far from some components, and an atom among these."""
    variances = np.vstack([np.zeros(5), RNG.uniform(0.1, 1, (3, 5))])
    means, weights = 10 * RNG.normal(size=(4, 5)), [1, 2, 3, 4]
    along, whole = (GaussianMixtureLaw(means, v, weights) for v in (variances, [np.diag(v) for v in variances]))
    y = along.sample(150, 0, sigma)
    y.flags.writeable = False
    for compiled, summed in zip(along.denoise_and_trace(y, sigma), whole.denoise_and_trace(y, sigma), strict=True):
        np.testing.assert_allclose(compiled, summed, rtol=1e-11, atol=1e-12 * sigma**2 / (1 + sigma**2))


@pytest.mark.parametrize("sigma", [1e-8, 1e-4, 0.02, 0.25, 0.5, 1.0, 2.0, 8.0, 1e8])
def test_empirical_laws_equal_sums_over_all_pairs(digits: np.ndarray, sigma: float) -> None:
    """At noise levels where few points matter and where all do; the offset shows that nothing hangs on the origin."""
    X = digits[:600] + 1000.0
    y = X[::20] + sigma * np.random.default_rng(0).standard_normal((30, 64))
    law = EmpiricalLaw(X)
    mean, trace, log_density = all_pairs(X - 1000.0, y - 1000.0, sigma)
    np.testing.assert_allclose(law.denoise(y, sigma) - 1000.0, mean, atol=1e-11)
    np.testing.assert_allclose(law.posterior_trace(y, sigma), trace, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(law.log_density(y, sigma), log_density, rtol=1e-12 if sigma > 1e-4 else 1e-6)


def test_pruned_is_dense(digits: np.ndarray) -> None:
    law, rng = EmpiricalLaw(digits), np.random.default_rng(1)
    for sigma in (0.1, 0.3, 0.6, 1.0):
        y = digits[rng.integers(0, len(digits), 50)] + sigma * rng.standard_normal((50, 64)) - law.centre
        few, all_of_them = law._pruned(y, sigma**2), law._dense(y, sigma**2)
        for name in ("mean", "trace", "log_sum"):
            np.testing.assert_allclose(getattr(few, name), getattr(all_of_them, name), rtol=1e-12, atol=1e-11)


def test_without_numba_the_same(digits: np.ndarray) -> None:
    """Of atoms in two parts, the second with the largest exponents of some points and not of others."""
    X, y = digits[:200], digits[[*range(15), *range(150, 165)]] + 0.2
    half, slack = 0.5 * (X**2).sum(1), np.full(30, 40.0, np.float32)
    outcomes = []
    for module in (softmax_kernels, softmax_numpy):
        mean, (total, squares, top), weights = np.zeros((30, 64)), np.zeros((3, 30)), []
        top[:] = -np.inf
        best, chosen, counts = top.astype(np.float32), np.zeros((30, 200), np.int32), np.zeros(30, np.int64)
        for part in (slice(0, 130), slice(130, 200)):
            logits = np.ascontiguousarray(y @ X[part].T)
            coarse, coarse_half = logits.astype(np.float32), half[part].astype(np.float32)
            module.softmax_rows(logits, half[part], 0.5, top, total, squares, mean)
            mean += logits @ X[part]
            module.near_atoms(coarse, coarse_half, slack, part.start, best, chosen, counts)
            weights.append(logits)
        pruned, (trace, largest, z) = np.empty((30, 64)), np.empty((3, 30))
        module.few_points(chosen, counts, y, X, 2.0, pruned, trace, largest, z)
        outcomes.append((*weights, mean, total, squares, top, best, chosen, counts, pruned, trace, largest, z))
    for one, other in zip(*outcomes, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-300)


def test_atoms_beyond_a_tile() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(5000, 3)), rng.normal(size=(300, 3))
    law = EmpiricalLaw(X)
    for sigma in (0.02, 0.5, 3.0):
        mean, trace, log_density = all_pairs(X, y, sigma)
        np.testing.assert_allclose(law.denoise(y, sigma), mean, atol=1e-12)
        np.testing.assert_allclose(law.posterior_trace(y, sigma), trace, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(law.log_density(y, sigma), log_density, rtol=1e-12)


def test_atoms() -> None:
    one = EmpiricalLaw([[3.0, -1.0]])
    np.testing.assert_allclose(one.denoise([[0.0, 0.0], [50.0, 2.0]], 2.0), [[3, -1], [3, -1]])
    assert one.posterior_trace([[0.0, 0.0]], 2.0) == 0
    y, sigma = np.linspace(-3, 3, 9)[:, None], 1.3
    two = EmpiricalLaw([[2.0], [-2.0], [2.0], [-2.0]])  # duplicates change nothing
    np.testing.assert_allclose(two.denoise(y, sigma), 2 * np.tanh(2 * y / sigma**2), rtol=1e-13)
    np.testing.assert_allclose(GaussianMixtureLaw([[2.0], [-2.0]], [0, 0]).denoise(y, sigma), two.denoise(y, sigma))


def test_spheres_at_the_ends() -> None:
    law = SphereLaw(FRAME, 2.0)
    on = law.sample(5, 0)
    np.testing.assert_allclose(law.denoise(1.5 * on, 1e-6), on, atol=1e-9)
    np.testing.assert_allclose(law.denoise(np.zeros((1, 5)), 0.3), 0)
    np.testing.assert_allclose(law.posterior_trace(np.zeros((1, 5)), 0.3), 4.0)
    np.testing.assert_allclose(law.posterior_trace(on, 1e-4) / 1e-8, 2.0, rtol=1e-5)
    circle = SphereLaw(2, 1.0, 1)  # against the sum over many points of it
    angles = 2 * np.pi * np.arange(4000) / 4000
    points = EmpiricalLaw(np.column_stack([np.cos(angles), np.sin(angles)]))
    y = np.random.default_rng(0).normal(size=(6, 2))
    np.testing.assert_allclose(circle.denoise(y, 0.4), points.denoise(y, 0.4), atol=1e-12)
    np.testing.assert_allclose(circle.log_density(y, 0.4), points.log_density(y, 0.4), atol=1e-12)


def test_guidance_by_one_and_by_all_is_none(digits: np.ndarray) -> None:
    y = digits[:5] + 0.7
    given = EmpiricalLaw(digits[::10], 0.25)
    one = GuidedLaw.of_class(digits, np.arange(len(digits)) % 10 == 0, 1.0, 0.25)
    np.testing.assert_allclose(one.denoise(y, 0.7), given.denoise(y, 0.7), atol=1e-12)
    np.testing.assert_allclose(one.log_density(y, 0.7), given.log_density(y, 0.7))
    everybody = GuidedLaw.of_class(digits, np.full(len(digits), True), 9.0, 0.25)
    np.testing.assert_allclose(everybody.denoise(y, 0.7), EmpiricalLaw(digits, 0.25).denoise(y, 0.7), atol=1e-11)
    with pytest.raises(UnknownOfLaw, match="no log density"):
        everybody.log_density(y, 0.7)


def test_any_function_is_a_law() -> None:
    torch = pytest.importorskip("torch")
    y = MIXTURE.sample(4, 0, 0.5)
    plain = DenoiserLaw(MIXTURE.denoise, 5)
    np.testing.assert_allclose(plain.score(y, 0.5), MIXTURE.score(y, 0.5))
    np.testing.assert_allclose(plain.posterior_trace(y, 0.5), MIXTURE.posterior_trace(y, 0.5), atol=1e-7)
    wiener = DenoiserLaw(lambda x, sigma: x / (1 + sigma**2), 5, dtype=torch.float64)
    np.testing.assert_allclose(wiener.denoise(y, 2.0), y / 5)
    with pytest.raises(ValueError, match=r"returned shape \(4, 1\) for points of shape \(4, 5\)"):
        DenoiserLaw(lambda x, sigma: x[:, :1], 5).denoise(y, 1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: EmpiricalLaw([1.0, 2.0]), "table of finite numbers"),
        (lambda: EmpiricalLaw([[np.nan]]), "table of finite numbers"),
        (lambda: EmpiricalLaw([[1.0]], -1), "smoothing must be a number of at least 0"),
        (lambda: MIXTURE.denoise(np.zeros((2, 4)), 1.0), r"shape \(n, 5\)"),
        (lambda: MIXTURE.denoise(np.full((2, 5), np.inf), 1.0), "not finite"),
        (lambda: MIXTURE.denoise(np.zeros((2, 5)), 0.0), "sigma must be one positive number"),
        (lambda: MIXTURE.denoise(np.zeros((2, 5)), [1.0, 2.0]), "sigma must be one positive number"),
        (lambda: GaussianMixtureLaw([[0.0, 0.0]], [[[1.0, 0.5], [0.0, 1.0]]]), "not symmetric"),
        (lambda: GaussianMixtureLaw([[0.0, 0.0]], [[[1.0, 2.0], [2.0, 1.0]]]), "not positive semi-definite"),
        (lambda: GaussianMixtureLaw([[0.0, 0.0]], [-1.0]), "a variance is negative"),
        (lambda: GaussianMixtureLaw([[0.0, 0.0]], [1.0, 2.0]), "one of the shapes"),
        (lambda: GaussianMixtureLaw([[0.0]], [1.0], [0.0]), "positive numbers"),
        (lambda: SphereLaw(np.ones((3, 2))), "orthonormal"),
        (lambda: SphereLaw(3), "1 <= dimension < 3"),
        (lambda: UnionLaw([SphereLaw(3, 1.0, 1), SphereLaw(2, 1.0, 1)]), "one space"),
        (lambda: GuidedLaw(SphereLaw(3, 1.0, 1), SphereLaw(2, 1.0, 1), 2.0), "3 and 2 dimensions"),
        (lambda: ProductLaw([]), "at least one Law"),
    ],
)
def test_what_is_no_law_is_refused(call, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()

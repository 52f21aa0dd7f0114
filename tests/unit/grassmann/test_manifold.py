"""Geometry: identities that must hold, decompositions and two other libraries as oracles; NumPy and torch alike."""

from __future__ import annotations

import geoopt
import numpy as np
import pytest
import torch
from pymanopt.manifolds import Grassmann
from scipy.linalg import subspace_angles
from seedbed.grassmann.geometry import manifold
from seedbed.grassmann.geometry.gram_functions import cosine_and_sinc, inverse_square_root

RETRACTIONS = [manifold.retract_qr, manifold.retract_cholesky, manifold.retract_polar]
NAMES = ["qr", "cholesky", "polar"]
C, K, N = 7, 5, 40


@pytest.fixture
def rng():
    return np.random.default_rng(20261124)


@pytest.fixture
def W(rng):
    return manifold.random_subspaces(rng, K, N, C)


@pytest.fixture
def X(rng, W):
    """Tangent steps of Frobenius length 0.7."""
    return step(rng, W, 0.7)


def step(rng, W, length):
    H = manifold.project(W, rng.standard_normal(W.shape))
    return length * H / np.sqrt((H**2).sum((1, 2), keepdims=True))


def projector(W):
    return W.swapaxes(-1, -2) @ W


def geodesic_by_svd(W, X):
    """Edelman, Arias and Smith (1998), equation 2.65, in rows."""
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    Ut = U.swapaxes(-1, -2)
    return U @ (np.cos(s)[..., None] * (Ut @ W) + np.sin(s)[..., None] * Vt)


def test_projection_is_tangent_and_idempotent(rng, W):
    D = rng.standard_normal(W.shape)
    H = manifold.project(W, D)
    assert abs(H @ W.swapaxes(1, 2)).max() < 1e-14
    np.testing.assert_allclose(manifold.project(W, H), H, atol=1e-14)
    np.testing.assert_allclose((H * (D - H)).sum((1, 2)), 0, atol=1e-13)


@pytest.mark.parametrize("length", [0.0, 1e-9, 0.7, 1.5, 4.0, 30.0])
def test_geodesic_against_singular_values(rng, W, length):
    X = step(rng, W, length)
    end = manifold.geodesic(W, X)
    assert manifold.orthonormality_defect(end) < 1e-14 * max(1, length)
    np.testing.assert_allclose(end, geodesic_by_svd(W, X), atol=1e-13 * max(1, length))


def test_principal_angles_of_the_end_are_the_step(W, X):
    sizes = np.sort(np.linalg.svd(X, compute_uv=False))
    np.testing.assert_allclose(manifold.principal_angles(W, manifold.geodesic(W, X)), sizes, atol=4e-15)
    np.testing.assert_allclose(manifold.distance(W, manifold.geodesic(W, X)), 0.7, atol=1e-14)


@pytest.mark.parametrize("retract", RETRACTIONS, ids=NAMES)
def test_retractions(rng, W, X, retract):
    sizes = np.sort(np.linalg.svd(X, compute_uv=False))
    end = retract(W, X)
    assert manifold.orthonormality_defect(end) < 2e-15
    np.testing.assert_allclose(manifold.principal_angles(W, end), np.arctan(sizes), atol=1e-14)
    gaps = [
        np.linalg.norm(projector(retract(W, t * X)) - projector(manifold.geodesic(W, t * X)))
        for t in (0.1, 0.05, 0.025)
    ]
    np.testing.assert_allclose(np.log2(np.divide(gaps[:-1], gaps[1:])), 3, atol=0.01)  # third order
    long = retract(W, step(rng, W, 50.0))
    assert manifold.orthonormality_defect(long) < 1e-12


def test_qr_keeps_the_signs(rng, W):
    """LAPACK's own signs would flip rows, against their momentum."""
    X = step(rng, W, 0.5)
    raw = np.linalg.qr((W + X).swapaxes(1, 2))[0].swapaxes(1, 2)
    assert ((raw * W).sum(-1) < 0).any()
    assert ((manifold.retract_qr(W, X) * W).sum(-1) > 0.5).all()


def test_transport_is_an_isometry_of_tangent_spaces(rng, W, X):
    M, L = (step(rng, W, 1.0) for _ in range(2))
    end = manifold.geodesic(W, X)
    moved, other = manifold.transport(W, X, M), manifold.transport(W, X, L)
    assert abs(moved @ end.swapaxes(1, 2)).max() < 2e-15
    np.testing.assert_allclose((moved * other).sum((1, 2)), (M * L).sum((1, 2)), atol=2e-15)
    # a geodesic transports its own velocity, and returns along the transported one
    back = manifold.geodesic(end, -manifold.transport(W, X, X))
    np.testing.assert_allclose(back, W, atol=1e-14)


def test_logarithm_inverts_the_geodesic(rng, W, X):
    np.testing.assert_allclose(manifold.logarithm(W, manifold.geodesic(W, X)), X, atol=1e-14)
    other = manifold.random_subspaces(rng, K, N, C)
    reached = manifold.geodesic(W, manifold.logarithm(W, other))
    np.testing.assert_allclose(projector(reached), projector(other), atol=1e-13)


def test_against_pymanopt(rng, W, X):
    oracle = Grassmann(N, K, k=C)
    columns = [np.ascontiguousarray(a.swapaxes(1, 2)) for a in (W, X)]
    end = manifold.geodesic(W, X)
    theirs = oracle.exp(*columns).swapaxes(1, 2)
    np.testing.assert_allclose(projector(theirs), projector(end), atol=1e-14)
    other = manifold.random_subspaces(rng, K, N, C)
    total = np.sqrt((manifold.distance(W, other) ** 2).sum())
    np.testing.assert_allclose(oracle.dist(columns[0], other.swapaxes(1, 2)), total, rtol=1e-12)
    logarithm = oracle.log(columns[0], np.ascontiguousarray(other.swapaxes(1, 2))).swapaxes(1, 2)
    np.testing.assert_allclose(manifold.logarithm(W, other), logarithm, atol=1e-12)
    D = rng.standard_normal(W.shape)
    projected = oracle.projection(columns[0], D.swapaxes(1, 2)).swapaxes(1, 2)
    np.testing.assert_allclose(manifold.project(W, D), projected, atol=1e-14)


def test_against_geoopt(rng, W, X):
    """For tangent vectors the Euclidean Stiefel manifold has the same gradient and the same QR retraction."""
    oracle = geoopt.EuclideanStiefel()
    columns, steps = (torch.from_numpy(a).mT for a in (W, X))
    np.testing.assert_allclose(oracle.retr(columns, steps).mT, manifold.retract_qr(W, X), atol=1e-14)
    symmetric = rng.standard_normal((C, K, K))
    D = manifold.project(W, rng.standard_normal(W.shape)) + (symmetric + symmetric.swapaxes(1, 2)) @ W
    gradient = oracle.egrad2rgrad(columns, torch.from_numpy(D).mT).mT
    np.testing.assert_allclose(gradient, manifold.project(W, D), atol=1e-13)


def test_angles_against_scipy(rng):
    W, V = manifold.random_subspaces(rng, 4, 12, 1)[0], manifold.random_subspaces(rng, 3, 12, 1)[0]
    for pair in ((W, V), (V, W)):
        np.testing.assert_allclose(manifold.principal_angles(*pair), np.sort(subspace_angles(W.T, V.T)), atol=1e-14)
    tiny = manifold.geodesic(W, 1e-9 * manifold.project(W, rng.standard_normal(W.shape)))
    np.testing.assert_allclose(manifold.principal_angles(W, tiny), np.sort(subspace_angles(W.T, tiny.T)), rtol=1e-6)


def test_series_of_the_gram_matrix(rng):
    for n, dtype, bound in ((8, "float64", 1e-14), (8, "float32", 1e-6), (1, "float64", 1e-15)):
        A = rng.standard_normal((20, n, 2 * n)).astype(dtype)
        A *= np.linspace(0, 6, 20, dtype=dtype)[:, None, None] / np.linalg.norm(A, axis=(1, 2), keepdims=True)
        G = A @ A.swapaxes(1, 2)
        values, vectors = np.linalg.eigh(G.astype(float))
        root = np.sqrt(values.clip(0))
        for f, ours in zip((np.cos, lambda a: np.sinc(a / np.pi)), cosine_and_sinc(G), strict=True):
            exact = (vectors * f(root)[:, None, :]) @ vectors.swapaxes(1, 2)
            np.testing.assert_allclose(ours, exact, atol=20 * bound)
        inverse = inverse_square_root(G + np.eye(n, dtype=dtype))
        exact = (vectors / np.sqrt(1 + values)[:, None, :]) @ vectors.swapaxes(1, 2)
        np.testing.assert_allclose(inverse, exact, atol=20 * bound)


def test_steps_beyond_all_numbers_end(W, X):
    for length in (1e12, 1e200, np.inf):
        with np.errstate(all="ignore"):
            assert manifold.geodesic(W.astype("f4"), (length * X).astype("f4")).shape == W.shape


@pytest.mark.parametrize("library", [np.asarray, torch.from_numpy], ids=["numpy", "torch"])
def test_padded_bases_stay_padded_and_are_moved_alike(rng, library):
    W = manifold.random_subspaces(rng, [2, 5, 3], N)
    X = 0.5 * manifold.project(W, rng.standard_normal(W.shape) * (abs(W).sum(-1, keepdims=True) > 0))
    M = manifold.project(W, rng.standard_normal(W.shape) * (abs(W).sum(-1, keepdims=True) > 0))
    moves = [manifold.geodesic, *RETRACTIONS, lambda W, X: manifold.transport(W, X, library(M)[: len(W), : W.shape[1]])]
    for move in moves:
        end = np.asarray(move(library(W), library(X)))
        assert abs(end[0, 2:]).max() == 0 and abs(end[2, 3:]).max() == 0
        unpadded = move(library(W[:1, :2].copy()), library(X[:1, :2].copy()))
        np.testing.assert_allclose(end[:1, :2], unpadded, atol=1e-14)
    assert manifold.orthonormality_defect(W) < 1e-14


@pytest.mark.parametrize("name", ["geodesic", "retract_qr", "retract_cholesky", "retract_polar", "project"])
def test_torch_equals_numpy(W, X, name):
    function = getattr(manifold, name)
    np.testing.assert_allclose(function(torch.from_numpy(W), torch.from_numpy(X)), function(W, X), atol=1e-14)


def test_torch_equals_numpy_for_pairs(rng, W, X):
    V = manifold.random_subspaces(rng, K, N, C)
    tensors = [torch.from_numpy(a) for a in (W, V)]
    for name in ("principal_angles", "distance", "logarithm"):
        function = getattr(manifold, name)
        np.testing.assert_allclose(function(*tensors), function(W, V), atol=1e-12)
    moved = manifold.transport(tensors[0], *(torch.from_numpy(a) for a in (X, 2 * X)))
    np.testing.assert_allclose(moved, manifold.transport(W, X, 2 * X), atol=1e-14)


def test_random_subspaces_are_uniform(rng):
    """Under the Haar measure the squared length of a projection is Beta(k/2, (n-k)/2)."""
    W = manifold.random_subspaces(rng, 3, 10, 4000)
    lengths = (W[:, :, 0] ** 2).sum(1)
    assert lengths.mean() == pytest.approx(0.3, abs=4 * lengths.std() / 4000**0.5)
    variance = 0.3 * 0.7 / (1 + 5)
    assert lengths.var() == pytest.approx(variance, rel=0.1)
    torch_rng = torch.Generator().manual_seed(0)
    other = manifold.random_subspaces(torch_rng, [1, 3, 2], 10)
    assert other.shape == (3, 3, 10) and manifold.orthonormality_defect(other) < 1e-14 and not other[0, 1:].any()
    with pytest.raises(ValueError, match="1 to 10 dimensions"):
        manifold.random_subspaces(rng, 11, 10)

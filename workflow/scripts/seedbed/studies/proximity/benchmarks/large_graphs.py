"""Large sparse graphs: a few eigenvectors and small clusters against spectral clustering and Louvain's method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from seedbed.core.study import Case
from seedbed.proximity.clustering.proximity_clustering import ProximityClustering
from seedbed.proximity.graphs.graph_input import as_graph


@dataclass(frozen=True)
class Large:
    """A sparse planted graph."""

    A: sparse.csr_array
    labels: np.ndarray


def sparse_planted(n: int, k: int, inside: float, outside: float) -> Large:
    """Equal classes; mean degrees inside and outside, Poisson; the largest component."""
    import networkx  # noqa: F401
    import sklearn.cluster  # noqa: F401

    import seedbed.proximity.partitions.refinement_loops  # noqa: F401

    rng = np.random.default_rng(0)
    labels = rng.permutation(np.arange(n) % k)
    members = np.argsort(labels, kind="stable").reshape(k, -1)
    classes = rng.integers(k, size=rng.poisson(n * inside / 2))
    pairs = rng.integers(n // k, size=(2, len(classes)))
    far = rng.integers(n, size=(2, rng.poisson(n * outside / 2 * k / (k - 1))))
    far = far[:, labels[far[0]] != labels[far[1]]]
    ends = np.concatenate([np.stack([members[classes, pairs[0]], members[classes, pairs[1]]]), far], axis=1)
    ends = ends[:, ends[0] != ends[1]]
    A = sparse.coo_array((np.ones(ends.shape[1]), (ends[0], ends[1])), (n, n)).tocsr()
    A = sparse.csr_array(((A + A.T) > 0).astype(float))
    kept = np.flatnonzero(np.isin(np.arange(n), max(as_graph(A).components, key=len)))
    return Large(sparse.csr_array(A[kept][:, kept]), labels[kept])


def low_rank(k: int) -> Callable[[Large], np.ndarray]:
    """Ours."""
    asked = {"measure": "normalised_heat", "transform": "cosine", "solver": "low_rank", "random_state": 0}
    return lambda problem: ProximityClustering(k, **asked).fit(problem.A).labels_


def spectral(k: int, solver: str | None) -> Callable[[Large], np.ndarray]:
    """scikit-learn's."""

    def run(problem: Large) -> np.ndarray:
        from sklearn.cluster import SpectralClustering

        model = SpectralClustering(k, affinity="precomputed", eigen_solver=solver, random_state=0)
        return model.fit_predict(sparse.csr_matrix(problem.A))

    return run


def louvain(problem: Large) -> np.ndarray:
    """networkx's, from the sparse matrix."""
    import networkx

    graph = networkx.from_scipy_sparse_array(problem.A)
    labels = np.empty(problem.A.shape[0], np.int64)
    for number, members in enumerate(networkx.community.louvain_communities(graph, seed=0)):
        labels[list(members)] = number
    return labels


def missed(problem: Large, labels: np.ndarray) -> float:
    """One less the adjusted Rand index."""
    return 1.0 - float(adjusted_rand_score(problem.labels, labels))


DEFAULT, LOBPCG = "SpectralClustering", "SpectralClustering, lobpcg"

CASES_OF_LARGE_GRAPHS: tuple[Case, ...] = (
    Case(
        name="low_rank_5000",
        problem=lambda: sparse_planted(5000, 8, 20.0, 20.0),
        contenders={"low rank": low_rank(8), DEFAULT: spectral(8, None), LOBPCG: spectral(8, "lobpcg")},
        accuracy=missed,
        accuracy_label="one less the adjusted Rand index",
        peer=DEFAULT,
        target=30.0,
        repeats=2,
        more_targets={LOBPCG: 1.0},
    ),
    Case(
        name="low_rank_20000",
        problem=lambda: sparse_planted(20000, 20, 30.0, 20.0),
        contenders={"low rank": low_rank(20), "louvain": louvain, LOBPCG: spectral(20, "lobpcg")},
        accuracy=missed,
        accuracy_label="one less the adjusted Rand index",
        peer="louvain",
        target=5.0,
        repeats=2,
    ),
)

"""Generators of vectors from von Mises-Fisher laws and from mixtures of them."""

from __future__ import annotations

import mpmath
import numpy as np
from mpmath import mp

from seedbed.directional import truth
from seedbed.directional.sphere import mean_direction
from seedbed.directional.vmf_sampling import sample_von_mises_fisher


def exact_concentration(p: int, gap: float) -> float:
    """The kappa with 1 - A_p(kappa) = gap, by Newton's method in fifty digits."""
    with mpmath.workdps(50):
        v, d = mp.mpf(p) / 2 - 1, mp.mpf(gap)
        r = 1 - d
        k = r * (p - r * r) / (d * (1 + r))
        for _ in range(60):
            a = truth.exact_ratio(v, k)
            step = (a - r) / (1 - a * a - (2 * v + 1) * a / k)
            k = k - step if step < k else k / 2
            if abs(step) < mp.mpf(10) ** -30 * k:
                break
        return float(k)


def vmf_sample(
    rng: np.random.Generator,
    *,
    dimension: int = 3,
    concentration: float = 10.0,
    n_samples: int = 500,
    n_test: int = 200,
) -> dict[str, np.ndarray]:
    """A sample of one law, a second one to test on, and the exact maximum-likelihood concentration.

    Returns
    -------
    dict
        ``X``, ``X_test``, ``mean_direction``, ``concentration`` (true), ``resultant_gap`` (1 - R of ``X``)
        and ``concentration_mle`` (exact for that gap).
    """
    mean = rng.standard_normal(dimension)
    mean /= np.linalg.norm(mean)
    x = sample_von_mises_fisher(mean, concentration, n_samples, rng)
    gap = mean_direction(x, np.ones(n_samples))[2]
    return {
        "X": x,
        "X_test": sample_von_mises_fisher(mean, concentration, n_test, rng),
        "mean_direction": mean,
        "concentration": np.array(concentration),
        "resultant_gap": np.array(gap),
        "concentration_mle": np.array(exact_concentration(dimension, gap)),
    }


def check_vmf_sample(
    *, dimension: int = 3, concentration: float = 10.0, n_samples: int = 500, n_test: int = 200
) -> list[str]:
    """Messages for values that the generator cannot work with."""
    messages = []
    if dimension < 2:
        messages.append(f"dimension must be at least 2, got {dimension}")
    if not 0 <= concentration < np.inf:
        messages.append(f"concentration must be finite and not negative, got {concentration}")
    if n_samples < 2 or n_test < 1:
        messages.append("n_samples must be at least 2 and n_test at least 1")
    return messages


def vmf_mixture(
    rng: np.random.Generator,
    *,
    dimension: int = 50,
    concentrations: list[float] = (20.0, 40.0, 80.0),
    separation: float = 1.0,
    n_samples: int = 600,
) -> dict[str, np.ndarray]:
    """Equally likely von Mises-Fisher components whose mean directions are drawn at random.

    Parameters
    ----------
    separation : float
        1 gives directions uniform on the sphere; towards 0 they move together around one direction.

    Returns
    -------
    dict
        ``X``, ``labels``, ``X_test``, ``n_clusters``.
    """
    k = len(concentrations)
    means = rng.standard_normal((k, dimension)) / np.sqrt(dimension)
    common = rng.standard_normal(dimension) / np.sqrt(dimension)
    means = separation * means + (1.0 - separation) * common
    means /= np.linalg.norm(means, axis=1)[:, None]
    parts = {}
    for name in ("X", "X_test"):
        labels = rng.integers(0, k, n_samples)
        x = np.empty((n_samples, dimension))
        for j in range(k):
            rows = np.flatnonzero(labels == j)
            x[rows] = sample_von_mises_fisher(means[j], concentrations[j], rows.size, rng)
        parts[name] = x
        parts["labels" if name == "X" else "labels_test"] = labels
    return {**parts, "n_clusters": np.array(k)}


def check_vmf_mixture(
    *,
    dimension: int = 50,
    concentrations: list[float] = (20.0, 40.0, 80.0),
    separation: float = 1.0,
    n_samples: int = 600,
) -> list[str]:
    """Messages for values that the generator cannot work with."""
    messages = []
    if dimension < 2:
        messages.append(f"dimension must be at least 2, got {dimension}")
    if len(concentrations) < 1 or min(concentrations) < 0:
        messages.append("concentrations must be a list of numbers that are not negative")
    if not 0 < separation <= 1:
        messages.append(f"separation must lie in (0, 1], got {separation}")
    if n_samples < len(concentrations):
        messages.append("there are fewer samples than components")
    return messages

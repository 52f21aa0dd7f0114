r"""Laws built of laws: products, unions, and two laws under guidance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import logsumexp, softmax

from seedbed.diffusion.scalars import is_real

from .empirical import EmpiricalLaw
from .law import Law, checked_law, checked_points

__all__ = ["GuidedLaw", "ProductLaw", "UnionLaw"]


class ProductLaw(Law):
    """Independent blocks of coordinates, each with a law of its own: a torus is a product of two circles.

    Parameters
    ----------
    laws : sequence of Law
        Of the blocks, in the order of the coordinates.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, laws: Sequence[Law]) -> None:
        self.laws = _laws(laws)
        self.n_features_in_ = sum(law.n_features_in_ for law in self.laws)

    def _blocks(self, y: Any) -> list[tuple[Law, np.ndarray]]:
        ends = np.cumsum([law.n_features_in_ for law in self.laws])[:-1]
        return list(zip(self.laws, np.split(checked_points(y, self.n_features_in_), ends, axis=1), strict=True))

    def denoise(self, y: Any, sigma: float) -> np.ndarray:
        return np.hstack([law.denoise(block, sigma) for law, block in self._blocks(y)])

    def log_density(self, y: Any, sigma: float) -> np.ndarray:
        return np.sum([law.log_density(block, sigma) for law, block in self._blocks(y)], axis=0)

    def posterior_covariance(self, y: Any, sigma: float) -> np.ndarray:
        blocks = self._blocks(y)
        covariance = np.zeros((len(blocks[0][1]), self.n_features_in_, self.n_features_in_))
        start = 0
        for law, block in blocks:
            inside = slice(start, start := start + law.n_features_in_)
            covariance[:, inside, inside] = law.posterior_covariance(block, sigma)
        return covariance

    def posterior_trace(self, y: Any, sigma: float) -> np.ndarray:
        return np.sum([law.posterior_trace(block, sigma) for law, block in self._blocks(y)], axis=0)

    def clean(self, n_samples: int, rng: np.random.Generator) -> np.ndarray:
        return np.hstack([law.clean(n_samples, rng) for law in self.laws])

    def mean(self) -> np.ndarray:
        return np.concatenate([law.mean() for law in self.laws])

    def second_moment(self) -> float:
        return sum(law.second_moment() for law in self.laws)


class UnionLaw(Law):
    """A mixture of laws in the same space: a sphere and a line, say.

    Parameters
    ----------
    laws : sequence of Law
        With log densities.
    weights : array-like, default=None
        Positive; scaled to sum to one. Equal if not given.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, laws: Sequence[Law], weights: Any = None) -> None:
        self.laws = _laws(laws)
        dimensions = {law.n_features_in_ for law in self.laws}
        if len(dimensions) != 1:
            raise ValueError(f"the laws of a union must lie in one space; theirs have {sorted(dimensions)} dimensions")
        self.n_features_in_ = dimensions.pop()
        weights = np.ones(len(self.laws)) if weights is None else np.asarray(weights, dtype=np.float64)
        if weights.shape != (len(self.laws),) or not (weights > 0).all() or not np.isfinite(weights).all():
            raise ValueError(f"weights must be {len(self.laws)} positive numbers, got {weights!r}")
        self.weights = weights / weights.sum()

    def _log_joint(self, y: Any, sigma: float) -> np.ndarray:
        """Log weight times density, of shape (n, K)."""
        return np.log(self.weights) + np.stack([law.log_density(y, sigma) for law in self.laws], axis=1)

    def denoise(self, y: Any, sigma: float) -> np.ndarray:
        weights = softmax(self._log_joint(y, sigma), axis=1)
        means = np.stack([law.denoise(y, sigma) for law in self.laws], axis=1)
        return np.einsum("nk,nki->ni", weights, means)

    def log_density(self, y: Any, sigma: float) -> np.ndarray:
        return logsumexp(self._log_joint(y, sigma), axis=1)

    def posterior_covariance(self, y: Any, sigma: float) -> np.ndarray:
        weights = softmax(self._log_joint(y, sigma), axis=1)
        means = np.stack([law.denoise(y, sigma) for law in self.laws], axis=1)
        around = means - np.einsum("nk,nki->ni", weights, means)[:, None]
        within = np.stack([law.posterior_covariance(y, sigma) for law in self.laws], axis=1)
        return np.einsum("nk,nkde->nde", weights, within) + np.einsum("nk,nkd,nke->nde", weights, around, around)

    def clean(self, n_samples: int, rng: np.random.Generator) -> np.ndarray:
        k = rng.choice(len(self.laws), n_samples, p=self.weights)
        drawn = np.empty((n_samples, self.n_features_in_))
        for i, law in enumerate(self.laws):
            drawn[k == i] = law.clean(int((k == i).sum()), rng)
        return drawn

    def mean(self) -> np.ndarray:
        return self.weights @ np.stack([law.mean() for law in self.laws])

    def second_moment(self) -> float:
        shifts = ((np.stack([law.mean() for law in self.laws]) - self.mean()) ** 2).sum(1)
        return float(self.weights @ (shifts + [law.second_moment() for law in self.laws]))


class GuidedLaw(Law):
    r"""Classifier-free guidance with exact denoisers: :math:`D_w = D_u + w (D_c - D_u)`.

    With w = 1 it is the conditional law. For any other w no law has this denoiser: there is no density, the posterior
    covariance is only sigma^2 times the Jacobian, and the truth is a reference trajectory alone.

    Parameters
    ----------
    unconditional, conditional : Law
        Of the population, and of the class.
    guidance : float
        w.
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, unconditional: Law, conditional: Law, guidance: float) -> None:
        unconditional, conditional = checked_law(unconditional), checked_law(conditional)
        if unconditional.n_features_in_ != conditional.n_features_in_:
            raise ValueError(
                f"the two laws have {unconditional.n_features_in_} and {conditional.n_features_in_} dimensions"
            )
        if not is_real(guidance):
            raise ValueError(f"guidance must be a finite number, got {guidance!r}")
        self.unconditional, self.conditional, self.guidance = unconditional, conditional, float(guidance)
        self.n_features_in_ = unconditional.n_features_in_

    @classmethod
    def of_class(cls, X: Any, members: Any, guidance: float, smoothing: float = 0.0) -> GuidedLaw:
        """The empirical law of all rows, guided to that of some of them.

        Parameters
        ----------
        X : array-like of shape (N, d)
        members : array-like of bool, shape (N,), or of int
            The rows of the class.
        guidance, smoothing : float
        """
        population = EmpiricalLaw(X, smoothing)
        return cls(population, population.subset(members), guidance)

    def denoise(self, y: Any, sigma: float) -> np.ndarray:
        given = self.conditional.denoise(y, sigma)
        if self.guidance == 1:
            return given
        free = self.unconditional.denoise(y, sigma)
        return free + self.guidance * (given - free)

    def log_density(self, y: Any, sigma: float) -> np.ndarray:
        if self.guidance == 1:
            return self.conditional.log_density(y, sigma)
        return super().log_density(y, sigma)

    def posterior_covariance(self, y: Any, sigma: float) -> np.ndarray:
        free = self.unconditional.posterior_covariance(y, sigma)
        return free + self.guidance * (self.conditional.posterior_covariance(y, sigma) - free)

    def posterior_trace(self, y: Any, sigma: float) -> np.ndarray:
        free = self.unconditional.posterior_trace(y, sigma)
        return free + self.guidance * (self.conditional.posterior_trace(y, sigma) - free)

    def mean(self) -> np.ndarray:
        return self.unconditional.mean()


def _laws(laws: Sequence[Law]) -> list[Law]:
    laws = list(laws)
    if not laws or not all(isinstance(law, Law) for law in laws):
        raise ValueError("laws must be a list of at least one Law")
    return laws

r"""Gauge fields: what may be added to a score without a change of any marginal.

In L^2(p) every field is :math:`v = \nabla\psi + r` with :math:`\nabla\cdot(p\,r) = 0`, the gauge condition
:math:`\nabla\cdot r + r\cdot\nabla\log p = 0`. Exact ones are :math:`r = \nabla\cdot A + A\nabla\log p` with A(x)
antisymmetric. A field that merely has no divergence is none.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from seedbed.counts import whole_number
from seedbed.diffusion.laws.law import Law, checked_law
from seedbed.diffusion.scalars import is_real

from .field import Field, divergence

__all__ = ["GaugeField", "gauge_residual"]


class GaugeField:
    r"""Score plus a gauge: :math:`s + g\,(\nabla\cdot A + A s)`.

    Parameters
    ----------
    law : Law
    norm : float, default=1.0
        g: the gauge's root mean square, in units of the score's, over draws at the noise level.
    kind : {"constant", "fourier"}, default="constant"
        A constant antisymmetric matrix, or :math:`\sum_j A_j\sin(k_j\cdot x + b_j)`.
    n_terms : int, default=8
        Of the Fourier sum.
    frequency : float, default=1.5
        Standard deviation of the entries of k.
    random_state : int, Generator or None, default=0

    Notes
    -----
    The scale is measured once for a noise level, on 400 draws. A call costs one score and O(n n_terms d^2).
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        law: Law,
        norm: float = 1.0,
        kind: str = "constant",
        n_terms: int = 8,
        frequency: float = 1.5,
        random_state: Any = 0,
    ) -> None:
        if kind not in ("constant", "fourier"):
            raise ValueError(f"kind must be 'constant' or 'fourier', got {kind!r}")
        if not is_real(norm) or norm < 0:
            raise ValueError(f"norm must be a number of at least 0, got {norm!r}")
        if not is_real(frequency):
            raise ValueError(f"frequency must be a finite number, got {frequency!r}")
        n_terms = whole_number(n_terms, "n_terms")
        if checked_law(law).n_features_in_ < 2:
            raise ValueError("in one dimension there is no gauge: the only field with div(p r) = 0 is zero")
        rng = np.random.default_rng(random_state)
        d, terms = law.n_features_in_, 1 if kind == "constant" else n_terms
        matrices = rng.standard_normal((terms, d, d))
        self.law, self.norm, self.kind = law, float(norm), kind
        self.matrices = (matrices - matrices.transpose(0, 2, 1)) / 2
        still = kind == "constant"
        self.frequencies = np.zeros((1, d)) if still else frequency * rng.standard_normal((terms, d))
        self.phases = np.full(1, np.pi / 2) if still else rng.uniform(0, 2 * np.pi, terms)
        self._draws = rng.integers(0, 2**63)
        self._scales: dict[float, float] = {}

    def __call__(self, y: np.ndarray, sigma: float) -> np.ndarray:
        """The whole field, of shape (n, d)."""
        score = self.law.score(y, sigma)
        return score + self._scale(sigma) * self._raw(y, score)

    def gauge(self, y: np.ndarray, sigma: float) -> np.ndarray:
        """The gauge alone, of shape (n, d)."""
        return self._scale(sigma) * self._raw(y, self.law.score(y, sigma))

    def divergence(self, y: np.ndarray, sigma: float) -> np.ndarray:
        """Of the whole field: a gauge has the divergence -r . score."""
        score = self.law.score(y, sigma)
        d = self.law.n_features_in_
        own = (self.law.posterior_trace(y, sigma) / sigma**2 - d) / sigma**2
        return own - self._scale(sigma) * (self._raw(y, score) * score).sum(1)

    def _raw(self, y: np.ndarray, score: np.ndarray) -> np.ndarray:
        phases = y @ self.frequencies.T + self.phases
        bent = np.einsum("jab,jb->ja", self.matrices, self.frequencies)  # div of A_j sin(k.x + b) is cos(.) A_j k
        turned = np.einsum("jab,nb->nja", self.matrices, score)
        return np.cos(phases) @ bent + np.einsum("nj,nja->na", np.sin(phases), turned)

    def _scale(self, sigma: float) -> float:
        sigma = float(sigma)
        if sigma not in self._scales:
            draws = self.law.sample(400, int(self._draws), sigma)
            score = self.law.score(draws, sigma)
            raw = (self._raw(draws, score) ** 2).sum(1).mean()
            self._scales[sigma] = self.norm * float(np.sqrt((score**2).sum(1).mean() / raw)) if raw > 0 else 0.0
        return self._scales[sigma]


def gauge_residual(field: Field, law: Law, y: Any, sigma: float) -> np.ndarray:
    r"""By how much r = field - score violates the gauge condition, :math:`\nabla\cdot r + r\cdot s`, at points.

    Parameters
    ----------
    field : callable
        ``field(y, sigma)``; its ``divergence`` is used where it has one.
    law : Law
    y : array-like of shape (n, d)
    sigma : float

    Returns
    -------
    ndarray of shape (n,)
        Zero for a gauge. A field whose conservative part is the score has mean zero here but need not be zero.
    """
    y = np.asarray(y, dtype=np.float64)
    score = law.score(y, sigma)
    own = (law.posterior_trace(y, sigma) / sigma**2 - law.n_features_in_) / sigma**2
    rest = field(y, sigma) - score
    return divergence(field, y, sigma) - own + (rest * score).sum(1)

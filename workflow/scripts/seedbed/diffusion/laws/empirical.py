r"""The law of a data set: each row an atom, blurred by a little noise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from types import ModuleType
from typing import Any

import numpy as np

from seedbed.diffusion.scalars import LARGEST, is_real

from .law import Law, checked_points, checked_sigma, refuse_unusable

__all__ = ["EmpiricalLaw"]

_ROWS, _COLUMNS = 128, 2048  # of a tile of logits, at most: 2 MB, which stay near the processor
_LOG_TOLERANCE = 37.0  # an atom is left out if its relative weight is below e^-37 = 9e-17
_UNIT = 2.0**-24  # rounding of float32
_PROBE = 8  # points, at most, that tell whether few atoms matter
_FEW = 0.05  # share of the atoms, at most, for which looking for them pays
_FAR = 1e9  # times the atoms' size: from there on their norms are nothing beside the rounding of float32
_RESOLVED = 1e-4  # of the largest squared norm: below, scalar products are too coarse for the logits


@dataclass(frozen=True)
class _Moments:
    """Of the posterior over atoms: mean (n, d), trace of the covariance (n,), log of the summed weights (n,)."""

    mean: np.ndarray
    trace: np.ndarray
    log_sum: np.ndarray


class EmpiricalLaw(Law):
    r"""The rows of X, each with the same probability, with independent noise of standard deviation h.

    Without noise :math:`D = \sum_i \gamma_i x_i` with :math:`\gamma = \mathrm{softmax}(-|y - x_i|^2/2\sigma^2)`; with
    it :math:`D_h(y, \sigma) = y + (D(y, \sqrt{\sigma^2+h^2}) - y)\,\sigma^2/(\sigma^2+h^2)`.

    Parameters
    ----------
    X : array-like of shape (N, d)
    smoothing : float, default=0.0
        h. Without it the law is a set of atoms, and nothing about it is smooth at small noise.

    Raises
    ------
    ValueError
        If X is not a table of finite numbers, or ``smoothing`` is negative.

    Notes
    -----
    Two products of matrices, 4 n N d operations, and n N exponentials; never an n x N array at once, nor differences of
    all pairs. Where few atoms matter (low noise) float32 products find them and float64 weighs them: what is left out
    has a relative weight below N e^-37, since the cut allows for :math:`2(d+4)2^{-24}(|y| \max|x| + \tfrac12\max|x|^2)`
    of rounding, a bound by Cauchy-Schwarz. Without numba both are done by NumPy.

    Examples
    --------
    >>> from seedbed.diffusion import EmpiricalLaw
    >>> EmpiricalLaw([[0.0], [1.0]]).denoise([[0.5], [0.9]], 0.1).round(6).tolist()
    [[0.5], [1.0]]
    """

    __module__ = "seedbed.diffusion"  # where pickles look for it, wherever this file moves

    def __init__(self, X: Any, smoothing: float = 0.0) -> None:
        X = np.array(X, dtype=np.float64)
        if X.ndim != 2 or not X.size or not np.isfinite(X).all():
            raise ValueError(f"X must be a table of finite numbers, got shape {X.shape}")
        refuse_unusable(X, "the rows of X")
        if not is_real(smoothing) or not 0 <= smoothing <= LARGEST:
            raise ValueError(f"smoothing must be a number of at least 0, at most {LARGEST:g}, got {smoothing!r}")
        self.smoothing = float(smoothing)
        self.n_features_in_ = X.shape[1]
        self.centre = X.mean(axis=0)
        self.atoms = np.ascontiguousarray(X - self.centre)  # small numbers: what cancels below is small
        self._half_norms = 0.5 * (self.atoms**2).sum(1)
        self._unit = 2.0 ** np.frexp(np.abs(self.atoms).max())[1]  # of float32, which ends at 1e38
        self._coarse = (self.atoms / self._unit).astype(np.float32)
        self._coarse_half_norms = (self._half_norms / self._unit**2).astype(np.float32)

    def denoise(self, y: Any, sigma: float) -> np.ndarray:
        y, sigma, variance = self._measured(y, sigma)
        return self._denoised(y, self._moments(y, variance), sigma**2 / variance)

    def log_density(self, y: Any, sigma: float) -> np.ndarray:
        y, sigma, variance = self._measured(y, sigma)
        constant = np.log(len(self.atoms)) + 0.5 * self.n_features_in_ * np.log(2 * np.pi * variance)
        return self._moments(y, variance).log_sum - constant

    def posterior_trace(self, y: Any, sigma: float) -> np.ndarray:
        """Of the clean point: the atoms' spread pulled together, and what the smoothing leaves open."""
        return self.denoise_and_trace(y, sigma)[1]

    def denoise_and_trace(self, y: Any, sigma: float) -> tuple[np.ndarray, np.ndarray]:
        y, sigma, variance = self._measured(y, sigma)
        moments, kept = self._moments(y, variance), sigma**2 / variance
        return self._denoised(
            y, moments, kept
        ), kept**2 * moments.trace + self.n_features_in_ * self.smoothing**2 * kept

    def _denoised(self, y: np.ndarray, moments: _Moments, kept: float) -> np.ndarray:
        denoised = y + (moments.mean - y) * kept if self.smoothing else moments.mean
        denoised += self.centre  # in place, of what nobody else has: new memory costs more than the sum
        return denoised

    def posterior_covariance(self, y: Any, sigma: float) -> np.ndarray:
        y, sigma, variance = self._measured(y, sigma)
        kept = sigma**2 / variance
        covariances = np.empty((len(y), self.n_features_in_, self.n_features_in_))
        for i, point in enumerate(y):
            logits = -0.5 * ((self.atoms - point) ** 2).sum(1) / variance  # by differences, whatever the scale
            weights = np.exp(logits - logits.max())
            weights /= weights.sum()
            around = self.atoms - weights @ self.atoms
            covariances[i] = (weights[:, None] * around).T @ around
        return kept**2 * covariances + self.smoothing**2 * kept * np.eye(self.n_features_in_)

    def subset(self, rows: Any) -> EmpiricalLaw:
        """The law of some of the rows, with the same smoothing: a class among all."""
        try:
            chosen = (self.atoms + self.centre)[rows]
        except IndexError as error:
            raise ValueError(f"rows must tell which of the {len(self.atoms)} rows are meant: {error}") from None
        return EmpiricalLaw(chosen, self.smoothing)

    def clean(self, n_samples: int, rng: np.random.Generator) -> np.ndarray:
        drawn = self.centre + self.atoms[rng.integers(0, len(self.atoms), n_samples)]
        return drawn + self.smoothing * rng.standard_normal(drawn.shape) if self.smoothing else drawn

    def mean(self) -> np.ndarray:
        return self.centre

    def second_moment(self) -> float:
        return float(2 * self._half_norms.mean() + self.n_features_in_ * self.smoothing**2)

    def _measured(self, y: Any, sigma: float) -> tuple[np.ndarray, float, float]:
        """Points around the centre, the noise level, and the variance around an atom."""
        sigma = checked_sigma(sigma)
        centred = np.ascontiguousarray(checked_points(y, self.n_features_in_) - self.centre)
        return centred, sigma, sigma**2 + self.smoothing**2

    def _moments(self, y: np.ndarray, variance: float) -> _Moments:
        block_of = self._dense
        if self._few_matter(y, variance):
            # one place for all blocks: memory is slow where it is touched for the first time, and each row has its page
            block_of = partial(self._pruned, room=np.empty((min(len(y), _ROWS), len(self.atoms)), np.int32))
        blocks = [block_of(y[start : start + _ROWS], variance) for start in range(0, max(len(y), 1), _ROWS)]
        columns = zip(*((one.mean, one.trace, one.log_sum) for one in blocks), strict=True)
        return _Moments(*map(np.concatenate, columns))

    def _few_matter(self, y: np.ndarray, variance: float) -> bool:
        """Whether looking for the atoms that matter pays, or must be since products are too coarse to weigh them."""
        if len(y) == 0:
            return False
        if variance < _RESOLVED * 2 * self._half_norms.max():
            return True
        _, counts = self._near(y[:: -(-len(y) // _PROBE)], variance)
        return bool(counts.mean() < _FEW * len(self.atoms))

    def _slack(self, y: np.ndarray, variance: np.ndarray) -> np.ndarray:
        """How far below the best float32 logit an atom may be and still matter, in units of the coarse atoms."""
        longest = np.sqrt(2 * self._half_norms.max()) / self._unit
        rounding = 2 * (self.n_features_in_ + 4) * _UNIT
        norms = np.sqrt((y**2).sum(1))
        slack = _LOG_TOLERANCE * variance + rounding * (norms * longest + 0.5 * longest**2)
        return np.minimum(slack, np.finfo(np.float32).max).astype(np.float32)

    def _tiles(self, points: np.ndarray, atoms: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Products of the points with so many atoms at a time, in one place that is written again and again."""
        buffer = np.empty(len(points) * min(_COLUMNS, len(atoms)), dtype=points.dtype)
        for start in range(0, len(atoms), _COLUMNS):
            part = slice(start, min(start + _COLUMNS, len(atoms)))
            shape = len(points), part.stop - start
            tile = buffer[: shape[0] * shape[1]].reshape(shape)
            yield part, np.matmul(points, atoms[part].T, out=tile)

    def _near(self, y: np.ndarray, variance: float, room: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The atoms that can matter for each point, (n, N), in ``room`` if given, and how many of a row are meant."""
        n, y = len(y), y / self._unit
        # points of far away are drawn nearer on their rays, where what the atoms' norms say is still below the rounding
        nearer = _FAR / np.maximum(np.abs(y).max(axis=1), _FAR)
        y = y * nearer[:, None]
        slack = self._slack(y, variance / self._unit**2 * nearer)
        best, counts = np.full(n, -np.inf, np.float32), np.zeros(n, np.int64)
        chosen = np.empty((n, len(self.atoms)), np.int32) if room is None else room[:n]
        for part, logits in self._tiles(y.astype(np.float32), self._coarse):
            _kernels().near_atoms(logits, self._coarse_half_norms[part], slack, part.start, best, chosen, counts)
        return chosen, counts

    def _pruned(self, y: np.ndarray, variance: float, room: np.ndarray | None = None) -> _Moments:
        mean, (trace, largest, total) = np.empty_like(y), np.empty((3, len(y)))
        _kernels().few_points(*self._near(y, variance, room), y, self.atoms, variance, mean, trace, largest, total)
        return _Moments(mean, trace, largest + np.log(total))

    def _dense(self, y: np.ndarray, variance: float) -> _Moments:
        largest, mean, (total, squares) = np.full(len(y), -np.inf), np.zeros_like(y), np.zeros((2, len(y)))
        for part, logits in self._tiles(y, self.atoms):
            _kernels().softmax_rows(logits, self._half_norms[part], 1 / variance, largest, total, squares, mean)
            mean += logits @ self.atoms[part]
        mean /= total[:, None]
        trace = np.maximum(2 * squares / total - (mean**2).sum(1), 0.0)
        return _Moments(mean, trace, largest + np.log(total) - 0.5 * (y**2).sum(1) / variance)


@cache
def _kernels() -> ModuleType:
    """The loops over logits: compiled, or without numba by NumPy."""
    try:
        from . import softmax_kernels
    except ModuleNotFoundError:
        from . import softmax_numpy

        return softmax_numpy
    return softmax_kernels

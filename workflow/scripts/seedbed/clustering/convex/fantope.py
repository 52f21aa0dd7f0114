"""Projections onto sets of matrices with eigenvalues in [0, 1] and a given trace (Fantopes)."""

from __future__ import annotations

import numpy as np

from .leading_eigenpairs import LeadingEigenpairs


def project_eigenvalues(values: np.ndarray, total: float) -> tuple[np.ndarray, float]:
    """Nearest vector with entries in [0, 1] and the given sum.

    Solves ``min ||v - values||`` subject to ``0 <= v <= 1`` and ``sum v = total``; the answer is
    ``v = clip(values - threshold, 0, 1)``.

    Parameters
    ----------
    values : ndarray of shape (m,)
    total : float
        Between 0 and ``m``.

    Returns
    -------
    projected : ndarray of shape (m,)
    threshold : float

    Raises
    ------
    ValueError
        If no vector in the unit box has that sum.

    Notes
    -----
    The sum of the clipped values is piecewise linear and falls in the threshold; its breakpoints are
    ``values`` and ``values - 1``. Sorting them and interpolating is exact, ``O(m log m)``.
    """
    if not 0 <= total <= len(values) * (1 + 1e-12):
        raise ValueError(f"no {len(values)} numbers in [0, 1] sum to {total}")
    breaks = np.concatenate([values - 1.0, values])
    order = np.argsort(breaks, kind="stable")
    breaks = breaks[order]
    # Passing v - 1 from below makes entry v fall with the threshold, passing v ends that.
    slopes = np.cumsum(np.where(order < len(values), -1.0, 1.0))[:-1]
    sums = len(values) + np.concatenate([[0.0], np.cumsum(slopes * np.diff(breaks))])
    place = int(np.searchsorted(-sums, -total, side="right")) - 1
    threshold = breaks[max(place, 0)]
    if place + 1 < len(breaks) and sums[place] > sums[place + 1]:
        share = (sums[place] - total) / (sums[place] - sums[place + 1])
        threshold += share * (breaks[place + 1] - threshold)
    # The running sums have rounded; one exact step on the entries strictly between 0 and 1 repairs that.
    shifted = values - threshold
    free = (shifted > 0.0) & (shifted < 1.0)
    if free.any():
        threshold += (np.clip(shifted, 0.0, 1.0).sum() - total) / np.count_nonzero(free)
    return np.clip(values - threshold, 0.0, 1.0), float(threshold)


def project_simplex(values: np.ndarray) -> tuple[np.ndarray, float]:
    """The same for ascending ``values`` and a total of 1, where no entry can reach above 1.

    Examples
    --------
    >>> project_simplex(np.array([-1.0, 0.5, 1.0]))[0].tolist()
    [0.0, 0.25, 0.75]
    """
    falling = values[::-1]
    thresholds = (falling.cumsum() - 1.0) / np.arange(1, len(values) + 1)
    threshold = float(thresholds[np.count_nonzero(falling > thresholds) - 1])
    return np.maximum(values - threshold, 0.0), threshold


class FantopeProjection:
    """Projection of ``K`` symmetric matrices onto Fantopes.

    With one block and ``centred``, the set is
    ``{Z : Z psd, Z <= I, Z 1 = 1, tr Z = trace + 1}``, the spectral side of the Peng-Wei program: there
    ``Z = 11'/n + W`` with ``W`` on the complement of the ones, ``0 <= W <= I``, ``tr W = trace``.
    With ``pooled`` the traces of all blocks have the given sum; otherwise each block has it.

    Parameters
    ----------
    n : int
    blocks : int
    trace : float
        Trace of each block (``pooled=False``) or of all together.
    centred : bool
    pooled : bool

    Notes
    -----
    Only eigenpairs above the threshold matter, see :class:`LeadingEigenpairs`. The result lies in the
    set to machine precision even where the eigenpairs are inexact; only its distance is then not minimal.
    """

    def __init__(self, n: int, blocks: int, trace: float, *, centred: bool = False, pooled: bool = False):
        self.n = n
        self.trace = trace
        self.centred = centred
        self.groups = [list(range(blocks))] if pooled else [[k] for k in range(blocks)]
        self.pairs = [LeadingEigenpairs(n, centred) for _ in range(blocks)]

    def exact_next(self) -> None:
        """Use exact eigenpairs in the next call."""
        for pairs in self.pairs:
            pairs.exact_next()

    def __call__(self, matrices: np.ndarray) -> np.ndarray:
        """Project ``matrices`` of shape (blocks, n, n)."""
        result = np.empty_like(matrices)
        for group in self.groups:
            self._project_group(matrices, group, result)
        return result

    def _project_group(self, matrices: np.ndarray, group: list[int], result: np.ndarray) -> None:
        spectra = [self.pairs[k].leading(matrices[k]) for k in group]
        kept, threshold = self._clip(spectra)
        # A block whose computed eigenvalues all lie above the threshold may hide more of them.
        if not np.all([len(w) >= self.n - 1 or w[0] < threshold for w, _ in spectra]):
            spectra = [self.pairs[k].all(matrices[k]) for k in group]
            kept, threshold = self._clip(spectra)
        for k, (_, vectors), values in zip(group, spectra, kept, strict=True):
            rank = int(np.count_nonzero(values))
            self.pairs[k].used(rank, vectors)
            top = vectors[:, len(values) - rank :] * np.sqrt(values[len(values) - rank :])
            np.matmul(top, top.T, out=result[k])
            if self.centred:
                result[k] += 1.0 / self.n

    def _clip(self, spectra: list[tuple[np.ndarray, np.ndarray]]) -> tuple[list[np.ndarray], float]:
        values = np.concatenate([w for w, _ in spectra]) if len(spectra) > 1 else spectra[0][0]
        if self.trace == 1.0 and len(spectra) == 1:
            clipped, threshold = project_simplex(values)
            return [clipped], threshold
        if len(values) < self.trace:
            return [np.ones_like(w) for w, _ in spectra], -np.inf
        clipped, threshold = project_eigenvalues(values, self.trace)
        return np.split(clipped, np.cumsum([len(w) for w, _ in spectra])[:-1]), threshold

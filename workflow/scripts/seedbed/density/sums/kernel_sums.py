r"""Exact sums of a kernel over all centres, in the log domain, tile by tile.

Trees do not prune where log(n)/d is fixed: the nearest and the farthest points are about as far away. A tile of
products of matrices and one pass over it is what is left, with 2 d operations per pair and one exponential.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from seedbed.density.kernels.radial_kernels import Gaussian, RadialKernel
from seedbed.density.scales import refuse_far

from .threads import threads_of
from .tiles import POWERS, loops

# a tile stays in the second cache; in up to 20 dimensions OpenBLAS multiplies what is so small without packing it
ROWS, COLUMNS = 96, 512
# squared norms up to which products give exponents right to 1e-13; beyond, distances are formed with care
PLAIN_SQUARES = 500.0
SINGLE_SQUARES = 1e30  # beyond, products may be no numbers in single precision


@dataclass(frozen=True)
class LogSums:
    """For every query: the logarithm of its sum, and the share of squares, the sum over centres of w_i^2."""

    log_total: np.ndarray
    participation: np.ndarray


class Shares(NamedTuple):
    r"""Means over the centres with their shares :math:`w_i` in the sum as weights.

    Attributes
    ----------
    means : ndarray (m, c)
        :math:`\sum_i w_i \psi_i v_i`, with :math:`\psi_i` the slope of the kernel there, or 1.
    mass : ndarray (m,)
        :math:`\sum_i w_i \psi_i`.
    columns : ndarray (n,)
        :math:`\sum_x w_i(x)`, over the queries, each with its weight.
    log_total : ndarray (m,)
        Logarithms of the sums.
    """

    means: np.ndarray
    mass: np.ndarray
    columns: np.ndarray
    log_total: np.ndarray


@dataclass(frozen=True, eq=False)
class KernelSums:
    r"""Sums :math:`\sum_i \omega_i g_i^{-d} k(|x - c_i|^2 / g_i^2)` of a kernel of unit width.

    Parameters
    ----------
    centres : ndarray (n, d)
    kernel : RadialKernel
    log_weights : ndarray (n,), optional
        log omega_i; by default all are 0.
    log_widths : ndarray (n,), optional
        log g_i; by default all are 0.
    single : bool
        Tiles in single precision: half the time, and errors of up to 2e-7 of the largest squared norm in a log density.
    n_jobs : int or None
        Threads, as joblib counts them. Results do not depend on it.
    tile : (int, int)
        Queries and centres of a tile.

    Notes
    -----
    O(m n d) time for m queries; memory O(tile + (m + n) d).
    """

    centres: np.ndarray
    kernel: RadialKernel
    log_weights: np.ndarray | None = None
    log_widths: np.ndarray | None = None
    single: bool = False
    n_jobs: int | None = None
    tile: tuple[int, int] = (ROWS, COLUMNS)
    origin: np.ndarray = field(init=False)
    points: np.ndarray = field(init=False)
    squares: np.ndarray = field(init=False)
    turned: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        origin = self.centres.mean(axis=0)
        points = np.ascontiguousarray(self.centres - origin, np.float64)
        squares = np.einsum("ij,ij->i", points, points)
        refuse_far(squares, self.log_widths)
        # a product with a matrix that need not be transposed is faster, by a tenth
        single = self.single and squares.max(initial=0.0) <= SINGLE_SQUARES
        turned = np.ascontiguousarray(points.T, np.float32 if single else np.float64)
        for name, value in (("origin", origin), ("points", points), ("squares", squares), ("turned", turned)):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.points)

    def log_sums(self, queries: np.ndarray, exclude: np.ndarray | None = None, single: bool | None = None) -> LogSums:
        """Sums and participations.

        Parameters
        ----------
        queries : ndarray (m, d)
        exclude : ndarray of int (m,), optional
            A centre for each query that its sum leaves out.
        single : bool, optional
            In place of ``self.single``: a sum that its terms are compared with is made of the same terms.
        """

        def block(rows: slice) -> tuple[np.ndarray, ...]:
            walk, top, total, squares = self._walk(queries, rows, exclude, single), *self._running(rows)
            fold = loops().fold_single if walk.single else loops().fold
            for tile, offset, _ in walk:
                fold(tile, offset, top, total, squares)
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.log(total) + top + walk.constants, squares / total**2

        return LogSums(*self._by_blocks(block, len(queries)))

    def log_sums_of_powers(self, queries: np.ndarray, exclude: np.ndarray | None = None) -> np.ndarray:
        r"""Logarithms of :math:`\sum_i \omega_i \exp(-k |x - c_i|^2 / 2)`, k = 1, ..., 16, of shape (m, 16).

        One exponential per pair serves all: a Gaussian kernel of width :math:`h/\sqrt k` is a power of that of width h.
        """
        weights = np.zeros(len(self)) if self.log_weights is None else self.log_weights
        powers = np.arange(1, POWERS + 1)
        if np.ptp(weights) > 0.0:  # a weight is no power: one exponential for each
            several = [
                KernelSums(self.centres * k**0.5, self.kernel, weights, n_jobs=self.n_jobs, tile=self.tile)
                .log_sums(queries * k**0.5, exclude)
                .log_total
                for k in powers
            ]
            return np.column_stack(several)
        plain = KernelSums(self.centres, self.kernel, n_jobs=self.n_jobs, tile=self.tile)

        def block(rows: slice) -> tuple[np.ndarray]:
            walk = plain._walk(queries, rows, exclude)
            top, sums = np.full(rows.stop - rows.start, -np.inf), np.zeros((rows.stop - rows.start, POWERS))
            for tile, offset, _ in walk:
                loops().fold_powers(tile, offset, top, sums)
            with np.errstate(divide="ignore"):
                return (np.log(sums) + np.outer(top + walk.constants, powers),)

        return self._by_blocks(block, len(queries))[0] + weights[0]

    def largest(self, queries: np.ndarray, k: int, exclude: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Logarithms of the k largest terms of every query, largest first, and the centres they belong to."""

        def block(rows: slice) -> tuple[np.ndarray, ...]:
            walk, m = self._walk(queries, rows, exclude, single=False), rows.stop - rows.start
            values, places = np.full((m, k), -np.inf), np.zeros((m, k), np.int64)
            for tile, offset, first in walk:
                loops().keep_largest(tile, offset, first, values, places)
            return values + walk.constants[:, None], places

        values, places = self._by_blocks(block, len(queries))
        return values, places

    def nearest(self, queries: np.ndarray, k: int, exclude: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Squared distances to the k nearest centres, nearest first, and these, whatever kernel and weights are."""
        plain = KernelSums(self.centres, Gaussian(self.points.shape[1]), n_jobs=self.n_jobs, tile=self.tile)
        values, places = plain.largest(queries, k, exclude)
        return np.maximum(-2.0 * values, 0.0), places

    def shares(
        self, queries: np.ndarray, values: np.ndarray, exclude: np.ndarray | None = None, slopes: bool = True,
        query_weights: np.ndarray | None = None,
    ) -> Shares:  # fmt: skip
        r"""Means over the centres with their shares as weights.

        With ``slopes``, the shares are multiplied by the slopes of the kernel. ``query_weights`` are those of the
        queries in sums over them. One pass where the centres fit into a tile, else two.
        """
        slopes = slopes and not (isinstance(self.kernel, Gaussian) and self.log_widths is None)
        one_tile = len(self) <= self.tile[1]
        known = None if one_tile else self.log_sums(queries, exclude, single=False).log_total

        def block(rows: slice) -> tuple[np.ndarray, ...]:
            walk, m = self._walk(queries, rows, exclude, single=False), rows.stop - rows.start
            means, mass, columns = np.zeros((m, values.shape[1])), np.zeros(m), np.zeros(len(self))
            top, total, unused, factors = np.full(m, -np.inf), np.zeros(m), np.zeros(m), np.zeros(m)
            if known is not None:  # relative to the whole sum in place of a running maximum, a term is a share
                top = np.where(np.isfinite(known[rows]), known[rows], 0.0) - walk.constants
            for w, offset, first in walk:
                part = slice(first, first + w.shape[1])
                loops().fold_and_keep(w, offset, top, total, unused, factors)
                if known is None:
                    w /= np.where(total > 0.0, total, 1.0)[:, None]
                columns[part] += w.sum(axis=0) if query_weights is None else query_weights[rows] @ w
                if slopes:
                    w *= self._slopes(queries[rows], part)
                means += w @ values[part]
                mass += w.sum(axis=1)
            with np.errstate(divide="ignore"):
                found = np.log(total) + top + walk.constants if known is None else known[rows]
            return means, mass, columns[None], found

        means, mass, columns, log_total = self._by_blocks(block, len(queries))
        return Shares(means, mass, columns.sum(axis=0), log_total)

    def _slopes(self, queries: np.ndarray, part: slice) -> np.ndarray:
        """psi over the squared widths, of all pairs of a tile."""
        widths = np.ones(part.stop - part.start) if self.log_widths is None else np.exp(2.0 * self.log_widths[part])
        x = np.ascontiguousarray(queries - self.origin)
        tile = x @ self.points[part].T
        loops().squared_distances(tile, x, self.points[part], np.einsum("ij,ij->i", x, x), self.squares[part])
        return self.kernel.slope(np.maximum(tile, 0.0) / widths) / widths

    def _running(self, rows: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        m = rows.stop - rows.start
        return np.full(m, -np.inf), np.zeros(m), np.zeros(m)

    def _walk(self, queries: np.ndarray, rows: slice, exclude: np.ndarray | None, single: bool | None = None) -> _Walk:
        single = self.single if single is None else single
        return _Walk(self, queries[rows], None if exclude is None else exclude[rows], single)

    def _by_blocks(self, block: Callable[[slice], tuple[np.ndarray, ...]], m: int) -> list[Any]:
        height = self.tile[0]
        slices = [slice(start, min(start + height, m)) for start in range(0, m, height)]
        if self.n_jobs in (None, 1) or len(slices) < 2:
            parts = [block(rows) for rows in slices]
        else:
            with ThreadPoolExecutor(threads_of(self.n_jobs)) as pool:
                parts = list(pool.map(block, slices))
        return [np.concatenate(columns) for columns in zip(*parts, strict=True)]


class _Walk:
    """The tiles of one block of queries: exponents, what is taken off them column by column, and the first centre.

    For a Gaussian kernel of one width the products alone are the tile, and the squares of the centres are part of the
    offset, those of the queries of ``constants``; for all others the tile holds the logarithms of the kernel.
    """

    def __init__(self, sums: KernelSums, queries: np.ndarray, exclude: np.ndarray | None, single: bool):
        self.sums, self.exclude = sums, exclude
        self.x = np.ascontiguousarray(queries - sums.origin, np.float64)
        self.own = np.einsum("ij,ij->i", self.x, self.x)
        refuse_far(self.own, sums.log_widths)
        gaussian = isinstance(sums.kernel, Gaussian) and sums.log_widths is None
        largest = max(self.own.max(initial=0.0), sums.squares.max(initial=0.0))
        single = single and largest <= SINGLE_SQUARES
        self.plain = gaussian and (largest <= PLAIN_SQUARES or single)
        self.single = self.plain and single
        self.constants = -0.5 * self.own if self.plain else np.zeros(len(self.x))
        self.offset = self._offsets()

    def _offsets(self) -> np.ndarray:
        sums = self.sums
        offset = 0.5 * sums.squares if self.plain else np.zeros(len(sums))
        if sums.log_weights is not None:
            offset = offset - sums.log_weights
        if sums.log_widths is not None:
            offset = offset + sums.points.shape[1] * sums.log_widths
        return offset

    def __iter__(self):
        kind = np.float32 if self.single else np.float64
        columns = self.sums.turned if self.sums.turned.dtype == kind else self.sums.points.T
        x, n = self.x.astype(kind, copy=False), len(self.sums)
        offset, width = self.offset.astype(kind, copy=False), self.sums.tile[1]
        room = np.empty(len(x) * min(width, n), kind)
        for first in range(0, n, width):
            part = slice(first, min(first + width, n))
            tile = room[: len(x) * (part.stop - first)].reshape(len(x), -1)
            np.matmul(x, columns[:, part], out=tile)
            if not self.plain:
                tile = self._logarithms(tile, part)
            if self.exclude is not None:
                here = np.flatnonzero((self.exclude >= first) & (self.exclude < part.stop))
                tile[here, self.exclude[here] - first] = -np.inf
            yield tile, offset[part], first

    def _logarithms(self, tile: np.ndarray, part: slice) -> np.ndarray:
        sums = self.sums
        loops().squared_distances(tile, self.x, sums.points[part], self.own, sums.squares[part])
        np.maximum(tile, 0.0, out=tile)
        if sums.log_widths is not None:
            tile *= np.exp(-2.0 * sums.log_widths[part])
        return np.ascontiguousarray(sums.kernel.log_profile(tile))

"""Matrices of pairs, tile by tile: products, defects, and one of three ways through the layers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seedbed.wide_networks.profiles.chebyshev import profile_coefficients
from seedbed.wide_networks.recursions.defects import mirror, to_defects
from seedbed.wide_networks.recursions.network import Network
from seedbed.wide_networks.recursions.profile_loops import apply_profile
from seedbed.wide_networks.recursions.rows import Rows, refuse_too_many
from seedbed.wide_networks.recursions.tiles import Sides, kernels_of_tile

_TILE = 128  # rows
_WORTH = 5000  # pairs, from which a profile is cheaper than the recursion that finds it
_EQUAL = 4e-15  # relative difference of norms that rounding makes


class Profiles:
    """Series in the angle, where the kernels are functions of it: of a homogeneous network, or rows of one norm."""

    def __init__(self, network: Network, first: np.ndarray, others: np.ndarray, wanted: tuple[str, ...]):
        self.scales = [np.ones_like(first), np.ones_like(others)]
        self.series: dict[str, np.ndarray | None] = dict.fromkeys(wanted)
        if network.homogeneous:
            # as if the weights were critical: what they are is a power of the gain, half of it on either side
            activation = network.activation
            gain = network.weight_variance * activation.gain
            unit = replace(network, weight_variance=1.0 / activation.gain, input_bias=0.0)
            self.scales = [roots * gain ** (0.5 * network.depth) for roots in (first, others)]
            variance = 1.0
        elif len(first) * len(others) >= _WORTH and _all_equal(first, others):
            unit, variance = replace(network, input_bias=0.0), float(first[0]) ** 2
        else:
            return
        found = {which: profile_coefficients(unit, variance, which) for which in wanted}
        self.series = {which: None if series is None else series.copy() for which, series in found.items()}

    def __bool__(self) -> bool:
        return all(series is not None for series in self.series.values())


def _all_equal(first: np.ndarray, others: np.ndarray) -> bool:
    least, most = min(first.min(), others.min()), max(first.max(), others.max())
    return most - least <= _EQUAL * most and least > 0.0


def kernel_matrices(
    network: Network, X: Rows, Y: Rows | None, wanted: tuple[str, ...], dtype: np.dtype
) -> list[np.ndarray]:
    """The wanted kernels ("ntk", "nngp") between rows; without ``Y`` of X with itself, symmetric to the last bit."""
    other = X if Y is None else Y
    refuse_too_many(len(X), len(other))
    out = [np.empty((len(X), len(other)), dtype=dtype) for _ in wanted]
    profiles = Profiles(network, X.roots, other.roots, wanted)
    rows = columns = None
    if not profiles:
        variances = [network.variances(side.roots**2) for side in (X, other)]
        largest = np.maximum(variances[0].max(axis=1), variances[1].max(axis=1))
        rows = Sides(network, variances[0], largest)
        columns = rows if Y is None else Sides(network, variances[1], largest)
    room = np.empty(min(_TILE, len(X)) * len(other))  # of one tile after the other
    for start in range(0, len(X), _TILE):
        part = slice(start, min(start + _TILE, len(X)))
        many = part.stop if Y is None else len(other)
        defects = room[: (part.stop - start) * many].reshape(-1, many)
        np.matmul(X.units[part], other.units[:many].T, out=defects)
        own = defects.reshape(-1)[start :: many + 1] if Y is None else room[:0]  # of rows with themselves
        own[:] = 0.0  # right angles for now: a pair that is close costs another look at its row
        to_defects(defects, X.units[part], other.units[:many])
        own[:] = 0.0
        if rows is None or columns is None:
            for matrix, which in zip(out, wanted, strict=True):
                tile = defects if which == wanted[-1] else np.empty_like(defects)
                apply_profile(
                    defects, tile, profiles.series[which], profiles.scales[0][part], profiles.scales[1][:many]
                )
                matrix[part, :many] = tile
        else:
            kernel, tangent = kernels_of_tile(defects, rows, columns, part)
            for matrix, which in zip(out, wanted, strict=True):
                matrix[part, :many] = tangent if which == "ntk" else kernel
    if Y is None:
        for matrix, diagonal in zip(out, diagonals(network, X, wanted), strict=True):
            _mirror(matrix)
            np.fill_diagonal(matrix, diagonal)
    return out


def diagonals(network: Network, X: Rows, wanted: tuple[str, ...]) -> list[np.ndarray]:
    """The wanted kernels of rows with themselves, in closed form."""
    variances = network.variances(X.roots**2)
    return [network.tangent_diagonal(variances) if which == "ntk" else variances[-1] for which in wanted]


def _mirror(matrix: np.ndarray) -> None:
    """The upper triangle from the lower one."""
    if matrix.dtype == np.float64:
        mirror(matrix)
        return
    for start in range(0, len(matrix), _TILE):
        stop = min(start + _TILE, len(matrix))
        matrix[:start, start:stop] = matrix[start:stop, :start].T
        square = matrix[start:stop, start:stop]
        square[:] = np.tril(square) + np.tril(square, -1).T

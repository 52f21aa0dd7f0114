"""Compiled: Ward's method by chains of nearest neighbours, in rows of a square matrix."""

from __future__ import annotations

import numpy as np
from numba import njit

from seedbed.proximity.measures.compiled import SIMD_TAG, compiled
from seedbed.simd import larger, prefer_wide

# no sum is reordered and nothing contracted: the merges are those of SciPy to the last digit


@njit(error_model="numpy", forceinline=True)
def nearest(row, gone, before):
    """The place of the least entry among those that are left: ``before`` (or -1) if it has it, else the first."""
    highest = -np.inf  # of the negatives: found by vectors, unlike its place
    for i in range(row.size):
        highest = larger(highest, -(row[i] + gone[i]))
    if before >= 0 and -row[before] == highest:
        return before
    place = 0
    while -(row[place] + gone[place]) != highest:
        place += 1
    return place


@njit(error_model="numpy", forceinline=True)
def root(above, node):
    """The cluster that a node lies in now; paths are halved on the way."""
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node


@njit(error_model="numpy")
def close_ranks(distances, gone, sizes, names, chain):
    """Move the clusters that are left to the front, in their order; how many there are."""
    kept = np.flatnonzero(gone == 0.0)
    left = len(kept)
    for i in range(len(chain)):
        chain[i] = np.searchsorted(kept, chain[i])
    for i in range(left):
        sizes[i], names[i] = sizes[kept[i]], names[kept[i]]
        for j in range(left):  # what is read lies never before what is written
            distances[i, j] = distances[kept[i], kept[j]]
    gone[:left] = 0.0
    return left


def _entry(tag):
    @compiled("f8[:, ::1](f8[:, ::1])")
    def unsorted_merges(distances):
        """Lower place, upper place and height of every merge, as they are found; distances are written over.

        A chain begins at the lowest cluster that is left and goes on to the nearest one, the one before it if there are
        several, until two are nearest to each other. The merged cluster has the upper place. O(n^2).
        """
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        width = left = len(distances)
        merges = np.empty((left - 1, 3))
        names, sizes = np.arange(left), np.ones(left)
        gone = np.zeros(left)  # infinite where no cluster is any more, to be added
        chain = np.empty(left, np.int64)
        length = 0
        for i in range(left):
            distances[i, i] = np.inf
        for k in range(left - 1):
            if 4 * left <= 3 * width:  # shorter rows will do
                width = close_ranks(distances, gone[:width], sizes, names, chain[:length])
            left -= 1
            if length == 0:
                chain[0] = np.argmin(gone[:width])
                length = 1
            while True:
                x = chain[length - 1]
                before = chain[length - 2] if length > 1 else -1
                y = nearest(distances[x, :width], gone[:width], before)
                if y == before:
                    break
                chain[length] = y
                length += 1
            length -= 2
            x, y = min(x, y), max(x, y)
            lower, upper = distances[x, :width], distances[y, :width]
            height, nx, ny = upper[x], sizes[x], sizes[y]
            merges[k, 0], merges[k, 1], merges[k, 2] = names[x], names[y], height
            gone[x] = np.inf
            sizes[y] = nx + ny
            for i in range(width):
                size = sizes[i]
                t = 1.0 / (nx + ny + size)
                square = (size + nx) * t * lower[i] * lower[i] + (size + ny) * t * upper[i] * upper[i]
                upper[i] = np.sqrt(square - size * t * height * height)
            upper[y] = np.inf
            for i in range(width):
                if gone[i] == 0.0:
                    distances[i, y] = upper[i]
        return merges

    return unsorted_merges


unsorted_merges = _entry(SIMD_TAG)


@compiled("void(f8[:, ::1])")
def number_clusters(tree):
    """Places of merges, in the order of their heights, into numbers of clusters, the lower one first; and sizes."""
    n = len(tree) + 1
    above = np.arange(2 * n - 1)
    sizes = np.ones(2 * n - 1)
    for k in range(n - 1):
        a, b = root(above, int(tree[k, 0])), root(above, int(tree[k, 1]))
        above[a] = above[b] = n + k
        sizes[n + k] = sizes[a] + sizes[b]
        tree[k, 0], tree[k, 1], tree[k, 3] = min(a, b), max(a, b), sizes[n + k]

"""Compiled loops over all balls that are centred at one response and reach to another.

An *anchor* j is the centre of balls; row j of a matrix of distances holds the distances of all responses to it,
and row j of ``order`` the responses by distance. Ties share a ball: the ball that reaches to response k is open,
so it holds the responses i with d_ij < d_kj.
"""

from __future__ import annotations

import numpy as np

from .compiled import compiled

_MATRIX = "Array(f8, 2, 'C', readonly=True)"
_ORDER = "Array(i8, 2, 'C', readonly=True)"


@compiled(f"void({_MATRIX}, {_ORDER}, f4[:, ::1])")
def count_farther(distances, order, counts):
    """counts[i, j] = #{k : d_kj > d_ij}, in O(m n) for m anchors."""
    m, n = distances.shape
    for j in range(m):
        d, by_distance = distances[j], order[j]
        end = n
        while end > 0:
            start, last = end - 1, d[by_distance[end - 1]]
            while start > 0 and d[by_distance[start - 1]] == last:
                start -= 1
            for r in range(start, end):
                counts[by_distance[r], j] = n - end
            end = start


@compiled("void(Array(f4, 2, 'C', readonly=True), f8[:, ::1])")
def add_minima(counts, total):
    """total[i, k] += sum_j min(counts[i, j], counts[k, j]) for k <= i, and for some k > i; rows a multiple of four.

    Whole numbers below 2^24 are exact in single precision. Sixteen sums at a time use each loaded row four
    times: the loop then runs at the speed of the vector units, 8 minima a cycle, instead of the memory's.
    """
    n, m = counts.shape
    for i in range(0, n, 4):
        x0, x1, x2, x3 = counts[i], counts[i + 1], counts[i + 2], counts[i + 3]
        for k in range(0, i + 4, 4):
            y0, y1, y2, y3 = counts[k], counts[k + 1], counts[k + 2], counts[k + 3]
            s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = np.float32(0.0)
            s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = np.float32(0.0)
            for j in range(m):
                a0, a1, a2, a3 = x0[j], x1[j], x2[j], x3[j]
                b0, b1, b2, b3 = y0[j], y1[j], y2[j], y3[j]
                s00 += min(a0, b0)
                s01 += min(a0, b1)
                s02 += min(a0, b2)
                s03 += min(a0, b3)
                s10 += min(a1, b0)
                s11 += min(a1, b1)
                s12 += min(a1, b2)
                s13 += min(a1, b3)
                s20 += min(a2, b0)
                s21 += min(a2, b1)
                s22 += min(a2, b2)
                s23 += min(a2, b3)
                s30 += min(a3, b0)
                s31 += min(a3, b1)
                s32 += min(a3, b2)
                s33 += min(a3, b3)
            rows = ((s00, s01, s02, s03), (s10, s11, s12, s13), (s20, s21, s22, s23), (s30, s31, s32, s33))
            for r in range(4):
                for c in range(4):
                    total[i + r, k + c] += rows[r][c]


@compiled("void(f8[:, ::1], f8)")
def mirror_scaled(matrix, factor):
    """Multiply the lower triangle and write it into the upper one too, by blocks that stay in the cache."""
    n = len(matrix)
    for first in range(0, n, 64):
        for other in range(0, first + 64, 64):
            for i in range(first, min(first + 64, n)):
                for k in range(other, min(other + 64, i + 1)):
                    value = matrix[i, k] * factor
                    matrix[i, k] = value
                    matrix[k, i] = value


@compiled(f"void({_MATRIX}, {_ORDER}, {_MATRIX}, f8[:, ::1])")
def add_products(distances, order, f, products):
    """products += n^2 K f restricted to some anchors, without K: O(m n d) by prefix and suffix sums.

    The ball to k sums c_jk = sum_i f_i 1{d_ij < d_kj}, a prefix sum; then products_i += sum_k c_jk 1{d_ij < d_kj},
    a suffix sum.
    """
    m, n = distances.shape
    width = f.shape[1]
    inside = np.empty((n, width))
    running = np.empty(width)
    for j in range(m):
        d, by_distance = distances[j], order[j]
        running[:] = 0.0
        start = 0
        while start < n:
            end = start + 1
            while end < n and d[by_distance[end]] == d[by_distance[start]]:
                end += 1
            for r in range(start, end):
                for c in range(width):
                    inside[r, c] = running[c]
            for r in range(start, end):
                for c in range(width):
                    running[c] += f[by_distance[r], c]
            start = end
        running[:] = 0.0
        end = n
        while end > 0:
            start = end - 1
            while start > 0 and d[by_distance[start - 1]] == d[by_distance[end - 1]]:
                start -= 1
            for r in range(start, end):
                for c in range(width):
                    products[by_distance[r], c] += running[c]
            for r in range(start, end):
                for c in range(width):
                    running[c] += inside[r, c]
            end = start


@compiled(f"f8({_MATRIX}, {_MATRIX}, Array(i8, 1, 'C', readonly=True))")
def permuted_inner_product(a, b, permutation):
    """sum_ik a[p_i, p_k] b[i, k]."""
    n = len(permutation)
    total = 0.0
    for i in range(n):
        row, other = a[permutation[i]], b[i]
        for k in range(n):
            total += row[permutation[k]] * other[k]
    return total

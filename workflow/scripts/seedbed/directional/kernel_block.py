"""Sorting a block of points by kind, without branches."""

from __future__ import annotations

from numba import njit

from seedbed.directional.compiled import FLAGS, INLINE
from seedbed.directional.kernel_math import prefer_wide

# kinds 0-3: uniform expansion with 4, 6, 9, 16 terms; 4-6: below w = 25, by x; 7: what needs care
HARD = 7
W2_16, W2_9, W2_6, W2_4 = 25.0**2, 60.0**2, 200.0**2, 1000.0**2
SMALLEST, LARGEST = 2.3e-308, 1e290
# where the result is below NEAR w it is computed again: from there on the plain sum is good to 5e-15
NEAR = 0.125
ROWS = 8
# doubles in a vector; divides BLOCK
WIDE = 8


@njit(**FLAGS)
def load_block(v, x, start, n, v_block, x_block):
    """Copy a block and count its points of kind 0; most blocks of real problems have no others."""
    prefer_wide()
    count = 0
    for i in range(n):
        a = v[start + i]
        b = x[start + i]
        v_block[i] = a
        x_block[i] = b
        w2 = a * a + b * b
        count += (a >= 0.0) & (b >= SMALLEST) & (w2 < LARGEST) & (w2 >= W2_4)
    return count


@njit(**FLAGS)
def sort_block(v_block, x_block, n, split_1, split_2, kinds, counts):
    """The kind of each point and how many there are of each."""
    prefer_wide()
    n_4 = n_6 = n_9 = n_16 = n_ok = n_1 = n_2 = 0
    for i in range(n):
        a = v_block[i]
        b = x_block[i]
        w2 = a * a + b * b
        ok = (a >= 0.0) & (b >= SMALLEST) & (w2 < LARGEST)
        at_4, at_6 = ok & (w2 >= W2_4), ok & (w2 >= W2_6)
        at_9, at_16 = ok & (w2 >= W2_9), ok & (w2 >= W2_16)
        low = ok & (w2 < W2_16)
        past_1, past_2 = low & (b > split_1), low & (b > split_2)
        kinds[i] = (4 - at_4 - at_6 - at_9 - at_16 + past_1 + past_2) if ok else HARD
        n_4 += at_4
        n_6 += at_6
        n_9 += at_9
        n_16 += at_16
        n_ok += ok
        n_1 += past_1
        n_2 += past_2
    # the counts of the uniform kinds are cumulative up to here, which needs no scatter
    counts[0] = n_4
    counts[1] = n_6 - n_4
    counts[2] = n_9 - n_6
    counts[3] = n_16 - n_9
    counts[4] = n_ok - n_16 - n_1
    counts[5] = n_1 - n_2
    counts[6] = n_2
    counts[HARD] = n - n_ok


# rough nanoseconds per point of the uniform kinds, and of bringing a point together with its like
COST = (3.0, 3.5, 4.5, 9.0)
SORTING = 5.0


@njit(**FLAGS)
def choose_main(counts, n):
    """The kind to evaluate for the whole block, what it does not serve being put right afterwards; or -1.

    A uniform kind serves those with fewer terms, and evaluating it where it is wrong is cheaper than
    sorting. The small kinds are too dear for that.
    """
    for kind in range(4, HARD + 1):
        if 4 * counts[kind] >= 3 * n:
            return kind
    sorted_cost = 0.0
    for kind in range(4):
        sorted_cost += counts[kind] * (COST[kind] + SORTING)
    main, best, above = -1, sorted_cost, 0.0
    for kind in range(3, -1, -1):
        cost = n * COST[kind] + above
        if cost < best:
            main, best = kind, cost
        above += counts[kind] * (COST[kind] + SORTING)
    return main


@njit(**INLINE)
def served(kind, main):
    """Whether the kernel of the main kind is right for this one."""
    return (kind == main) | ((kind < main) & (main < 4))


@njit(**FLAGS)
def list_others(main, kinds, others, n):
    """Indices of the points that the main kind does not serve; their number."""
    for i in range(n):
        others[i] = 0 if served(kinds[i], main) else 1
    return compact(others, n)


@njit(**INLINE)
def compact(marks, n):
    """Turn ones and zeros into the indices of the ones, in place; their number.

    Marks are made before, by a loop of their own, which can be SIMD code.
    """
    count = 0
    for i in range(n):
        mark = marks[i]
        marks[count] = i
        count += mark
    return count


@njit(**INLINE)
def pad(v, x, m):
    """Repeat the last of m > 0 points up to a multiple of the widest vector; that multiple.

    What is left over of a loop after its last whole vector runs point by point, at the price of vectors.
    """
    full = (m + WIDE - 1) // WIDE * WIDE
    for i in range(m, full):
        v[i] = v[m - 1]
        x[i] = x[m - 1]
    return full


@njit(**FLAGS)
def gather(kind, kinds, others, n_others, index, work):
    """Bring the points of one kind together: rows 0 and 1 of ``work`` to rows 2 and 3; how many with padding."""
    m = 0
    for i in range(n_others):
        index[m] = others[i]
        m += kinds[others[i]] == kind
    for j in range(m):
        work[2, j] = work[0, index[j]]
        work[3, j] = work[1, index[j]]
    return pad(work[2], work[3], m)


@njit(**FLAGS)
def gather_near_zero(v, x, out, near, work, n):
    """Bring the points together whose result is small against w: to rows 5 and 6 of ``work``."""
    for i in range(n):
        near[i] = 1 if out[i] * out[i] < NEAR * NEAR * (v[i] * v[i] + x[i] * x[i]) else 0
    j = compact(near, n)
    for i in range(j):
        work[5, i] = v[near[i]]
        work[6, i] = x[near[i]]
    return j, pad(work[5], work[6], j)

"""Compiled: moves of single nodes that raise a criterion of the partition."""

from __future__ import annotations

import numpy as np

from seedbed.proximity.measures.compiled import compiled

_VECTOR = "Array(i8, 1, 'C', readonly=True)"
_WEIGHTS = "Array(f8, 1, 'C', readonly=True)"


@compiled(f"i8({_VECTOR}, {_VECTOR}, {_WEIGHTS}, i8[::1], {_VECTOR}, i8[:, ::1], f8[:, ::1], f8[::1], i8, i8)")
def move_nodes(indptr, indices, weights, labels, parts, members, sums, sizes, kind, sweeps):
    """Move every node in turn to the class that raises the criterion most; the number of moves.

    ``sums`` holds the weights between classes, the diagonal twice, ``sizes`` the numbers of nodes, ``members`` those of
    each part of the graph; all are kept up to date. A node moves only to where nodes of its part are. kind: 0
    Bernoulli, 1 degree-corrected, 2 Poisson, 3 modularity. A class is never emptied. O(degree + K^2) per node.
    """

    def term(e, na, nb, same):
        """What one pair of classes adds, without their degrees."""
        if kind == 0:
            pairs = na * nb - na if same else na * nb
            rest = pairs - e
            value = 0.0
            if e > 0.0:
                value += e * np.log(e / pairs)
            if rest > 0.0:
                value += rest * np.log(rest / pairs)
            return value
        if kind == 2:
            return e * np.log(e / (na * nb)) if e > 0.0 else 0.0
        return e * np.log(e) if e > 0.0 else 0.0

    def of_degree(k, total):
        if kind == 1:
            return -k * np.log(k) if k > 0.0 else 0.0
        return -(k * k) / total if kind == 3 else 0.0

    n, K = len(labels), len(sizes)
    degrees = np.zeros(K)
    for a in range(K):
        degrees[a] = sums[a].sum()
    total = max(degrees.sum(), 1e-300)
    links = np.zeros(K)
    moves = 0
    for _ in range(sweeps):
        before = moves
        for i in range(n):
            a = labels[i]
            if sizes[a] <= 1.0:
                continue
            links[:] = 0.0
            degree = 0.0
            for place in range(indptr[i], indptr[i + 1]):
                links[labels[indices[place]]] += weights[place]
                degree += weights[place]
            best, best_gain = a, 1e-9
            for b in range(K):
                if b == a or members[parts[i], b] == 0:
                    continue
                na, nb = sizes[a], sizes[b]
                gain = of_degree(degrees[a] - degree, total) - of_degree(degrees[a], total)
                gain += of_degree(degrees[b] + degree, total) - of_degree(degrees[b], total)
                if kind == 3:
                    gain += 2.0 * (links[b] - links[a])
                else:
                    for c in range(K):
                        if c != a and c != b:
                            gain += term(sums[a, c] - links[c], na - 1.0, sizes[c], False)
                            gain -= term(sums[a, c], na, sizes[c], False)
                            gain += term(sums[b, c] + links[c], nb + 1.0, sizes[c], False)
                            gain -= term(sums[b, c], nb, sizes[c], False)
                    gain += term(sums[a, b] - links[b] + links[a], na - 1.0, nb + 1.0, False)
                    gain -= term(sums[a, b], na, nb, False)
                    gain += 0.5 * (term(sums[a, a] - 2.0 * links[a], na - 1.0, na - 1.0, True))
                    gain -= 0.5 * term(sums[a, a], na, na, True)
                    gain += 0.5 * (term(sums[b, b] + 2.0 * links[b], nb + 1.0, nb + 1.0, True))
                    gain -= 0.5 * term(sums[b, b], nb, nb, True)
                if gain > best_gain:
                    best, best_gain = b, gain
            if best != a:
                b = best
                for c in range(K):
                    if c != a and c != b:
                        sums[a, c] -= links[c]
                        sums[c, a] = sums[a, c]
                        sums[b, c] += links[c]
                        sums[c, b] = sums[b, c]
                sums[a, b] += links[a] - links[b]
                sums[b, a] = sums[a, b]
                sums[a, a] -= 2.0 * links[a]
                sums[b, b] += 2.0 * links[b]
                sizes[a] -= 1.0
                sizes[b] += 1.0
                degrees[a] -= degree
                degrees[b] += degree
                members[parts[i], a] -= 1
                members[parts[i], b] += 1
                labels[i] = b
                moves += 1
        if moves == before:
            break
    return moves

"""Squared distances from products, and the largest exponents of every row, compiled."""

from __future__ import annotations

from seedbed.simd import larger, prefer_wide

from .compiled import entry, source_tag

CANCELLED = 1e-3  # a squared distance below this share of the squared norms has lost three digits


def _entries(tag):
    @entry(["void(f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[::1], f8[::1])"])
    def squared_distances(tile, queries, centres, query_squares, centre_squares):
        tag  # noqa: B018 (numba's cache keeps the tag with the function)
        prefer_wide()
        for i in range(tile.shape[0]):
            row, own = tile[i], query_squares[i]
            lost = 0.0
            for j in range(row.size):
                both = own + centre_squares[j]
                distance = both - 2.0 * row[j]
                row[j] = distance
                lost = larger(lost, CANCELLED * both - distance)
            if lost == 0.0:
                continue
            for j in range(row.size):
                if row[j] < CANCELLED * (own + centre_squares[j]):
                    total = 0.0
                    for c in range(queries.shape[1]):
                        total += (queries[i, c] - centres[j, c]) ** 2
                    row[j] = total

    @entry(["void(f8[:, ::1], f8[::1], i8, f8[:, ::1], i8[:, ::1])"])
    def keep_largest(tile, offset, first, values, places):
        tag  # noqa: B018
        k = values.shape[1]
        for i in range(tile.shape[0]):
            row, best = tile[i], values[i]
            for j in range(row.size):
                value = row[j] - offset[j]
                if value > best[k - 1]:
                    at = k - 1
                    while at > 0 and best[at - 1] < value:
                        best[at] = best[at - 1]
                        places[i, at] = places[i, at - 1]
                        at -= 1
                    best[at] = value
                    places[i, at] = first + j

    return squared_distances, keep_largest


squared_distances, keep_largest = _entries(source_tag())

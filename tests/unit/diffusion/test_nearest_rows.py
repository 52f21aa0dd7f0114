"""Nearest rows: all differences in extended precision, every way of searching, data that are hard for products."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.diffusion import KernelDimension, LevinaBickelMLE, TwoNN
from seedbed.diffusion.dimension import nearest, nearest_numpy
from seedbed.diffusion.dimension.nearest import nearest_rows

RNG = np.random.default_rng(0)
CLUSTERS = np.repeat([[-1e7], [2e7], [2e7 + 1]], 100, axis=0) * np.ones(4)
DATA = {
    "uniform": RNG.uniform(size=(400, 6)),
    "one column": RNG.normal(size=(300, 1)),
    "many columns": RNG.normal(size=(60, 2000)),
    "more columns than two has powers": RNG.normal(size=(60, 2100)),
    "columns that are too many once seen": RNG.normal(size=(60, 700)),
    "clusters far from the mean": CLUSTERS + 1e-3 * RNG.normal(size=CLUSTERS.shape),
    "one row far away": np.vstack([RNG.normal(size=(300, 3)), np.full((1, 3), 1e9)]),
    "one row nearly infinitely far": np.vstack([RNG.normal(size=(200, 3)), np.full((1, 3), 1e60)]),
    "a large mean": 1e8 + RNG.uniform(size=(300, 5)),
    "a constant column of any size": np.column_stack([np.full(200, 1e250), 1e-140 * RNG.normal(size=(200, 3))]),
    "tiny": 1e-160 * RNG.normal(size=(200, 7)),
    "huge": 1e150 * RNG.normal(size=(200, 7)),
    "grid": np.stack(np.meshgrid(*[np.arange(7.0)] * 3), -1).reshape(-1, 3),
    "corners": np.eye(150),
    "clusters": np.repeat(RNG.normal(size=(8, 10)), 50, axis=0) + 1e-5 * RNG.normal(size=(400, 10)),
    "whole numbers of nine bits": RNG.integers(0, 400, size=(300, 20)).astype(float),
    "whole numbers, far from zero": 1e8 + RNG.integers(0, 4, size=(300, 20)),
    "categories": np.unique(np.hstack([np.eye(3)[RNG.integers(0, 3, 300)] for _ in range(9)]), axis=0),
    "spread over scales": np.exp(RNG.normal(0, 8, size=(300, 3))),
}  # fmt: skip


def by_differences(X: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances and places from all differences in extended precision; of rows equally far the first."""
    wide = X.astype(np.longdouble)
    squares = np.array([((wide - row) ** 2).sum(axis=1) for row in wide])
    np.fill_diagonal(squares, np.inf)
    order = np.argsort(squares, axis=1, kind="stable")[:, :k]
    return np.sqrt(np.take_along_axis(squares, order, 1)), order


@pytest.fixture(params=["compiled", "numpy", "tree"])
def way(request, monkeypatch: pytest.MonkeyPatch) -> str:
    """A way of searching, whatever the size of the data."""
    monkeypatch.setattr(nearest, "_tree_pays", lambda n, d, k: request.param == "tree")
    if request.param == "compiled":
        pytest.importorskip("numba")
    loops = nearest._loops() if request.param == "compiled" else nearest_numpy
    monkeypatch.setattr(nearest, "_loops", lambda: loops)
    return request.param


@pytest.mark.parametrize("k", [2, 20, 59])
@pytest.mark.parametrize("name", DATA)
def test_nearest_rows_are_those_of_all_differences(way: str, name: str, k: int) -> None:
    X = DATA[name]
    distances, found = nearest_rows(X, k)
    exact, places = by_differences(X, k)
    np.testing.assert_allclose(distances / exact.astype(float), 1, rtol=2e-14)
    assert (np.diff(distances, axis=1) >= 0).all()
    assert not (found == np.arange(len(X))[:, None]).any() and len(np.unique(found[0])) == k
    if way != "tree":  # which row of those equally far it takes is its own
        np.testing.assert_array_equal(found, places)


@pytest.mark.parametrize("name", DATA)
def test_bits_do_not_depend_on_numba(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(nearest, "_tree_pays", lambda n, d, k: False)
    compiled = nearest_rows(DATA[name], 7)
    monkeypatch.setattr(nearest, "_loops", lambda: nearest_numpy)
    for one, other in zip(compiled, nearest_rows(DATA[name], 7), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("n", "k"), [(2, 1), (3, 2), (17, 16), (130, 16), (129, 15), (1025, 3)])
def test_any_number_of_rows_and_neighbours(way: str, n: int, k: int) -> None:
    X = RNG.normal(size=(n, 5))
    np.testing.assert_array_equal(nearest_rows(X, k)[1], by_differences(X, k)[1])


def test_the_slack_is_above_every_error_of_single_precision() -> None:
    """Entries of a tile are off by less than half of what they are granted: it covers the minimum as well."""
    for name in ("uniform", "many columns", "clusters far from the mean", "one row far away"):
        rows, _ = nearest._in_range(DATA[name])
        centred = rows - rows.mean(axis=0)
        own, d = (centred**2).sum(1), rows.shape[1]
        single = nearest._padded(centred, own, len(rows), np.float32)
        left = -2 * single
        left[:, d] = 1
        entries = (left @ single.T).astype(float) + own[:, None]
        squares = np.array([((rows - row) ** 2).sum(1) for row in rows])
        granted = nearest._slack(own[:, None], squares, d, np.dtype(np.float32))
        assert (np.abs(entries - squares) / granted).max() < 0.5


@pytest.mark.parametrize("name", DATA)
def test_what_is_called_exact_is(name: str) -> None:
    rows, _ = nearest._in_range(DATA[name])
    centred, exact = nearest._centred(rows)
    assert exact == (name in {"grid", "corners", "categories"} or name.startswith("whole numbers"))
    if exact:
        own, d = (centred**2).sum(1), rows.shape[1]
        points = nearest._padded(centred, own, len(rows), np.float32)
        left = -2 * points
        left[:, d] = 1
        squares = np.array([((rows - row) ** 2).sum(1) for row in rows])
        np.testing.assert_array_equal((left @ points.T).astype(float) + own[:, None], squares)


@pytest.mark.parametrize("scale", [1.0, 3.0**0.5])
def test_ties_in_more_than_one_tile(scale: float) -> None:
    """Of rows that are all equally far the first, whether products are exact or not."""
    n = 1100
    distances, found = nearest_rows(scale * np.eye(n), 3)
    np.testing.assert_array_equal(found[:3], [[1, 2, 3], [0, 2, 3], [0, 1, 3]])
    np.testing.assert_array_equal(found[3:], np.tile([0, 1, 2], (n - 3, 1)))
    np.testing.assert_allclose(distances, scale * 2**0.5, rtol=1e-15)


@pytest.mark.parametrize(
    "estimator", [KernelDimension(5.0), LevinaBickelMLE(), TwoNN()], ids=lambda e: type(e).__name__
)
def test_what_holds_the_data_changes_nothing(estimator) -> None:
    X = DATA["uniform"].astype(np.float32)
    plain = estimator.fit(X.astype(np.float64)).dimension_pw_
    locked = X.astype(np.float64)
    locked.flags.writeable = False
    for other in (X, np.asfortranarray(X), locked, np.repeat(X, 2, axis=1)[:, ::2], X.tolist(), X * 2.0**60):
        np.testing.assert_array_equal(estimator.fit(other).dimension_pw_, plain)


def test_a_zero_has_no_sign() -> None:
    X = np.vstack([DATA["uniform"], np.zeros((1, 6)), -np.zeros((1, 6))])
    with pytest.warns(UserWarning, match="1 of 402 rows repeat another"):
        TwoNN().fit(X)


def test_what_overflows_is_said() -> None:
    with pytest.raises(ValueError, match="divide it by a power of two"):
        TwoNN().fit(1e308 + 1e307 * DATA["uniform"])

r"""Logarithmic and cosine distances of spectral kernels, accurate at every parameter.

.. math:: D_{ij} = -\log \frac{h_{ij}}{\sqrt{h_{ii} h_{jj}}} = -\log \cos_{ij}

does not change if rows and columns of H are scaled. With the Perron vector p of the largest eigenvalue of the kernel,
:math:`g_k = f_k / f_1` and :math:`R_{ik} = v_{ik} / p_i` it is

.. math:: D_{ij} = \tfrac12 (\log(1 + q_{ii}) + \log(1 + q_{jj})) - \log(1 + q_{ij}), \qquad
          q = R \operatorname{diag}(g_2, \dots, g_n) R^\top ,

where nothing overflows and nothing cancels, even if all proximities are equal up to the last digit. Where the smallest
entries drown in rounding (small t, nodes far apart), the kernel is summed entry by entry instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import exprel

from .entrywise import checked_positive, entrywise_kernel
from .families import Family
from .logarithms import distances_of_logs, half_differences
from .spectra import Part

# below this share of the typical entry rounding leaves fewer than ten digits of an entry; an inverse is summed at the
# price of one product, an exponential at that of twenty
RELIABLE = {"inverse": 1e-3, "exponential": 1e-5, "gaussian": 1e-5}
_SUMMABLE = 700.0  # logarithm of what double factorials can be summed to; beyond, half the digits must do
_HALF = 1e-8
# below this ratio of the second to the first eigenvalue distances are given in units of it
_SMALL = 1e-8
_FAR_FROM_LIMIT = 0.1  # above, an inverse loses nothing by its entries, and costs little more
_ACTIVE = 1e-17  # terms smaller than this share of the second are not added
_TINY_PERRON = 1e-4


@dataclass(frozen=True)
class Distances:
    """Distances of the nodes of a part, or of a graph.

    Parameters
    ----------
    matrix : ndarray of shape (n, n)
    log_scale : float
        The true distances are ``exp(log_scale)`` times these.
    accuracy : float
        Bound, to first order, on the share of an entry of the kernel that rounding can have added.
    """

    matrix: np.ndarray
    log_scale: float = 0.0
    accuracy: float = 1e-15


@dataclass(frozen=True)
class Normalised:
    """``q`` of the formula above, in units of ``scale``."""

    q: np.ndarray
    log_scale: float
    least: float  # the smallest entry of the kernel over the typical one
    second: float  # the largest of |g_2|, ..., |g_n|
    finite: bool  # no number has overflown


def log_distances(part: Part, family: Family, t: float) -> Distances:
    """``-log cos`` of a family's kernel on one part."""
    if len(part) == 1:
        return Distances(np.zeros((1, 1)))
    if family.kind == "inverse" and second_ratio(part, family, t) > _FAR_FROM_LIMIT:
        return _log_summed(part, family, t)
    form = _normalised(part, family, t)
    if _must_be_summed(form, part, family, t):
        return _log_summed(part, family, t)
    if not form.finite:
        raise ValueError(
            f"at t={t:g} the proximities '{family.name}' of this graph differ by more than double precision can hold: "
            "some nodes are hardly reached by long walks; take a smaller t, or a measure of normalised walks (pagerank)"
        )
    return Distances(_log_form(form), form.log_scale, 2.0**-52 / max(form.least, 2.0**-52))


def _log_summed(part: Part, family: Family, t: float) -> Distances:
    kernel, _ = entrywise_kernel(part, family, t)
    return Distances(distances_of_logs(checked_positive(kernel, part, family, t), 0.0), accuracy=1e-13)


def second_ratio(part: Part, family: Family, t: float) -> float:
    """The largest ``|g_k|`` after the first: how far the kernel is from its limit, where all nodes are alike."""
    values = ordered_eigen(part, family)[0]
    return abs(float(family.ratios(_second(values, family, t), values[0], t)[0]))


def _second(values: np.ndarray, family: Family, t: float) -> np.ndarray:
    """Of ordered eigenvalues the one with the second largest ``|f|``, alone in an array.

    f falls along them, so that it is the second, or where f becomes negative (double factorials) the last.
    """
    with np.errstate(over="ignore", divide="ignore"):
        last = np.abs(family.ratios(values[-1:], values[1], t)[0])
    return values[-1:] if last > 1.0 else values[1:2]


def cosine_distances(part: Part, family: Family, t: float) -> Distances:
    """``1 - cos`` of a family's kernel on one part; where the cosines are near one, from their logarithms."""
    if len(part) == 1:
        return Distances(np.zeros((1, 1)))
    form = _normalised(part, family, t)
    accuracy = 2.0**-52 / max(form.least, 2.0**-52)
    if not form.finite:
        return Distances(1.0 - np.exp(-log_distances(part, family, t).matrix), accuracy=accuracy)
    if form.log_scale < 0.0 or form.least > RELIABLE[family.kind]:
        return Distances(cosine_of_log(_log_form(form), form.log_scale), form.log_scale, accuracy)
    roots = np.sqrt(1.0 + form.q.diagonal())
    distances = 1.0 - (1.0 + form.q) / roots[:, None] / roots
    np.fill_diagonal(distances, 0.0)
    return Distances(distances, accuracy=accuracy)


def cosine_of_log(distances: np.ndarray, log_scale: float) -> np.ndarray:
    """``1 - cos = 1 - exp(-D)`` of finite D, both in units of ``exp(log_scale)``."""
    return distances * exprel(-np.exp(log_scale) * distances) if log_scale else -np.expm1(-distances)


def ordered_eigen(part: Part, family: Family) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, the one with the largest f first, and the vectors in the same order."""

    def ordered() -> tuple[np.ndarray, np.ndarray]:
        values, vectors = part.eigen(family.matrix)
        order = family.order(values)
        values = family.settle(values[order])
        if family.matrix != "A" and len(values) > 1:  # of a connected part it is known
            values[0] = 0.0 if family.matrix == "L" else 1.0
        return values, vectors[:, order]

    return part.kept(("ordered", family.matrix, family.even), ordered)


def _normalised(part: Part, family: Family, t: float) -> Normalised:
    values, vectors = ordered_eigen(part, family)
    perron = perron_vector(part, family)
    second = second_ratio(part, family, t)
    small = second < _SMALL
    reference = _second(values, family, t) if small else values[:1]
    shares = family.ratios(values[1:], reference[0], t)
    shares *= np.copysign(1.0, family.ratios(reference, values[0], t))  # f_1 is positive: the sign of f(reference)
    sizes = np.abs(shares)
    rank = 1 + int(np.flatnonzero(sizes > _ACTIVE * sizes.max())[-1])
    shares, rows = shares[:rank], vectors[:, 1 : 1 + rank]
    with np.errstate(over="ignore", invalid="ignore"):
        if (shares >= 0.0).all():
            rows = rows * np.sqrt(shares)
            rows *= 1.0 / perron[:, None]
            q = rows @ rows.T  # one factor, so that BLAS computes half of it
            finite = bool(np.isfinite(q.diagonal()).all())  # which bounds the others
        else:
            rows = rows / perron[:, None]
            q = (rows * shares) @ rows.T
            finite = bool(np.isfinite(q).all())
    if small:
        return Normalised(q, _log_ratio(family, values, t), 1.0, second, finite)
    return Normalised(q, 0.0, _least(q, perron, RELIABLE[family.kind]), second, finite)


def _least(q: np.ndarray, perron: np.ndarray, enough: float) -> float:
    """The smallest entry of the kernel over the typical one, ``f_1 / n``; 0 where numbers overflow."""
    n = len(perron)
    least = float((n * perron.min() ** 2) * (1.0 + q.min()))
    if not least >= enough:  # the product of two minima is a bound; here is the minimum itself
        with np.errstate(over="ignore", invalid="ignore"):
            least = float(n * (((1.0 + q) * perron).min(axis=1) * perron).min())
    return least if np.isfinite(least) else 0.0


def _log_ratio(family: Family, values: np.ndarray, t: float) -> float:
    """``log |f_2 / f_1|``, also where the ratio is no double; f_2 is the second largest in size."""
    second = _second(values, family, t)
    if family.kind == "inverse":
        with np.errstate(divide="ignore"):
            return float(np.log(np.abs(family.ratios(second, values[0], t)[0])))
    if np.isinf(t):
        return -np.inf
    return float(family.log_value(second[0], t) - family.log_value(values[0], t))


def perron_vector(part: Part, family: Family) -> np.ndarray:
    """The vector of the largest eigenvalue of the kernel, positive, with small entries right in all digits.

    Of L it is constant, and of S the root of the degrees. Of A it is known with an error of the size of the largest
    entry; steps of the power method, which only add, carry the digits outwards.
    """
    return part.kept(("perron", family.matrix, part.is_side), lambda: _perron(part, family))


def _perron(part: Part, family: Family) -> np.ndarray:
    n = len(part)
    if family.matrix == "L":
        return np.full(n, n**-0.5)
    if family.matrix == "S":
        return np.sqrt(part.degrees / part.degrees.sum())
    perron = np.abs(ordered_eigen(part, family)[1][:, 0])
    if perron.min() > _TINY_PERRON * perron.max():
        return perron
    matrix = part.square("A") if part.is_side else part.adjacency
    for _ in range(2 * n):
        stepped = matrix @ perron + perron.max() * 1e-3 * perron
        stepped /= np.linalg.norm(stepped)
        settled = np.allclose(stepped, perron, rtol=1e-15, atol=0.0)
        perron = stepped
        if settled:
            break
    return perron


def _must_be_summed(form: Normalised, part: Part, family: Family, t: float) -> bool:
    """Whether the smallest entries are lost in the spectral form, and the other form can have them."""
    first = ordered_eigen(part, family)[0][0]
    lost = family.kind == "gaussian" and family.log_value(first, t) > _SUMMABLE
    return form.least < (_HALF if lost else RELIABLE[family.kind]) and form.second > 1e-4 and np.isfinite(t)


def _log_form(form: Normalised) -> np.ndarray:
    scale = np.exp(form.log_scale)
    return distances_of_logs(form.q, 1.0, scale) if scale > 1e-300 else half_differences(form.q)

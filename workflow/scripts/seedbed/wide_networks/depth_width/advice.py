"""What a width and a depth mean for a network before it is trained: one table."""

from __future__ import annotations

from itertools import product
from math import ceil, log1p
from typing import TYPE_CHECKING

from seedbed.counts import whole_numbers
from seedbed.extras import extra

from .criticality import critical_initialization
from .output_law import expected_vertex

if TYPE_CHECKING:
    import pandas as pd

STEADY, HEAVY = 0.25, 1.0  # V / K^2 up to which networks resemble each other, and from which single ones dominate
ACCURACY = 0.1


def advise(width, depth, activation="relu") -> pd.DataFrame:
    r"""How a network of this shape starts, at critical initial scales, and what that asks for.

    Parameters
    ----------
    width, depth : int or sequence of int
        Every width is put with every depth.
    activation : str or callable, default="relu"

    Returns
    -------
    pandas.DataFrame
        A row a shape: ``width``, ``depth``, ``ratio`` (depth over width); ``C_W`` and ``C_b``, variances of weights
        (times fan-in) and biases; ``vertex``, :math:`V / K^2` of :func:`expected_vertex`; ``kurtosis`` of the output
        over initial weights, :math:`3 (1 + V / K^2)`; ``log_norm_drift``, by how much the logarithm of a typical
        network's squared output lies below that of the mean, :math:`-\frac12 \log(1 + V / K^2)`; ``seeds``, how many
        networks the mean squared output needs for a standard error of ten per cent, :math:`(2 + 3 V / K^2) / 0.1^2`;
        ``advice`` in words.

    Raises
    ------
    ValueError
        For sizes that are no whole numbers, and activations without a critical point.

    Examples
    --------
    >>> from seedbed.wide_networks import advise
    >>> table = advise(width=[64, 512], depth=16)
    >>> table[["width", "kurtosis", "seeds"]].round(2).to_dict("records")
    [{'width': 64, 'kurtosis': 10.0, 'seeds': 900}, {'width': 512, 'kurtosis': 3.5, 'seeds': 251}]
    """
    with extra("wide_networks"):
        import pandas as pd

    C_W, C_b, _ = critical_initialization(activation)
    rows = []
    for n, L in product(whole_numbers(width, "width"), whole_numbers(depth, "depth")):
        vertex = expected_vertex(n, L, activation)
        rows.append(
            {
                "width": n, "depth": L, "ratio": L / n, "C_W": C_W, "C_b": C_b, "vertex": vertex,
                "kurtosis": 3.0 * (1.0 + vertex), "log_norm_drift": -0.5 * log1p(vertex),
                "seeds": ceil((2.0 + 3.0 * vertex) / ACCURACY**2), "advice": _words(n, vertex),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _words(width: int, vertex: float) -> str:
    if vertex <= STEADY:
        return "initial networks resemble each other: a few seeds will do"
    wider = ceil(width * log1p(vertex) / log1p(STEADY) / 8.0) * 8
    spread = f"squared outputs of initial networks differ {'widely' if vertex >= HEAVY else 'noticeably'}"
    return f"{spread}: report several seeds; a width of {wider}, or residual branches of a share of 0.1, steady them"

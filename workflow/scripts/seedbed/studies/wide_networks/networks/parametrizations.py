"""How initial weights and learning rates of a network depend on its width, in three parametrisations."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Parametrization", "WidthRule", "width_rule"]

Parametrization = Literal["sp", "ntk", "mup"]
Optimizer = Literal["sgd", "adam"]


class WidthRule(NamedTuple):
    """Of the input, hidden and output layer: by what standard deviations and learning rates are multiplied.

    Standard deviations are relative to one over the root of the layer's inputs.
    """

    spread: tuple[float, float, float]
    rate: tuple[float, float, float]


def width_rule(kind: Parametrization, optimizer: Optimizer, ratio: float) -> WidthRule:
    r"""The rule at a width that is ``ratio`` (r) times the base width, where all of them agree.

    Parameters
    ----------
    kind : {"sp", "ntk", "mup"}
        "sp", the standard one: nothing but the spread depends on the width. "ntk": multipliers :math:`n^{-1/2}` of
        weights of variance one, which amount to rates :math:`1, 1/r, 1/r` in plain descent. "mup" (Yang and Hu 2021):
        the spread of the output layer falls by a further :math:`r^{-1/2}`; rates are :math:`r, 1, 1/r` in plain
        descent and :math:`1, 1/r, 1/r` in Adam.
    optimizer : {"sgd", "adam"}
    ratio : float

    Raises
    ------
    ValueError
        For the pair ("ntk", "adam"), of which the study has none.
    """
    one, plain = 1.0, (1.0, 1.0, 1.0)
    if kind == "sp":
        return WidthRule(plain, plain)
    if kind == "mup":
        return WidthRule((one, one, ratio**-0.5), (ratio, one, 1 / ratio) if optimizer == "sgd" else _falling(ratio))
    if optimizer == "adam":
        raise ValueError("the NTK parametrisation is trained by plain descent here")
    return WidthRule(plain, _falling(ratio))


def _falling(ratio: float) -> tuple[float, float, float]:
    return 1.0, 1 / ratio, 1 / ratio

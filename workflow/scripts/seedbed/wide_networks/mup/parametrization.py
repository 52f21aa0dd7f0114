r"""Maximal update parametrisation by initial scales and learning rates alone.

With r the width over the base width, weights start from and learn with these multiples of what they have at the base:

================  =====================  ==============  ===============
                  initial scale          rate of SGD     rate of Adam
================  =====================  ==============  ===============
input, biases     1                      r               1
hidden            r^-1/2                 1               1/r
output            1/r                    1/r             1/r
bias of outputs   1                      1               1
================  =====================  ==============  ===============

Yang and Hu (2021) for SGD, and the tables of the ``mup`` package from memory; both were checked against that package.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from seedbed.counts import is_number

from .widths import Wide, compare

KINDS, OPTIMIZERS = ("mup", "standard", "ntk"), ("adam", "sgd")


def parametrize(
    module,
    base: nn.Module | int | None = None,
    kind: str = "mup",
    optimizer: str = "adam",
    *,
    base_width: int | None = None,
    base_module: nn.Module | None = None,
    lr: float = 1.0,
    width: int | None = None,
    rescale: bool = True,
) -> list[dict[str, Any]]:
    r"""Rescale initial weights in place, and give each parameter the learning rate that its width asks for.

    With ``kind="mup"`` the best learning rate of a narrow network is that of wide ones. Call it once, right after the
    module was made, and hand what it returns to the optimiser.

    Parameters
    ----------
    module : torch.nn.Module
        With initial weights whose variance is a constant over fan-in, as torch's, He's and Glorot's (biases as torch
        has them, or zero). Any law is kept: weights are multiplied.
    base : int or torch.nn.Module
        Width at which nothing changes, or the same network of that width. A module says which dimensions grow; with a
        number all do but what enters the first layer and leaves the last.
    base_width, base_module : int and torch.nn.Module
        The same by name: exactly one of the three is given.
    kind : {"mup", "standard", "ntk"}, default="mup"
        "standard": nothing changes. "ntk": the tangent parametrisation, weights of variance one and multipliers,
        written as rates: SGD 1/r and Adam r^-1/2 for hidden and output weights.
    optimizer : {"adam", "sgd"}, default="adam"
        Adam and its kin (AdamW, with a decay that is multiplied by the rate), or SGD with or without momentum.
    lr : float, default=1.0
        Learning rate at the base width. Rates are set in the groups: those given to the optimiser itself are not used.
    width : int, optional
        Of the module, where ``base`` is a number; by default what leaves the first layer.
    rescale : bool, default=True
        False: weights stay, for networks whose training goes on.

    Returns
    -------
    list of dict
        Parameter groups ``params``, ``lr``, ``factor`` (lr over the base's) and ``kind`` ("input", "hidden", "output",
        "fixed"), for ``torch.optim.Adam(groups)``.

    Raises
    ------
    TypeError, ValueError
        For unknown kinds, base modules with other parameters, or widths that cannot be told.

    Notes
    -----
    The same function of training as that of the ``mup`` package: its output layer is multiplied by 1/r and has weights
    that are larger by r. Adam's ``eps`` is not scaled; it matters where gradients are as small. No layer is replaced
    and no file of shapes needed.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> from seedbed.wide_networks import parametrize
    >>> module = nn.Sequential(nn.Linear(8, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 2))
    >>> groups = parametrize(module, 64, lr=0.01)
    >>> [(group["kind"], group["lr"]) for group in groups]
    [('input', 0.01), ('hidden', 0.0025), ('output', 0.0025), ('fixed', 0.01)]
    >>> optimiser = torch.optim.Adam(groups)
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"optimizer must be 'adam' (also for AdamW) or 'sgd', got {optimizer!r}")
    if not (is_number(lr) and 0.0 < lr < float("inf")):
        raise ValueError(f"lr must be a positive number, got {lr!r}")
    given = [each for each in (base, base_width, base_module) if each is not None]
    if len(given) != 1:
        raise ValueError(f"give one base: base, base_width or base_module; got {len(given)} of them")
    groups: dict[tuple[str, float], dict[str, Any]] = {}
    for wide in compare(module, given[0], width):
        if rescale and kind == "mup":
            _rescale(wide)
        factor = rate_factor(wide, kind, optimizer)
        group = groups.setdefault(
            (wide.kind, factor), {"params": [], "lr": lr * factor, "factor": factor, "kind": wide.kind}
        )
        group["params"].append(wide.parameter)
    return list(groups.values())


def rate_factor(wide: Wide, kind: str, optimizer: str) -> float:
    """Learning rate of a parameter over that at the base width."""
    leaving, entering = wide.leaving or 1.0, wide.entering or 1.0
    if kind == "standard":
        return 1.0
    if kind == "ntk":
        return 1.0 / entering if optimizer == "sgd" else entering**-0.5
    return leaving / entering if optimizer == "sgd" else 1.0 / entering


def _rescale(wide: Wide) -> None:
    """From a variance of a constant over fan-in to that of the table."""
    factor = 1.0
    if wide.kind == "output":
        factor = wide.fan_in**-0.5
    elif wide.parameter.ndim == 1:
        factor = wide.fan_in**0.5
    if factor != 1.0:
        with torch.no_grad():
            wide.parameter.mul_(factor)

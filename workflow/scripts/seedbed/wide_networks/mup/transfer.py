"""The learning rate of a wide network from that of a narrow one."""

from __future__ import annotations

from seedbed.counts import is_number, whole_number

EXPONENTS = {
    ("mup", "adam"): 0.0,
    ("mup", "sgd"): 0.0,
    ("standard", "adam"): -1.0,
    ("standard", "sgd"): 0.0,
    ("ntk", "adam"): -0.5,
    ("ntk", "sgd"): 0.5,
}  # of the best learning rate in the width


def transfer_learning_rate(
    lr: float, from_width: int, to_width: int, kind: str = "mup", optimizer: str = "adam"
) -> float:
    r"""The best learning rate at another width, from the best at one.

    :math:`\eta' = \eta\, (n' / n)^a`, with a = 0 for muP, whose groups (:func:`seedbed.wide_networks.parametrize`)
    hold what every layer needs; -1 for the standard parametrisation with Adam, since every hidden unit sums n changes
    of one sign.

    Parameters
    ----------
    lr : float
    from_width, to_width : int
    kind : {"mup", "standard", "ntk"}, default="mup"
    optimizer : {"adam", "sgd"}, default="adam"

    Returns
    -------
    float
        Rate at the base width of muP and of the tangent parametrisation, rate of all parameters otherwise.

    Raises
    ------
    ValueError
        For numbers out of range or unknown names.

    Notes
    -----
    On digits with widths of 32 to 512 we measured exponents of -0.05 (muP, Adam), -0.03 (muP, SGD), -0.80 (standard,
    Adam), -0.10 (standard, SGD, where the few steps show hardly a shift) and 0.64 (tangent, SGD, which fights its way
    back to learning features: 1/2 is expected).

    Examples
    --------
    >>> from seedbed.wide_networks import transfer_learning_rate
    >>> transfer_learning_rate(0.01, 64, 512), transfer_learning_rate(0.01, 64, 512, kind="standard")
    (0.01, 0.00125)
    """
    if not all(isinstance(name, str) for name in (kind, optimizer)) or (kind, optimizer) not in EXPONENTS:
        raise ValueError(
            f"kind must be 'mup', 'standard' or 'ntk' and optimizer 'adam' or 'sgd'; got {kind!r} and {optimizer!r}"
        )
    if not (is_number(lr) and 0.0 < lr < float("inf")):
        raise ValueError(f"lr must be a positive number, got {lr!r}")
    ratio = whole_number(to_width, "to_width") / whole_number(from_width, "from_width")
    return float(lr * ratio ** EXPONENTS[kind, optimizer])

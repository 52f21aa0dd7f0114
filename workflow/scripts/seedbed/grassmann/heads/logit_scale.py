"""The factor of bounded logits, by the number of classes."""

from __future__ import annotations

import math

__all__ = ["gamma_for_classes"]


def gamma_for_classes(n_classes: int, confidence: float = 0.99) -> float:
    r"""The scale at which one logit of :math:`\gamma` against :math:`C-1` of :math:`\gamma/2` has this probability.

    .. math:: \gamma = 2 \log\frac{p\,(C-1)}{1-p} ,

    13.6 for ten classes, 18.4 for a hundred, 23 for a thousand (the paper's is 25, for a thousand).

    Examples
    --------
    >>> [round(gamma_for_classes(n), 1) for n in (10, 100, 1000)]
    [13.6, 18.4, 23.0]
    """
    return 2.0 * math.log(confidence / (1.0 - confidence) * max(n_classes - 1, 1))

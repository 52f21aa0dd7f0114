r"""How much two replicates of one data set have in common: what a generator names as its ``overlap``.

Splits and subsamples of the same rows are not independent: the mean of their effects varies by about
:math:`s^2 (1/n + \rho / (1 - \rho))`, with :math:`\rho` the share of test rows (Nadeau and Bengio 2003) or of the
rows that a subsample takes, and not by :math:`s^2 / n`. Where that share is not known, a verdict is one on this data
set; where it is 1, all replicates are one data set, and there is neither interval nor p-value.
"""

from __future__ import annotations

from typing import Any

SHARE_OF_TESTS = f"{__name__}:share_of_tests"
UNKNOWN_SHARE = f"{__name__}:unknown_share"


def share_of_tests(*, train_share: float = 0.5, **_params: Any) -> float:
    """Of generators that split all rows into training and test rows."""
    return 1.0 - train_share


def unknown_share(**_params: Any) -> None:
    """Of generators whose number of rows is not known before the data are read."""

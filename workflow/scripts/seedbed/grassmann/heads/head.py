"""What all classification heads share: logits, a loss, and the scale of cosine-like logits."""

from __future__ import annotations

import math
from typing import Literal

import torch
import torch.nn.functional as F

from .logit_scale import gamma_for_classes

__all__ = ["Gamma", "Head", "Scale", "unit_rows"]

Gamma = float | Literal["log_classes"]


def unit_rows(x: torch.Tensor) -> torch.Tensor:
    """Rows of length one; a zero row stays zero."""
    return F.normalize(x, dim=-1)


class Scale(torch.nn.Module):
    r"""The factor :math:`\gamma` of bounded logits: given, set by the number of classes, or learned from there.

    Parameters
    ----------
    gamma : float or "log_classes"
        See :func:`seedbed.grassmann.heads.logit_scale.gamma_for_classes` for the latter.
    n_classes : int
    learned : bool
        Learn :math:`\log\gamma`, which keeps it positive.
    """

    def __init__(self, gamma: Gamma, n_classes: int, learned: bool = False) -> None:
        super().__init__()
        value = gamma_for_classes(n_classes) if gamma == "log_classes" else float(gamma)
        if not value > 0:
            raise ValueError(f"gamma must be positive or 'log_classes', got {gamma!r}")
        logarithm = torch.tensor(math.log(value))
        if learned:
            self.logarithm = torch.nn.Parameter(logarithm)
        else:
            self.register_buffer("logarithm", logarithm)

    @property
    def value(self) -> float:
        """The factor as a number."""
        return float(self.logarithm.detach().exp())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.logarithm.exp().to(x.dtype)


class Head(torch.nn.Module):
    """The last layer of a classifier: features of shape (B, n) in, logits of shape (B, C) out."""

    def loss(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Mean cross-entropy of the classes ``y``, the quantity to train on."""
        return F.cross_entropy(self(x), y)

"""Heads whose classes are vectors: what subspaces are compared with."""

from __future__ import annotations

import math

import torch

from .head import Gamma, Head, Scale, unit_rows

__all__ = ["ArcFaceHead", "CosineHead", "LinearHead", "SubCenterHead"]


class LinearHead(Head):
    r"""Softmax regression: logits :math:`w_c^\top x + b_c`.

    Parameters
    ----------
    n_features, n_classes : int
    generator : torch.Generator, optional
        Draws the weights as ``torch.nn.Linear`` does, uniformly up to :math:`n^{-1/2}`.
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    def __init__(self, n_features: int, n_classes: int, *, generator: torch.Generator | None = None) -> None:
        super().__init__()
        bound = 1.0 / math.sqrt(n_features)
        self.weight = torch.nn.Parameter(
            torch.empty(n_classes, n_features).uniform_(-bound, bound, generator=generator)
        )
        self.bias = torch.nn.Parameter(torch.empty(n_classes).uniform_(-bound, bound, generator=generator))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.linear(x, self.weight, self.bias)


class SubCenterHead(Head):
    r"""Several centres a class, the nearest counts: logits :math:`\gamma \max_j \cos(x, w_{cj})`.

    Sub-center ArcFace (Deng et al. 2020) without its margin.

    Parameters
    ----------
    n_features, n_classes : int
    n_centers : int, default=8
    gamma : float or "log_classes", default=25.0
    learn_gamma : bool, default=False
    generator : torch.Generator, optional
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        n_features: int,
        n_classes: int,
        n_centers: int = 8,
        *,
        gamma: Gamma = 25.0,
        learn_gamma: bool = False,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        normal = torch.randn(n_classes, n_centers, n_features, generator=generator)
        self.weight = torch.nn.Parameter(unit_rows(normal))
        self.scale = Scale(gamma, n_classes, learn_gamma)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        classes, centers, n = self.weight.shape
        cosines = unit_rows(x) @ unit_rows(self.weight).view(classes * centers, n).T
        return self.scale(cosines.view(-1, classes, centers).amax(-1))


class CosineHead(SubCenterHead):
    r"""Normalised softmax: logits :math:`\gamma \cos(x, w_c)`.

    Wang et al. (2017), NormFace. The parameters of :class:`SubCenterHead` with one centre.
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        n_features: int,
        n_classes: int,
        *,
        gamma: Gamma = 25.0,
        learn_gamma: bool = False,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(n_features, n_classes, 1, gamma=gamma, learn_gamma=learn_gamma, generator=generator)


class ArcFaceHead(Head):
    r"""Additive angular margin (Deng et al. 2019), by pytorch-metric-learning: :math:`\gamma\cos(\theta_y + m)`.

    Parameters
    ----------
    n_features, n_classes : int
    margin : float, default=0.5
        m, in radians; only the loss has it.
    gamma : float or "log_classes", default=64.0
    generator : torch.Generator, optional
        Draws the class vectors.

    Raises
    ------
    ImportError
        If pytorch-metric-learning is not installed.
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        n_features: int,
        n_classes: int,
        *,
        margin: float = 0.5,
        gamma: Gamma = 64.0,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        try:
            from pytorch_metric_learning.losses import ArcFaceLoss
        except ImportError as error:
            raise ImportError("ArcFace needs the package pytorch-metric-learning, which is not installed") from error
        scale = Scale(gamma, n_classes).value
        # its margin is in degrees
        self.objective = ArcFaceLoss(n_classes, n_features, margin=math.degrees(margin), scale=scale)
        with torch.no_grad():
            self.objective.W.copy_(torch.randn(n_features, n_classes, generator=generator))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.objective.get_logits(x)

    def loss(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Mean cross-entropy with the margin on the true class."""
        return self.objective(x, y)

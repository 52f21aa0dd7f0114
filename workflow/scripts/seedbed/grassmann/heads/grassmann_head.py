"""Heads whose classes have several directions: subspaces, and the same number of unconstrained rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch

from seedbed.grassmann.geometry.manifold import random_subspaces

from .head import Gamma, Head, Scale, unit_rows
from .projection_norms import projection_norms
from .restored_basis import require_basis
from .subspace_parameter import SubspaceModule, SubspaceParameter

__all__ = ["GrassmannHead", "UnconstrainedHead"]


class GrassmannHead(SubspaceModule, Head):
    r"""Every class a linear subspace: logits :math:`\gamma \|S_c x\| / \|x\|`, no bias.

    Parameters
    ----------
    n_features : int
        n.
    n_classes : int
        C.
    subspace_dim : int or sequence of int, default=8
        k, of all classes or of each. Fewer than all n (plus one with ``lift``), or a class says nothing.
    gamma : float or "log_classes", default=25.0
        Factor of the logits; the paper's 25 is for a thousand classes, "log_classes" follows their number (see
        :func:`~seedbed.grassmann.heads.logit_scale.gamma_for_classes`).
    learn_gamma : bool, default=False
        Learn it, starting there; its parameter is an ordinary one.
    lift : float or None, default=None
        For features of both signs: logits are even, :math:`l(x) = l(-x)`, so a class and its mirror image cannot be
        told apart. A positive number r, the typical norm of the features, replaces :math:`x` by
        :math:`(x / r, 1)`: subspaces of :math:`\mathbb R^{n+1}` then cut affine ones out of the features' space.
    generator : torch.Generator, optional
        Draws the subspaces (uniformly, the Haar distribution).
    dtype : torch.dtype, optional

    Attributes
    ----------
    basis : SubspaceParameter of shape (C, max k, n)
        Orthonormal rows, padded with zero rows where dimensions differ; give it to
        :class:`~seedbed.grassmann.RiemannianSGD`.
    scale : Scale
        ``scale.value`` is gamma.

    Raises
    ------
    ValueError
        For dimensions or scales out of range.

    Notes
    -----
    ``2 B n C k`` operations forward: k times a linear head.

    References
    ----------
    H. Wang, Z. Li, X. Zhang (2023). Get the Best of Both Worlds: Improving Accuracy and Transferability by Grassmann
    Class Representation. ICCV. arXiv:2308.01547.

    Examples
    --------
    >>> head = GrassmannHead(64, 10, subspace_dim=4, gamma="log_classes")
    >>> head(torch.randn(5, 64)).shape
    torch.Size([5, 10])
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    subspaces = ("basis",)

    def __init__(
        self,
        n_features: int,
        n_classes: int,
        subspace_dim: int | Sequence[int] = 8,
        *,
        gamma: Gamma = 25.0,
        learn_gamma: bool = False,
        lift: float | None = None,
        generator: torch.Generator | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        if lift is not None and not lift > 0:
            raise ValueError(f"lift must be positive (the features' typical norm) or None, got {lift}")
        self.lift = lift
        n = n_features + (lift is not None)
        if np.ndim(subspace_dim) and len(subspace_dim) != n_classes:
            raise ValueError(f"subspace_dim names {len(subspace_dim)} dimensions for {n_classes} classes")
        basis = random_subspaces(generator or torch.default_generator, subspace_dim, n, n_classes)
        self.basis = SubspaceParameter(basis.to(dtype or torch.get_default_dtype()))
        self.scale = Scale(gamma, n_classes, learn_gamma)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.lift is not None:
            x = torch.cat([x / self.lift, torch.ones_like(x[:, :1])], dim=1)
        if not isinstance(self.basis, SubspaceParameter) and not torch.compiler.is_compiling():
            require_basis(self.basis)  # of torch.func.functional_call, or a parametrisation
        return self.scale(projection_norms(unit_rows(x), self.basis))


class UnconstrainedHead(Head):
    r"""As many parameters as :class:`GrassmannHead` without its geometry: :math:`\gamma k^{-1/2} \|A_c x\| / \|x\|`.

    The rows of each :math:`A_c` are scaled to length one and otherwise free: the control that tells what
    orthonormality itself contributes.

    Parameters
    ----------
    n_features, n_classes : int
    subspace_dim : int, default=8
        Rows of each class.
    gamma : float or "log_classes", default=25.0
    learn_gamma : bool, default=False
    generator : torch.Generator, optional
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        n_features: int,
        n_classes: int,
        subspace_dim: int = 8,
        *,
        gamma: Gamma = 25.0,
        learn_gamma: bool = False,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        normal = torch.randn(n_classes, subspace_dim, n_features, generator=generator)
        self.weight = torch.nn.Parameter(unit_rows(normal))
        self.scale = Scale(gamma, n_classes, learn_gamma)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        norms = projection_norms(unit_rows(x), unit_rows(self.weight))
        return self.scale(norms) / math.sqrt(self.weight.shape[1])

"""Stochastic gradient descent with momentum on a product of Grassmann manifolds, as a torch optimiser."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

from seedbed.grassmann.heads.subspace_parameter import SubspaceParameter

from .subspace_update import MOMENTUM_KINDS, MomentumKind, update_subspaces

__all__ = ["RiemannianSGD"]

CORRECTED = 4  # steps from one correction of rounding errors to the next


class RiemannianSGD(torch.optim.Optimizer):
    r"""Momentum descent along geodesics, for parameters that are subspaces.

    .. math::

        M &\leftarrow \mu M + D, \qquad H = M - (M W^\top) W, \\
        W &\leftarrow \text{the geodesic from } W \text{ with velocity } -\eta H \text{, at time one},

    with a Newton-Schulz step towards orthonormal rows at every fourth step, as part of the same pass over the numbers
    (see :mod:`seedbed.grassmann.descent.subspace_update`). There is no weight decay: it has no meaning for a subspace.

    Parameters
    ----------
    params : iterable of SubspaceParameter, or of parameter groups
        Of shape (C, k, n). All other parameters of a network go to an optimiser of their own, SGD or AdamW:
        :func:`~seedbed.grassmann.heads.subspace_parameter.split_parameters` tells them apart.
    lr : float
        :math:`\eta`; learning-rate schedulers change it as usual.
    momentum : float, default=0.9
        :math:`\mu`.
    momentum_kind : {"ambient", "projected", "transported"}, default="ambient"
        What the momentum is between steps. "ambient": the sum of raw Euclidean gradients, projected when it is
        used, as in the authors' released code. "projected": projected on each new tangent space, as their
        algorithm says. "transported": parallel transport along the step.
    max_step : float or None, default=1.0
        The longest step, :math:`\|\eta H\|_F` in radians; longer ones are shortened. None: no limit.
    fused : bool, default=False
        Backward passes leave the two factors of the gradient instead of the gradient (see
        ``SubspaceParameter.gradient_factors``), which are multiplied straight into the momentum. Whatever reads
        ``grad`` (clipping by global norm, a gradient scaler) has them multiplied out, and saves nothing; and a graph
        can be gone through once only.

    Raises
    ------
    TypeError
        For a parameter that is not a :class:`SubspaceParameter`.
    ValueError
        For settings out of range, or bases whose rows are not orthonormal.

    Notes
    -----
    About ``4 C n k^2`` multiply-adds per step and one buffer of the size of the parameter. The state (momentum, number
    of steps) is saved by ``state_dict``. Keep bases in float32 or float64, also where the rest of a network runs in
    bfloat16.

    References
    ----------
    H. Wang, Z. Li, X. Zhang (2023). Get the Best of Both Worlds: Improving Accuracy and Transferability by Grassmann
    Class Representation. ICCV. arXiv:2308.01547. S. Bonnabel (2013). Stochastic gradient descent on Riemannian
    manifolds. IEEE Trans. Automat. Control 58.
    """

    __module__ = "seedbed.grassmann"  # where pickles look for it, wherever this file moves

    def __init__(
        self,
        params: Iterable,
        lr: float,
        *,
        momentum: float = 0.9,
        momentum_kind: MomentumKind = "ambient",
        max_step: float | None = 1.0,
        fused: bool = False,
    ) -> None:
        settings = {"lr": lr, "momentum": momentum, "momentum_kind": momentum_kind, "max_step": max_step}
        super().__init__(params, {**settings, "fused": fused})

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with settings of their own; see the class for what is refused."""
        super().add_param_group(param_group)
        group = self.param_groups[-1]
        _check_settings(group)
        for parameter in group["params"]:
            _check_parameter(parameter)
            parameter.gradient_factors = [] if group["fused"] else None

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget gradients and their factors."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.gradient_factors:
                    parameter.gradient_factors.clear()
        super().zero_grad(set_to_none)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One step for every parameter that has a gradient; ``closure`` evaluates the loss again."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            settings = {name: group[name] for name in ("momentum", "max_step")}
            for parameter in group["params"]:
                _check_parameter(parameter)
                gradient = parameter.pending_gradient()
                if gradient is None:
                    continue
                state = self.state[parameter]
                if "momentum_buffer" not in state:
                    state["momentum_buffer"], state["step"] = torch.zeros_like(parameter), 0
                update_subspaces(
                    parameter,
                    state["momentum_buffer"],
                    gradient,
                    lr=float(group["lr"]),
                    kind=group["momentum_kind"],
                    correct=state["step"] % CORRECTED == 0,
                    **settings,
                )
                parameter.trust()
                state["step"] += 1
                if parameter.gradient_factors:
                    parameter.gradient_factors.clear()
        return loss


def _check_settings(group: dict[str, Any]) -> None:
    if not group["lr"] >= 0:
        raise ValueError(f"lr must be non-negative, got {group['lr']}")
    if not 0 <= group["momentum"] < 1:
        raise ValueError(f"momentum must lie in [0, 1), got {group['momentum']}")
    if group["momentum_kind"] not in MOMENTUM_KINDS:
        raise ValueError(f"momentum_kind must be one of {', '.join(MOMENTUM_KINDS)}, got {group['momentum_kind']!r}")
    if group["max_step"] is not None and not group["max_step"] > 0:
        raise ValueError(f"max_step must be positive or None, got {group['max_step']}")


def _check_parameter(parameter: torch.Tensor) -> None:
    if not isinstance(parameter, SubspaceParameter):
        raise TypeError(
            f"RiemannianSGD moves subspaces (SubspaceParameter) only, got a {type(parameter).__name__} of shape "
            f"{tuple(parameter.shape)}; give it to another optimiser (split_parameters tells them apart)"
        )
    if parameter.dtype not in (torch.float32, torch.float64):
        raise ValueError(f"bases must be float32 or float64, got {parameter.dtype}: rounding would bend them")
    if parameter.ndim != 3 or not parameter.is_contiguous() or parameter.shape[1] > parameter.shape[2]:
        raise ValueError(f"bases must be contiguous, of shape (C, k, n) with k <= n, got {tuple(parameter.shape)}")
    parameter.settle()

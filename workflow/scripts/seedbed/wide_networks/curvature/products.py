r"""Products of a loss's Hessian or Gauss-Newton matrix with vectors; the first gradient's graph is kept for all."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seedbed.extras import extra
from seedbed.wide_networks.finite_width.checked_modules import as_inputs, check_module, trained_parameters

with extra("wide_networks"):
    import torch

Loss = Callable[..., torch.Tensor]


def checked_data(module, data) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs and targets as tensors; targets of whole numbers stay classes.

    Raises
    ------
    TypeError, ValueError
        For what is no pair, no module, of different lengths, or not finite.
    """
    check_module(module)
    if not (isinstance(data, tuple | list) and len(data) == 2):
        raise TypeError("data must be a pair of inputs and targets, (X, y)")
    X, like = as_inputs(data[0], module), next(module.parameters())
    y = data[1].detach() if isinstance(data[1], torch.Tensor) else torch.as_tensor(np.array(data[1]))
    y = y.to(device=like.device, dtype=like.dtype if y.is_floating_point() else torch.int64)
    if len(y) != len(X):
        raise ValueError(f"X and y differ in length: {len(X)} and {len(y)}")
    if y.is_floating_point() and not bool(torch.isfinite(y).all()):
        raise ValueError("y holds NaN or infinity; drop these rows first")
    return X, y


def checked_curvature(curvature: str) -> None:
    if curvature not in ("hessian", "ggn"):
        raise ValueError(f"curvature must be 'hessian' or 'ggn' (Gauss-Newton), got {curvature!r}")


class CurvatureProduct:
    r"""The linear map :math:`v \mapsto \nabla^2 L\, v`, or :math:`J^\top (\nabla^2_f L) J v`, on flat vectors.

    One pass forward and one backward when it is made, then one backward pass a product (three for Gauss-Newton).
    """

    def __init__(self, module, loss: Loss, X: torch.Tensor, y: torch.Tensor, curvature: str) -> None:
        self._weights = list(trained_parameters(module).values())
        self._sizes = [p.numel() for p in self._weights]
        self.size = sum(self._sizes)
        self.dtype, self.device = self._weights[0].dtype, self._weights[0].device
        self._gauss_newton = curvature == "ggn"
        with torch.enable_grad():
            outputs = module(X)
            value = checked_loss(loss(outputs, y))
            if self._gauss_newton:
                self._outputs = outputs
                self._cotangent = torch.zeros_like(outputs, requires_grad=True)
                self._pulled = self._gradients(outputs, self._cotangent, create_graph=True)
                self._predictions = outputs.detach().requires_grad_(True)
                again = loss(self._predictions, y)
                [self._of_loss] = torch.autograd.grad(again, [self._predictions], create_graph=True)
            else:
                self._pulled = self._gradients(value, None, create_graph=True)

    def __call__(self, v: torch.Tensor) -> torch.Tensor:
        parts = [part.view_as(p) for part, p in zip(v.split(self._sizes), self._weights, strict=True)]
        moving = [(g, part) for g, part in zip(self._pulled, parts, strict=True) if g.requires_grad]
        if not moving:
            return torch.zeros_like(v)
        gradients, along = [g for g, _ in moving], [part for _, part in moving]
        if not self._gauss_newton:
            found = torch.autograd.grad(gradients, self._weights, along, retain_graph=True, allow_unused=True)
            return self._flat(found)
        [change] = torch.autograd.grad(gradients, [self._cotangent], along, retain_graph=True)
        if not self._of_loss.requires_grad:  # linear in the outputs
            return torch.zeros_like(v)
        [bent] = torch.autograd.grad(self._of_loss, [self._predictions], change, retain_graph=True)
        return self._flat(self._gradients(self._outputs, bent, create_graph=False))

    def _gradients(self, of, along, create_graph: bool) -> list[torch.Tensor]:
        found = torch.autograd.grad(
            of, self._weights, along, create_graph=create_graph, retain_graph=True, allow_unused=True
        )
        return [torch.zeros_like(p) if g is None else g for g, p in zip(found, self._weights, strict=True)]

    def _flat(self, parts) -> torch.Tensor:
        whole = [torch.zeros_like(p) if g is None else g for g, p in zip(parts, self._weights, strict=True)]
        return torch.cat([part.reshape(-1) for part in whole]).detach()


def checked_loss(value: torch.Tensor) -> torch.Tensor:
    if not isinstance(value, torch.Tensor) or value.numel() != 1:
        raise ValueError("loss(outputs, targets) must return one number, as torch's do with reduction='mean'")
    if not bool(torch.isfinite(value)):
        raise ValueError(f"the loss is {float(value.detach())}: the module's weights or outputs are not finite")
    return value

"""Modules and arrays of the user as what is differentiated here needs them, with one message for what is wrong."""

from __future__ import annotations

import math

import numpy as np

from seedbed.extras import extra

with extra("wide_networks"):
    import torch
    from torch import nn

NORMALISED_BY_BATCH = nn.modules.batchnorm._BatchNorm
NUMPYS = (torch.float16, torch.float32, torch.float64)
RANDOM = (nn.modules.dropout._DropoutNd,)


def check_module(module) -> None:
    """Outputs of a row must depend on that row alone, and not on chance.

    Raises
    ------
    TypeError
        For what is no module of torch.
    ValueError
        For batch normalisation or dropout in training mode, and where no parameter is trained.
    """
    if not isinstance(module, nn.Module):
        raise TypeError(f"a torch.nn.Module is needed, got {type(module).__name__}")
    for name, part in module.named_modules():
        label = f"{type(part).__name__}{f' ({name})' if name else ''}"
        if isinstance(part, NORMALISED_BY_BATCH) and (part.training or part.running_mean is None):
            raise ValueError(
                f"{label} takes means over the batch, so that rows have no gradients of their own: call module.eval()"
                " first, with running statistics, or use layer or group normalisation"
            )
        if isinstance(part, RANDOM) and part.training and part.p > 0.0:
            raise ValueError(f"{label} draws at random in training mode: call module.eval() first")
    if not any(p.requires_grad for p in module.parameters()):
        raise ValueError("no parameter of the module requires a gradient: nothing is trained, and there is no kernel")


def trained_parameters(module: nn.Module) -> dict[str, nn.Parameter]:
    """By name, each once."""
    return {name: p for name, p in module.named_parameters() if p.requires_grad}


def as_inputs(X, module: nn.Module, name: str = "X") -> torch.Tensor:
    """Rows as a tensor where the module is: numbers with a fraction in the module's precision, whole ones as they are.

    Raises
    ------
    ValueError
        Without rows, for NaN and infinity, modules whose numbers NumPy does not have, and whole numbers for a module
        that takes fractions.
    """
    like = next(module.parameters())
    if like.dtype not in NUMPYS:
        raise ValueError(f"NumPy, whose arrays are returned, has no {like.dtype}: call module.float() first")
    tensor = X.detach() if isinstance(X, torch.Tensor) else torch.as_tensor(np.array(X))
    tensor = tensor.to(like.device)
    if tensor.is_floating_point():
        tensor = tensor.to(like.dtype)
        # one number first: the sum is finite only if all are, and overflows seldom
        if not math.isfinite(float(tensor.sum())) and not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"{name} holds NaN or infinity; fill or drop these rows first")
    if tensor.ndim == 0 or len(tensor) == 0:
        raise ValueError(f"{name} must hold at least one row")
    if not tensor.is_floating_point():
        _refuse_numbers_for_codes(tensor[:1], module, name)
    return tensor


def _refuse_numbers_for_codes(row: torch.Tensor, module: nn.Module, name: str) -> None:
    """Raise where a module takes a row of whole numbers as fractions alone."""
    with torch.no_grad():
        try:
            module(row)
        except RuntimeError:
            module(row.to(next(module.parameters()).dtype))  # what this raises is no matter of the kind of numbers
            raise ValueError(
                f"{name} holds whole numbers, which the module is given as they are, for embeddings; this one takes"
                f" fractions: give {name} as floating-point numbers"
            ) from None


def flat_outputs(outputs, rows: int) -> torch.Tensor:
    """(rows, outputs)."""
    if not isinstance(outputs, torch.Tensor) or outputs.ndim == 0 or len(outputs) != rows:
        shape = tuple(outputs.shape) if isinstance(outputs, torch.Tensor) else type(outputs).__name__
        raise ValueError(f"the module must return a tensor with a row for each of {rows} inputs, got {shape}")
    return outputs.reshape(rows, -1)

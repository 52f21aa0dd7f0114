"""The bases nearest to what rounding, means of weights or a foreign step have made of bases."""

from __future__ import annotations

import torch

__all__ = ["LARGEST_DEFECT", "require_basis", "restored_basis"]

LARGEST_DEFECT = 0.1  # of the squared length of a direction above one: beyond it a basis is taken for a mistake
_LOST = 1e-6  # of the squared length: a direction as short as this is gone
_ROUNDED = {torch.float32: 1e-4, torch.float64: 1e-10}  # defects that steps leave, and correct themselves


def restored_basis(W: torch.Tensor) -> torch.Tensor | None:
    r"""The polar factor :math:`(W W^\top)^{-1/2} W`, or None where W is a basis already, up to rounding.

    A mean of bases is a contraction, :math:`W W^\top \le I`; its polar factor is the basis nearest to it, and spans the
    same subspace. In half precision a basis cannot be better than its rounding, and is left as it is.

    Parameters
    ----------
    W : tensor of shape (C, k, n)
        Rows of zeros at the end are padding.

    Raises
    ------
    ValueError
        For what no mean and no rounding makes of bases; the message names the class.
    """
    if W.ndim != 3 or W.shape[1] > W.shape[2]:
        raise ValueError(f"bases must have the shape (C, k, n) with k <= n, got {tuple(W.shape)}")
    wide = W.double() if W.dtype in (torch.float16, torch.bfloat16) else W
    gram = wide @ wide.mT
    active = (wide != 0).any(dim=2)
    _require_rows(active)
    identity = torch.diag_embed(active.to(gram.dtype))
    defect = (gram - identity).abs().amax(dim=(1, 2))
    if W.dtype not in _ROUNDED:
        _require(torch.linalg.eigvalsh(gram + torch.diag_embed((~active).to(gram.dtype))), defect)
        return None
    if bool((defect <= _ROUNDED[W.dtype]).all()):
        return None
    gram = gram.double() + torch.diag_embed((~active).double())
    if not torch.isfinite(gram).all():
        _require(torch.ones_like(gram[:, 0]), defect)
    values, vectors = torch.linalg.eigh(gram)
    _require(values, defect)
    root = (vectors * values.rsqrt()[:, None, :]) @ vectors.mT
    return (root @ W.double()).to(W.dtype)


def require_basis(W: torch.Tensor) -> None:
    """Refuse a plain tensor in the place of bases whose rows are not orthonormal."""
    with torch.no_grad():
        active = (W != 0).any(dim=2)
        _require_rows(active)
        defect = (W @ W.mT - torch.diag_embed(active.to(W.dtype))).abs().amax(dim=(1, 2))
        if not bool((defect <= LARGEST_DEFECT).all()):
            worst = int(torch.nan_to_num(defect, nan=torch.inf).argmax())
            raise ValueError(
                f"the rows of every basis must be orthonormal; W W' of class {worst} is off by "
                f"{defect[worst].item():.2g}. Keep subspaces in a SubspaceParameter"
            )


def _require_rows(active: torch.Tensor) -> None:
    """Zero rows are padding where they come last and are not all."""
    bad = ~active[:, 0] | (active[:, 1:] & ~active[:, :-1]).any(dim=1)
    if bool(bad.any()):
        raise ValueError(
            f"every class needs a subspace of one dimension or more, with zero rows after the others; those of class "
            f"{int(bad.int().argmax())} are {'not last' if bool(active[bad][0].any()) else 'all there is'}"
        )


def _require(values: torch.Tensor, defect: torch.Tensor) -> None:
    low, high = values[:, 0], values[:, -1]
    bad = ~(torch.isfinite(defect) & (low > _LOST) & (high <= 1.0 + LARGEST_DEFECT))
    if bool(bad.any()):
        c = int(bad.int().argmax())
        raise ValueError(
            "the rows of every basis must be orthonormal (zero rows at the end are padding), up to rounding or a mean "
            f"of bases; for class {c} W W' is off by {defect[c].item():.2g}, with eigenvalues from {low[c].item():.2g} "
            f"to {high[c].item():.2g}"
        )

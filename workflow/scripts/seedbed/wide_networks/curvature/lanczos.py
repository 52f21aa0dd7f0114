r"""Lanczos's method with full reorthogonalisation: both ends of a spectrum in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from scipy.linalg import eigh_tridiagonal

ROOM = 32  # vectors by which the basis grows


@dataclass
class Ritz:
    """Approximate eigenpairs in increasing order; ``residuals`` bounds the distance of each value to an eigenvalue."""

    values: np.ndarray
    coordinates: np.ndarray  # in the basis, a column each
    residuals: np.ndarray
    basis: torch.Tensor  # a row each

    def vectors(self, chosen: np.ndarray) -> np.ndarray:
        """Of these values, a row each."""
        of_basis = torch.as_tensor(self.coordinates[:, chosen].T, dtype=self.basis.dtype, device=self.basis.device)
        return (of_basis @ self.basis).cpu().numpy()


@dataclass
class Krylov:
    """A basis, and the tridiagonal matrix that the product is in it."""

    diagonal: list[float]
    below: list[float]
    rest: float  # length of what the product leaves outside
    breaks: int  # how often an invariant subspace was complete, each with one copy of a multiple eigenvalue
    basis: torch.Tensor

    def ritz(self) -> Ritz:
        """Eigenpairs of the tridiagonal matrix."""
        values, coordinates = eigh_tridiagonal(self.diagonal, self.below)
        return Ritz(values, coordinates, np.abs(coordinates[-1]) * self.rest, self.basis)


def lanczos(product: Callable[[torch.Tensor], torch.Tensor], start: torch.Tensor, steps: int) -> Iterator[Krylov]:
    """What is known after each product.

    Where an invariant subspace is found, another random direction is taken up, so that what the start does not touch
    (other copies of an eigenvalue) is found later. After as many steps as there are dimensions everything is exact.

    Parameters
    ----------
    product : callable
        Symmetric.
    start : Tensor of shape (P,)
        Not zero.
    steps : int
        At most P are made.
    """
    generator = torch.Generator().manual_seed(0)
    basis = start.new_empty((min(ROOM, steps), len(start)))
    basis[0] = start / start.norm()
    diagonal: list[float] = []
    below: list[float] = []
    breaks, largest = 0, 0.0  # entry of the tridiagonal matrix
    tiny = 50.0 * torch.finfo(start.dtype).eps * len(start) ** 0.5
    for j in range(min(steps, len(start))):
        w = product(basis[j])
        known = basis[: j + 1]
        along = known @ w
        diagonal.append(float(along[-1]))
        w = w - known.T @ along
        w = w - known.T @ (known @ w)
        length = float(torch.linalg.vector_norm(w))
        largest = max(largest, abs(diagonal[-1]))
        broken = length <= tiny * largest
        breaks += broken
        last = j + 1 == len(start)
        yield Krylov([*diagonal], [*below], 0.0 if last or broken else length, breaks, known)
        if last:
            return
        if broken:
            w = torch.randn(len(start), generator=generator, dtype=torch.float64).to(start)
            for _ in range(2):
                w = w - known.T @ (known @ w)
            length = float(torch.linalg.vector_norm(w))
        if j + 1 == len(basis):
            basis = torch.cat([basis, basis.new_empty((ROOM, len(start)))])
        torch.div(w, length, out=basis[j + 1])
        below.append(0.0 if broken else length)
        largest = max(largest, below[-1])

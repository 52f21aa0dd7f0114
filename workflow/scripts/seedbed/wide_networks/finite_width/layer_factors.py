r"""Gradients of single rows, in factors that layers have.

For a linear layer :math:`z = W a + b` the gradient of an output in W is :math:`\partial f / \partial z \; a^\top`, so
that products of gradients of two rows are products of two small Gram matrices:

.. math:: \langle \nabla_W f(x), \nabla_W f(x') \rangle =
    \sum_{p, p'} (a_p \cdot a'_{p'}) (\delta_p \cdot \delta'_{p'}),

over positions p, of which a plain layer has one, a layer on sequences many, and a convolution one for each window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import nn
from torch.nn import functional as F

CELLS = 1 << 24  # numbers of a block of products
TILE = 128  # rows of a product; of a Gram matrix what lies above its tiles is copied from below


@dataclass
class LayerFactors:
    """What reached a layer and how outputs change with what left it.

    ``inputs`` (rows, positions, k), or images that :meth:`windows` cuts; ``slopes`` (rows, r, positions, c), for r
    combinations of the outputs. ``weight`` and ``bias`` are factors of the kernel, None for what is not trained.
    """

    module: nn.Module
    inputs: list[torch.Tensor]  # one a call of the layer: calls are further positions
    slopes: torch.Tensor
    weight: float | None
    bias: float | None

    def windows(self, rows: slice) -> torch.Tensor:
        """(rows, positions, k)."""
        found = [positions(self.module, a[rows]) for a in self.inputs]
        return found[0] if len(found) == 1 else torch.cat(found, dim=1)

    def gradients(self, rows: slice) -> torch.Tensor:
        """Of the weights: (rows, r, c, k)."""
        return torch.einsum("nrpc,npk->nrck", self.slopes[rows], self.windows(rows))

    def part(self, rows: slice) -> LayerFactors:
        """Of some of the rows."""
        return replace(self, inputs=[a[rows] for a in self.inputs], slopes=self.slopes[rows])

    def parameters(self) -> list[nn.Parameter]:
        """Those that are trained: of the weight and the bias."""
        pairs = (self.module.weight, self.weight), (self.module.bias, self.bias)
        return [p for p, factor in pairs if factor is not None]  # pyright: ignore[reportReturnType]

    def apart(self, exact: list[torch.Tensor]) -> list[torch.Tensor]:
        """Gradients of the first combination for the first row in these parameters, less what they should be."""
        slopes, exact = self.slopes[0, 0], [*exact]
        found = []
        if self.weight is not None:
            whole = exact.pop(0).flatten(1)
            found.append(torch.addmm(whole, slopes.T, self.windows(slice(0, 1))[0], beta=-1.0))
        return found if self.bias is None else [*found, slopes.sum(dim=0) - exact.pop()]

    def add_gram(self, other: LayerFactors, summed: bool, half: bool, found: torch.Tensor) -> None:
        """Adds products of gradients to (rows r, other rows r), or their sum over r to (rows, other rows).

        ``half``: the others are these, and what :func:`mirror` replaces may be left out.
        """
        if self.slopes.shape[2] == 1 == other.slopes.shape[2]:
            self._add_plain(other, summed, half, found)
            return
        if self.bias is not None:
            a, b = self.slopes.sum(dim=2), other.slopes.sum(dim=2)
            found += self.bias * _products(a, b, summed)
        if self.weight is not None:
            self._add_positions(other, summed, half, found)

    def _add_plain(self, other: LayerFactors, summed: bool, half: bool, found: torch.Tensor) -> None:
        n, r, m, every = len(self.slopes), 1 if summed else self.slopes.shape[1], len(other.slopes), slice(None)
        cells = found.view(n, r, m, r)
        slopes, others = self.slopes.reshape(n * r, -1), other.slopes.reshape(m * r, -1)
        inputs, entered = self.windows(every)[:, 0], other.windows(every)[:, 0]
        for rows, many in tiles(n, m, half):
            part = slopes[rows.start * r : rows.stop * r] @ others[: many * r].T
            if self.weight is None:
                found[rows.start * r : rows.stop * r, : many * r].add_(part, alpha=self.bias or 0.0)
                continue
            each = inputs[rows] @ entered[:many].T
            if self.weight != 1.0:
                each *= self.weight
            if self.bias is not None:
                each += self.bias
            cells[rows, :, :many].addcmul_(part.view(-1, r, many, r), each[:, None, :, None])

    def _add_positions(self, other: LayerFactors, summed: bool, half: bool, found: torch.Tensor) -> None:
        n, r, p, c = self.slopes.shape
        m, k, each = len(other.slopes), self.windows(slice(0, 1)).shape[2], 1 if summed else r
        whole = r * each * c * k + 2 * r * p * c * k / min(n, m) < p * p * (k + r * each * c)
        size = max(1, int(CELLS // (r * c * k)) if whole else int((CELLS / (p * p * each * each)) ** 0.5))
        for a in range(0, n, size):
            rows = slice(a, min(a + size, n))
            left = self.gradients(rows) if whole else None
            for b in range(0, a + 1 if half else m, size):
                cols = slice(b, min(b + size, m))
                if left is not None:
                    part = _products(left.flatten(2), other.gradients(cols).flatten(2), summed)
                else:
                    part = self._pairs_of_positions(other, rows, cols, summed)
                at = slice(rows.start * each, rows.stop * each), slice(cols.start * each, cols.stop * each)
                found[at] += self.weight * part

    def _pairs_of_positions(self, other: LayerFactors, rows: slice, cols: slice, summed: bool) -> torch.Tensor:
        inputs = torch.einsum("npk,mqk->npmq", self.windows(rows), other.windows(cols))
        a, b = self.slopes[rows], other.slopes[cols]
        if summed:
            return (inputs * torch.einsum("nrpc,mrqc->npmq", a, b)).sum(dim=(1, 3))
        part = torch.einsum("npmq,nrpc,msqc->nrms", inputs, a, b)
        return part.reshape(part.shape[0] * part.shape[1], -1)


def _products(a: torch.Tensor, b: torch.Tensor, summed: bool) -> torch.Tensor:
    """Of (rows, r, k): all, or summed over r."""
    return a.flatten(1) @ b.flatten(1).T if summed else a.flatten(0, 1) @ b.flatten(0, 1).T


def tiles(n: int, m: int, half: bool) -> Iterator[tuple[slice, int]]:
    """Rows of a matrix (n, m), and how many columns are to be computed: of half of it none right of the tile."""
    for start in range(0, n, TILE):
        stop = min(start + TILE, n)
        yield slice(start, stop), stop if half else m


def mirror(square: torch.Tensor) -> None:
    """The upper triangle from the lower one."""
    for rows, many in tiles(len(square), len(square), half=True):
        square[: rows.start, rows] = square[rows, : rows.start].T
        corner = square[rows, rows.start : many]
        corner.copy_(corner.tril() + corner.tril(-1).T)


def is_factorised(module: nn.Module) -> bool:
    """Layers whose forward is known; subclasses may do something else."""
    if type(module) in (nn.Conv1d, nn.Conv2d):
        return module.groups == 1 and module.padding_mode == "zeros"  # pyright: ignore[reportAttributeAccessIssue]
    return type(module) is nn.Linear


def positions(module: nn.Module, inputs: torch.Tensor) -> torch.Tensor:
    """What each position of a layer sees, (rows, positions, k)."""
    if isinstance(module, nn.Linear):
        return inputs.reshape(len(inputs), -1, inputs.shape[-1])
    assert isinstance(module, nn.Conv1d | nn.Conv2d)
    size, dilation, stride = module.kernel_size, module.dilation, module.stride
    padding = _padding(module)
    if isinstance(module, nn.Conv1d):  # an image of one row
        inputs, size, dilation, stride = inputs[:, :, None], (1, *size), (1, *dilation), (1, *stride)
        padding = [*padding, 0, 0]
    return F.unfold(F.pad(inputs, padding), size, dilation=dilation, stride=stride).transpose(1, 2)


def _padding(module: nn.Conv1d | nn.Conv2d) -> list[int]:
    """Zeros before and after, last axis first, as ``torch.nn.functional.pad`` takes them."""
    if isinstance(module.padding, str):
        return list(module._reversed_padding_repeated_twice)
    return [count for count in reversed(module.padding) for _ in range(2)]


def position_slopes(module: nn.Module, slopes: torch.Tensor) -> torch.Tensor:
    """Derivatives in what left a layer, (rows, positions, c)."""
    if isinstance(module, nn.Linear):
        return slopes.reshape(len(slopes), -1, slopes.shape[-1])
    return slopes.flatten(2).transpose(1, 2)

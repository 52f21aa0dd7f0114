"""Gradients of a module's outputs in all its parameters, row by row, without ever holding them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import nn
from torch.func import functional_call, jacrev, vmap

from .checked_modules import flat_outputs, trained_parameters
from .layer_factors import TILE, LayerFactors, is_factorised, mirror, position_slopes

Weights = Callable[[torch.Tensor, slice], torch.Tensor]  # outputs (rows, C) and the rows -> (rows, C, r)


@dataclass
class Tangents:
    """Of some rows: factors of layers, and plain gradients (rows, r, P) of all other parameters."""

    layers: list[LayerFactors]
    others: torch.Tensor
    n_rows: int
    n_combinations: int

    def gram(self, other: Tangents, summed: bool = False) -> torch.Tensor:
        """Products of gradients, (rows r, other rows r), or their sum over the combinations r."""
        with torch.no_grad():
            left, right = self.others, other.others
            found = left.flatten(1) @ right.flatten(1).T if summed else left.flatten(0, 1) @ right.flatten(0, 1).T
            half = other is self and self.n_rows > TILE  # of fewer rows it costs more to copy than to compute
            for mine, yours in zip(self.layers, other.layers, strict=True):
                mine.add_gram(yours, summed, half, found)
            if half:
                mirror(found)
        return found

    def part(self, rows: slice) -> Tangents:
        """Of some of the rows."""
        layers = [each.part(rows) for each in self.layers]
        others = self.others[rows]
        return Tangents(layers, others, len(others), self.n_combinations)


@torch.enable_grad()
def tangents(
    module: nn.Module, X: torch.Tensor, weights: Weights, scales: Mapping[str, float], batch_size: int
) -> Tangents:
    """Gradients of combinations of the outputs.

    Parameters
    ----------
    module : Module
        Checked.
    X : Tensor
    weights : callable
        Of outputs and the slice of rows: which r combinations of the C outputs, (rows, C, r).
    scales : mapping
        Factors of the kernel by names of parameters, 1 where there is none.
    batch_size : int
        Rows that go through the network at once; what is found does not depend on it.
    """
    names = {id(p): name for name, p in trained_parameters(module).items()}
    layers = _layers(module, names)
    parts = []
    for start in range(0, len(X), batch_size):
        rows = slice(start, min(start + batch_size, len(X)))
        parts.append(_batch(module, layers, X[rows], lambda out, rows=rows: weights(out, rows)))
    combinations = _joint([part.combinations for part in parts])
    used = [at for at in range(len(layers)) if parts[0].slopes[at]]
    factors = [_factors(layers[at], at, parts, names, scales) for at in used]
    factors = _those_that_agree(module, X[:1], parts[0], factors)
    inside = {id(p) for each in factors for p in each.parameters()}
    rest = [name for key, name in names.items() if key not in inside]
    others = _other_gradients(module, rest, X, combinations, scales, batch_size)
    return Tangents(factors, others, len(X), combinations.shape[2])


class _Batch(NamedTuple):
    """Of each layer, what entered at every call, and slopes (rows, r, positions, c) of what left."""

    inputs: list[list[torch.Tensor]]
    slopes: list[list[torch.Tensor]]
    combinations: torch.Tensor
    first: torch.Tensor  # outputs of the first row


def _layers(module: nn.Module, names: Mapping[int, str]) -> list[nn.Module]:
    """Layers whose gradients factorise, with parameters that no other module has."""
    own = {part: list(part.parameters(recurse=False)) for part in module.modules()}
    owners = Counter(id(p) for parameters in own.values() for p in parameters)
    return [
        part
        for part, parameters in own.items()
        if is_factorised(part)
        and any(id(p) in names for p in parameters)
        and all(owners[id(p)] == 1 for p in parameters)
    ]


def _batch(module: nn.Module, layers: list[nn.Module], X: torch.Tensor, weights, copied: bool = False) -> _Batch:
    """One pass forward, and one backward for each combination of outputs.

    Where something is changed in place after a layer had or made it, once more with copies.
    """
    calls: dict[int, list[tuple[torch.Tensor, torch.Tensor]]] = {id(layer): [] for layer in layers}
    versions: list[int] = []

    def keep(layer, arguments, output):
        if output.requires_grad:
            entered = arguments[0].detach()
            calls[id(layer)].append((entered.clone() if copied else entered, output))
            versions.extend((entered._version, output._version))
            return output.clone() if copied else None
        return None

    hooks = [layer.register_forward_hook(keep) for layer in layers]
    try:
        with torch.enable_grad():
            outputs = flat_outputs(module(X), len(X))
    finally:
        for hook in hooks:
            hook.remove()
    if not copied and sum(x._version + z._version for call in calls.values() for x, z in call) != sum(versions):
        return _batch(module, layers, X, weights, copied=True)
    combinations = weights(outputs.detach())
    leaving = [z for layer in layers for _, z in calls[id(layer)]]
    slopes: list[list[torch.Tensor]] = [[] for _ in leaving]
    for r in range(combinations.shape[2] if leaving else 0):
        found = torch.autograd.grad(outputs, leaving, combinations[:, :, r], retain_graph=True, allow_unused=True)
        for kept, z, slope in zip(slopes, leaving, found, strict=True):
            kept.append(torch.zeros_like(z) if slope is None else slope)
    waiting = iter(slopes)
    ordered = [[_stacked(layer, next(waiting)) for _ in calls[id(layer)]] for layer in layers]
    return _Batch([[a for a, _ in calls[id(layer)]] for layer in layers], ordered, combinations, outputs[0].detach())


def _stacked(layer: nn.Module, slopes: list[torch.Tensor]) -> torch.Tensor:
    each = [position_slopes(layer, slope) for slope in slopes]
    return each[0][:, None] if len(each) == 1 else torch.stack(each, dim=1)


def _joint(parts: list[torch.Tensor], dim: int = 0) -> torch.Tensor:
    return parts[0] if len(parts) == 1 else torch.cat(parts, dim=dim)


def _factors(layer: nn.Module, at: int, parts: list[_Batch], names: Mapping[int, str], scales) -> LayerFactors:
    """Batches one after the other; calls of a layer side by side, as positions."""
    inputs = [_joint(list(call)) for call in zip(*(part.inputs[at] for part in parts), strict=True)]
    slopes = _joint([_joint(part.slopes[at], dim=2) for part in parts])
    weight, bias = (
        float(scales.get(names[id(p)], 1.0)) if id(p) in names else None for p in (layer.weight, layer.bias)
    )
    return LayerFactors(layer, inputs, slopes, weight, bias)


def _those_that_agree(module, x: torch.Tensor, batch: _Batch, factors: list[LayerFactors]) -> list[LayerFactors]:
    """Layers whose factors give the gradient that autograd finds; others are used by more than their own call.

    Raises
    ------
    ValueError
        Where the outputs of a row change with the rows beside it.
    """
    with torch.enable_grad():
        alone = flat_outputs(module(x), 1)[0]
    first = batch.first
    if not torch.allclose(first, alone.detach(), rtol=1e-3, atol=1e-3 * float(first.abs().max())):
        raise ValueError("outputs of a row change with the rows beside it: there are no gradients of single rows")
    wanted = [p for each in factors for p in each.parameters()]
    if not wanted:
        return factors
    found = iter(torch.autograd.grad(alone @ batch.combinations[0, :, 0], wanted, allow_unused=True))
    return [each for each in factors if _agrees(each, [next(found) for _ in each.parameters()])]


def _agrees(factors: LayerFactors, exact: list[torch.Tensor | None]) -> bool:
    known = [g for g in exact if g is not None]
    return len(known) == len(exact) and all(
        float(torch.linalg.vector_norm(rest)) <= 1e-3 * float(torch.linalg.vector_norm(g))
        for rest, g in zip(factors.apart(known), known, strict=True)
    )


def _other_gradients(module, rest: list[str], X, combinations, scales, batch_size: int) -> torch.Tensor:
    """Plain gradients (rows, r, P) in the parameters that no factors are known for."""
    if not rest:
        return combinations.new_zeros((len(X), combinations.shape[2], 0))
    every = dict(module.named_parameters())
    chosen = {name: every[name].detach() for name in rest}

    def one(parameters, x):
        return functional_call(module, parameters, (x[None],)).flatten()

    rows = max(1, min(batch_size, 32))
    jacobian = vmap(jacrev(one), (None, 0), chunk_size=rows)(chosen, X)
    columns = [jacobian[name].flatten(2) * float(scales.get(name, 1.0)) ** 0.5 for name in rest]
    return torch.einsum("ncp,ncr->nrp", torch.cat(columns, dim=2), combinations).detach()

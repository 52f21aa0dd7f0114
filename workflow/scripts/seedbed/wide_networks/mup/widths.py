"""Which dimensions of a module's parameters grow with its width, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real

from seedbed.counts import whole_number
from seedbed.extras import extra

with extra("wide_networks"):
    import torch
    from torch import nn

TRANSPOSED = (
    nn.Embedding, nn.EmbeddingBag, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d,
)  # fmt: skip


@dataclass(frozen=True)
class Wide:
    """A parameter and its widths over those of the base: ``leaving`` and ``entering`` are None where it does not grow.

    ``fan_in`` is what its layer's inputs grow by, 1 where they do not: initial scales of biases follow it too.
    """

    name: str
    parameter: nn.Parameter
    leaving: float | None
    entering: float | None
    fan_in: float

    @property
    def kind(self) -> str:
        """Of the parameter: "input" (and biases) only its outputs grow, "output" only its inputs, "hidden" both."""
        if self.entering is None:
            return "fixed" if self.leaving is None else "input"
        return "output" if self.leaving is None else "hidden"


def compare(module: nn.Module, base: nn.Module | int, width: int | None) -> list[Wide]:
    """Every trained parameter against its base.

    Raises
    ------
    TypeError, ValueError
        For modules that do not match, or a width that cannot be told from the module's shapes.
    """
    if not isinstance(module, nn.Module):
        raise TypeError(f"a torch.nn.Module is needed, got {type(module).__name__}")
    shapes = _shapes_of_base(module, base) if isinstance(base, nn.Module) else _scaled_shapes(module, base, width)
    transposed = {id(part.weight) for part in module.modules() if isinstance(part, TRANSPOSED)}
    fan_in = _growth_before_biases(module, shapes, transposed)
    found = []
    for name, p in module.named_parameters():
        if not p.requires_grad:
            continue
        grown = [None if a == b else a / b for a, b in zip(p.shape, shapes[name], strict=True)]
        leaving, entering = ([*grown, None, None])[:2] if p.ndim >= 2 else (grown[0] if grown else None, None)
        if id(p) in transposed:
            leaving, entering = entering, leaving
        found.append(Wide(name, p, leaving, entering, entering or fan_in.get(id(p)) or 1.0))
    return found


def _growth_before_biases(module: nn.Module, shapes, transposed: set[int]) -> dict[int, float]:
    """What the inputs of a bias's layer grow by, by the bias."""
    found = {}
    for name, part in module.named_modules():
        weight, bias = getattr(part, "weight", None), getattr(part, "bias", None)
        base = shapes.get(f"{name}.weight" if name else "weight")
        if (
            isinstance(bias, nn.Parameter)
            and isinstance(weight, nn.Parameter)
            and weight.ndim >= 2
            and base is not None
        ):
            entering = 0 if id(weight) in transposed else 1
            found[id(bias)] = weight.shape[entering] / base[entering]
    return found


def _shapes_of_base(module: nn.Module, base: nn.Module) -> dict[str, torch.Size]:
    own, shapes = dict(module.named_parameters()), {name: p.shape for name, p in base.named_parameters()}
    if own.keys() != shapes.keys() or any(p.ndim != len(shapes[name]) for name, p in own.items()):
        odd = sorted(own.keys() ^ shapes.keys()) or [n for n, p in own.items() if p.ndim != len(shapes[n])]
        raise ValueError(f"the base module has other parameters: {odd[:5]}; build it by the same code, only narrower")
    return shapes


def _scaled_shapes(module: nn.Module, base_width: int, width: int | None) -> dict[str, list[int]]:
    """Shapes of a base of this width: all grows but what enters the first layer and leaves the last."""
    if not isinstance(base_width, Real):
        raise TypeError(f"the base must be a module or a width, got {type(base_width).__name__}")
    base_width = whole_number(base_width, "the base width")
    if any(isinstance(part, TRANSPOSED) for part in module.modules()):
        raise ValueError(
            "what grows with the width cannot be told where there are embeddings or transposed convolutions: give a"
            " base module, the same network of the base width"
        )
    layers = [(name, p) for name, p in module.named_parameters() if p.ndim >= 2]
    if len(layers) < 2:
        raise ValueError("a network of one layer has no width: there is nothing to parametrize")
    own = layers[0][1].shape[0] if width is None else whole_number(width, "width")
    first, last = layers[0][0], layers[-1][0]
    owner, _, _ = last.rpartition(".")
    fixed_bias = f"{owner}.bias" if owner else "bias"

    def shrunk(size: int) -> int:
        if (size * base_width) % own:
            raise ValueError(
                f"a layer of {size} is no whole number at the base width {base_width} (the module's width was taken as"
                f" {own}): give width=..., or a base module"
            )
        return size * base_width // own

    shapes = {}
    for name, p in module.named_parameters():
        shape = list(p.shape)
        grows = [0, 1] if p.ndim >= 2 else ([] if name == fixed_bias or p.ndim == 0 else [0])
        grows = [axis for axis in grows if not (name == first and axis == 1) and not (name == last and axis == 0)]
        for axis in grows:
            shape[axis] = shrunk(shape[axis])
        shapes[name] = shape
    return shapes

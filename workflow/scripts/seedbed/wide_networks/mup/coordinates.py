"""Whether the features of wide networks move in training as those of narrow ones do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

from seedbed.counts import whole_number, whole_numbers
from seedbed.extras import extra

from .parametrization import parametrize

if TYPE_CHECKING:
    import pandas as pd

ROWS = 64


def coordinate_check(
    make_module: Callable[[int], nn.Module],
    widths: Sequence[int],
    *,
    kind: str = "mup",
    optimizer: str = "adam",
    lr: float | None = None,
    base_width: int | None = None,
    data=None,
    loss=None,
    steps: int = 3,
    repeats: int = 3,
    random_state: int = 0,
) -> pd.DataFrame:
    r"""Size and change of every layer's outputs in the first steps of training, for networks of growing width.

    Parameters
    ----------
    make_module : callable
        A width to a module of that width, with fresh initial weights.
    widths : sequence of int
    kind, optimizer
        As in :func:`seedbed.wide_networks.parametrize`.
    lr : float, optional
        At the base width; by default 0.01 for Adam and 0.1 for SGD.
    base_width : int, optional
        By default the smallest of ``widths``.
    data : pair of array-like or Tensor, optional
        ``(X, y)`` of one batch; by default normal inputs for a first linear layer, and normal targets.
    loss : callable, optional
        ``loss(outputs, targets)``; by default cross-entropy where y is of whole numbers, and squared error otherwise.
    steps : int, default=3
    repeats : int, default=3
        Initial weights, one seed each.
    random_state : int, default=0

    Returns
    -------
    pandas.DataFrame
        ``width``, ``repeat``, ``step``, ``layer``, ``size`` (mean absolute output of the layer) and ``change`` (mean
        absolute difference from before training). Sound where the logarithm of ``change`` has the slope zero in that
        of ``width``; growing changes will explode, falling ones vanish, as in the limit of tangent kernels.

    Raises
    ------
    TypeError, ValueError
        For what makes no module, or data that cannot be guessed.

    Examples
    --------
    >>> from torch import nn
    >>> from seedbed.wide_networks import coordinate_check
    >>> make = lambda n: nn.Sequential(nn.Linear(4, n), nn.ReLU(), nn.Linear(n, 1))
    >>> coordinate_check(make, [16, 32], repeats=1, steps=1)[["width", "step", "layer"]].values.tolist()[:3]
    [[16, 0, '0'], [16, 0, '2'], [16, 1, '0']]
    """
    with extra("wide_networks"):
        import pandas as pd

    widths = whole_numbers(widths, "widths")
    steps, repeats = whole_number(steps, "steps"), whole_number(repeats, "repeats")
    base_width = min(widths) if base_width is None else whole_number(base_width, "base_width")
    if lr is None:
        lr = 0.1 if optimizer == "sgd" else 0.01
    rows = []
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        for width in widths:
            for repeat in range(repeats):
                torch.manual_seed(random_state + repeat)
                module = make_module(width)
                base = make_module(base_width)
                if not isinstance(module, nn.Module):
                    raise TypeError(f"make_module must return a torch.nn.Module, got {type(module).__name__}")
                groups = parametrize(module, base, kind, optimizer, lr=lr)
                step_of = torch.optim.Adam(groups) if optimizer == "adam" else torch.optim.SGD(groups)
                X, y = _batch(module, data, random_state)
                found = _follow(module, step_of, X, y, loss or _usual_loss(y), steps)
                rows += [(width, repeat, *row) for row in found]
    return pd.DataFrame(rows, columns=["width", "repeat", "step", "layer", "size", "change"])


def _batch(module: nn.Module, data, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    like = next(module.parameters())
    if data is not None:
        X, y = (torch.as_tensor(part) for part in data)
        cast = [part.to(like.dtype) if part.is_floating_point() else part for part in (X, y)]
        return cast[0], cast[1]
    first = next(part for part in module.modules() if not list(part.children()))
    if not isinstance(first, nn.Linear):
        raise ValueError("the first layer is no linear layer: give a batch, data=(X, y)")
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(ROWS, first.in_features, generator=generator).to(like.dtype)
    with torch.no_grad():
        shape = module(X).shape
    return X, torch.randn(shape, generator=generator).to(like.dtype)


def _usual_loss(y: torch.Tensor) -> Callable:
    return F.mse_loss if y.is_floating_point() else F.cross_entropy


def _follow(module, optimiser, X, y, loss, steps: int) -> list[tuple[int, str, float, float]]:
    start: dict[str, torch.Tensor] = {}
    rows = []
    for step in range(steps + 1):
        seen, value = _layer_outputs(module, X, y, loss)
        start = start or seen
        for name, out in seen.items():
            rows.append((step, name, float(out.abs().mean()), float((out - start[name]).abs().mean())))
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
    return rows


def _layer_outputs(module, X, y, loss) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    """What leaves each layer with weights, and the loss."""
    seen: dict[str, torch.Tensor] = {}

    def keep(name: str) -> Callable:
        def hook(_, __, output) -> None:
            seen[name] = output.detach().clone()

        return hook

    hooks = [
        part.register_forward_hook(keep(name))
        for name, part in module.named_modules()
        if isinstance(part, nn.Linear | nn.Conv1d | nn.Conv2d | nn.Conv3d)
    ]
    try:
        return seen, loss(module(X), y)
    finally:
        for hook in hooks:
            hook.remove()

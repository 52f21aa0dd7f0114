"""The tangent kernel of a network as it is, of any torch module."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from seedbed.counts import real_number, whole_number

from .checked_modules import as_inputs, check_module, trained_parameters
from .tangents import Weights, tangents

LARGEST = 20_000


def empirical_ntk(
    module,
    X,
    Y=None,
    outputs: str | int = "all",
    *,
    scales: Mapping[str, float] | None = None,
    batch_size: int = 512,
) -> np.ndarray:
    r"""Products of the gradients of outputs, :math:`\sum_\theta s_\theta\, \partial_\theta f(x)\, \partial_\theta
    f(x')`.

    Parameters
    ----------
    module : torch.nn.Module
        Its present weights count, and parameters with ``requires_grad`` alone. Batch normalisation and dropout must be
        in evaluation mode.
    X : array-like or Tensor
        n inputs, as the module takes them.
    Y : array-like or Tensor, optional
        m others; by default X.
    outputs : {"all", "trace"} or int, default="all"
        "all": every pair of the C outputs; rows and columns are ordered as (input, output). "trace": the sum over equal
        outputs. A number: this output alone.
    scales : mapping from parameter names to float, optional
        Factors of single parameters, 1 by default: ratios of learning rates, or squared multipliers where weights are
        drawn with variance one and multiplied in the network.
    batch_size : int, default=512
        Inputs that go through the network at once. What is found does not depend on it.

    Returns
    -------
    ndarray of shape (n C, m C) or (n, m)
        In the module's precision.

    Raises
    ------
    TypeError, ValueError
        For what is no module, batch normalisation in training mode, names in ``scales`` that are no parameters, NaN,
        more than 20000 rows, or outputs that are not one row for each input.

    Notes
    -----
    For linear layers and convolutions (also those that are called often) from products of what enters them and of
    derivatives of what leaves them: :math:`n^2` times the width in place of :math:`n^2` times the parameters, and no
    gradient of a single row in memory. Gradients in other parameters (embeddings, normalisation, free parameters, those
    that modules share) are taken row by row. The first row's gradient is compared with that of autograd: layers that
    do not agree, because their weights are used elsewhere too, are taken row by row as well.

    Examples
    --------
    >>> import torch
    >>> from seedbed.wide_networks import empirical_ntk
    >>> module = torch.nn.Linear(2, 1)
    >>> empirical_ntk(module, torch.tensor([[1.0, 2.0], [0.0, 3.0]])).tolist()  # x x' + 1
    [[6.0, 7.0], [7.0, 10.0]]
    """
    check_module(module)
    x = as_inputs(X, module)
    y = x if Y is None else as_inputs(Y, module, "Y")
    scales = _checked_scales(scales, module)
    batch_size = whole_number(batch_size, "batch_size")
    pick = _combinations(outputs, len(x), len(y))
    left = tangents(module, x, pick, scales, batch_size)
    right = left if Y is None else tangents(module, y, pick, scales, batch_size)
    kernel = left.gram(right, summed=outputs == "trace")
    return kernel.cpu().numpy()


def _combinations(outputs: str | int, n: int, m: int) -> Weights:
    """Which outputs are differentiated, for a kernel of n and m inputs."""

    def weights(out: torch.Tensor, rows: slice) -> torch.Tensor:
        columns = _columns(outputs, out.shape[1])
        unit = torch.eye(out.shape[1], dtype=out.dtype, device=out.device)[:, columns]
        _check_size(n, m, 1 if outputs == "trace" else unit.shape[1])
        return unit.expand(len(out), *unit.shape)

    return weights


def _columns(outputs: str | int, count: int) -> slice:
    if isinstance(outputs, str) and outputs in ("all", "trace"):
        return slice(None)
    if isinstance(outputs, int | np.integer) and not isinstance(outputs, bool) and -count <= outputs < count:
        return slice(int(outputs) % count, int(outputs) % count + 1)
    raise ValueError(f"outputs must be 'all', 'trace' or the number of one of {count} outputs, got {outputs!r}")


def _checked_scales(scales: Mapping[str, float] | None, module) -> dict[str, float]:
    scales = dict(scales or {})
    known = trained_parameters(module)
    unknown = [name for name in scales if name not in known]
    if unknown:
        raise ValueError(f"scales name parameters that are not trained: {unknown}; there are {list(known)}")
    return {
        name: real_number(s, f"scales[{name!r}]", lambda x: 0.0 <= x < np.inf, "zero or more and finite")
        for name, s in scales.items()
    }


def _check_size(n: int, m: int, count: int) -> None:
    if max(n, m) * count > LARGEST:
        memory = n * m * count**2 * 8 / 2**30
        raise ValueError(
            f"a kernel of {n * count} x {m * count} numbers needs {memory:.0f} GiB: take fewer inputs, outputs='trace'"
            " or one output, or blocks of rows with Y"
        )

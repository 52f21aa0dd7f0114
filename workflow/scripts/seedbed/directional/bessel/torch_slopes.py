"""Functions of (v, x) for autograd whose derivatives are given, and how far they go.

A derivative is a function of (v, x) itself: one more of these where it can be differentiated, or the last one, which
says so in place of being silently wrong.
"""

from __future__ import annotations

from collections.abc import Callable

from seedbed.extras import extra

with extra("grassmann"):
    import torch

__all__ = ["differentiable", "last", "torch"]


def differentiable(value: Callable, by_v: Callable, by_x: Callable) -> Callable:
    """``value(v, x)`` with these partial derivatives, also functions of (v, x), for float64 tensors of one shape."""

    class Differentiable(torch.autograd.Function):
        @staticmethod
        def forward(ctx, v, x):
            ctx.save_for_backward(v, x)
            return value(v, x)

        @staticmethod
        def backward(ctx, grad):
            v, x = ctx.saved_tensors
            needed = zip(ctx.needs_input_grad, (by_v, by_x), strict=True)
            return tuple(grad * slope(v, x) if needs else None for needs, slope in needed)

    return Differentiable.apply


class _Last(torch.autograd.Function):
    @staticmethod
    def forward(ctx, value, message, v, x):
        ctx.message = message
        return value.view_as(value)

    @staticmethod
    def backward(ctx, grad):
        raise RuntimeError(ctx.message)


def last(value: Callable, what: str) -> Callable:
    """``value(v, x)``, which is right, and refuses to be differentiated again."""
    message = f"{what} has no further derivatives here: they would be wrong. Detach what is not to be differentiated"

    def function(v, x):
        with torch.no_grad():
            found = value(v, x)
        return _Last.apply(found, message, v, x) if torch.is_grad_enabled() else found

    return function

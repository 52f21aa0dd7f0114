"""A parameter whose values are subspaces and stay subspaces, and who gets its gradient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import torch

from .restored_basis import restored_basis

__all__ = ["SubspaceModule", "SubspaceParameter", "split_parameters"]


class SubspaceParameter(torch.nn.Parameter):
    """Orthonormal bases of C subspaces of R^n, shape (C, k, n), contiguous: ``view(C * k, n)`` is a GEMM operand.

    Shorter bases end in zero rows. It belongs to :class:`~seedbed.grassmann.RiemannianSGD`, and to no other
    optimiser and no weight decay: :func:`split_parameters` tells a module's parameters apart.

    Whoever else writes to it (a mean of weights, a cast to half precision and back, a file, another optimiser) leaves
    something that is no basis any more. :meth:`settle`, which every forward pass and every step calls, makes it the
    nearest one, or refuses what cannot come from a basis.

    Attributes
    ----------
    gradient_factors : list of (tensor, tensor), or None
        None: backward passes leave their gradient in ``grad``, as usual. A list, made by an optimiser with
        ``fused=True``: they leave pairs (Q of shape (C k, B), x of shape (B, n)) instead, whose products
        ``Q @ x`` add up to the gradient. Whoever reads ``grad`` gets it, and finds the factors multiplied out.
    """

    gradient_factors: list[tuple[torch.Tensor, torch.Tensor]] | None = None
    _known: tuple | None = None  # where and in which version the values were last seen to be bases

    def settle(self) -> SubspaceParameter:
        """Make the values bases again if somebody else has written to them; itself.

        Nothing is computed if nobody has, so that this costs nothing in training.

        Raises
        ------
        ValueError
            If they are not what becomes of bases by rounding, averaging or small steps: not finite, rows longer than
            one by more than rounding, or a class that has lost a dimension.
        """
        if not torch.compiler.is_compiling() and self._known != self._mark():
            values = torch.Tensor.data.__get__(self)
            if not values.is_contiguous():
                torch.Tensor.data.__set__(self, values.contiguous())
            found = restored_basis(torch.Tensor.data.__get__(self))
            if found is not None:
                with torch.no_grad():
                    self.copy_(found)
            self.trust()
        return self

    def trust(self) -> None:
        """The values are bases now: said by who has made sure of it."""
        self._known = self._mark()

    def _mark(self) -> tuple | None:
        if self.device.type == "meta" or self.is_inference():
            return None
        return self.data_ptr(), self._version, self.dtype, tuple(self.shape)

    @property
    def data(self) -> torch.Tensor:
        """The values without autograd. They may be written to unseen, so they will be looked at again."""
        self._known = None
        return torch.Tensor.data.__get__(self)

    @data.setter
    def data(self, value: torch.Tensor) -> None:
        self._known = None
        torch.Tensor.data.__set__(self, value)

    def detach(self) -> torch.Tensor:
        """The bases without autograd, as ``state_dict`` saves them."""
        if self.device.type != "meta":
            self.settle()
        return super().detach()

    @property
    def grad(self) -> torch.Tensor | None:
        """The gradient, with the factors of ``gradient_factors`` multiplied into it."""
        factors = self.gradient_factors
        if factors:
            stored = torch.Tensor.grad.__get__(self)
            total = torch.zeros_like(self, requires_grad=False) if stored is None else stored
            for Q, x in factors:
                total.view(-1, total.shape[-1]).addmm_(Q, x)
            factors.clear()
            torch.Tensor.grad.__set__(self, total)
        return torch.Tensor.grad.__get__(self)

    @grad.setter
    def grad(self, value: torch.Tensor | None) -> None:
        if self.gradient_factors:
            self.gradient_factors.clear()
        torch.Tensor.grad.__set__(self, value)

    @grad.deleter
    def grad(self) -> None:
        self.grad = None

    def pending_gradient(self) -> torch.Tensor | list[tuple[torch.Tensor, torch.Tensor]] | None:
        """Factors if they are all there is, else the gradient, else None: what a step uses."""
        if self.gradient_factors and torch.Tensor.grad.__get__(self) is None:
            return self.gradient_factors
        return self.grad

    def __reduce_ex__(self, protocol: int) -> tuple:
        # torch would bring back a plain Parameter, which an optimiser of vectors would then decay and bend
        return SubspaceParameter, (torch.Tensor.data.__get__(self), self.requires_grad)


class SubspaceModule(torch.nn.Module):
    """A module whose parameters of these names stay subspaces, however they are loaded, cast, copied or assigned."""

    subspaces: ClassVar[tuple[str, ...]] = ()

    def register_parameter(self, name: str, param: torch.nn.Parameter | None) -> None:
        """As usual; a plain parameter in the place of subspaces becomes one of subspaces."""
        if name in self.subspaces and param is not None:
            if not isinstance(param, SubspaceParameter):
                param = SubspaceParameter(param.detach(), param.requires_grad)
            if param.device.type != "meta":
                param.settle()
        super().register_parameter(name, param)

    def __getattr__(self, name: str) -> Any:
        value = super().__getattr__(name)
        if name in self.subspaces and isinstance(value, SubspaceParameter) and value.device.type != "meta":
            value.settle()
        return value

    def _keep_subspaces(self) -> None:
        for name in self.subspaces:
            param = self._parameters.get(name)
            if type(param) is torch.nn.Parameter:  # torch has put a new one there, or changed the old one's class
                param.__class__ = SubspaceParameter
            if isinstance(param, SubspaceParameter) and param.device.type != "meta":
                param.settle()

    def _apply(self, *args: Any, **kwargs: Any) -> Any:
        result = super()._apply(*args, **kwargs)
        self._keep_subspaces()
        return result

    def _load_from_state_dict(self, *args: Any, **kwargs: Any) -> None:
        super()._load_from_state_dict(*args, **kwargs)
        self._keep_subspaces()


def split_parameters(*modules: torch.nn.Module) -> tuple[list[SubspaceParameter], list[torch.nn.Parameter]]:
    """Parameters of the modules that are subspaces, and all others.

    Examples
    --------
    >>> from seedbed.grassmann import GrassmannHead
    >>> network = torch.nn.Sequential(torch.nn.Linear(6, 5), GrassmannHead(5, 3, 2))
    >>> subspaces, others = split_parameters(network)
    >>> [tuple(p.shape) for p in subspaces], [tuple(p.shape) for p in others]
    ([(3, 2, 5)], [(5, 6), (5,)])
    """
    parameters: Iterable = [parameter for module in modules for parameter in module.parameters()]
    subspaces = [parameter for parameter in parameters if isinstance(parameter, SubspaceParameter)]
    return subspaces, [parameter for parameter in parameters if not isinstance(parameter, SubspaceParameter)]

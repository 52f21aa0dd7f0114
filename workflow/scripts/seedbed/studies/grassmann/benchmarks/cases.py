"""Benchmarks of the Grassmann study: whole training steps of a head against a linear one, and the update alone.

A step is what a head costs in training a network: logits, cross-entropy, gradients of the parameters and of the
features, and the update of the parameters, for 256 examples and eight dimensions a class. By the number of
operations it costs k = 8 linear ones. Contenders take several steps in one process, since the first one pays for
memory that is touched for the first time.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F

from seedbed.core.study import Case
from seedbed.grassmann import GrassmannHead, LinearHead, RiemannianSGD
from seedbed.grassmann.descent.subspace_update import MomentumKind
from seedbed.grassmann.geometry.manifold import orthonormality_defect, project
from seedbed.grassmann.heads.subspace_parameter import SubspaceParameter

BATCH, K, RATE, MOMENTUM = 256, 8, 0.01, 0.9
HAS_GEOOPT = importlib.util.find_spec("geoopt") is not None  # a test oracle, in requirements-dev.txt
SIZES = {(512, 100): 100, (2048, 1000): 12}  # (n, C): steps of one run


def _problem(n: int, classes: int, steps: int) -> dict[str, Any]:
    """Features, classes, heads and optimisers: nothing is drawn or imported by the clock."""
    torch.set_num_threads(1)
    if HAS_GEOOPT:
        importlib.import_module("geoopt")
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(BATCH, n, generator=generator).requires_grad_()
    y = torch.randint(0, classes, (BATCH,), generator=generator)
    head = GrassmannHead(n, classes, K, generator=generator)
    linear = LinearHead(n, classes, generator=generator)
    optimiser = RiemannianSGD([head.basis], RATE, momentum=MOMENTUM)
    return {"x": x, "y": y, "head": head, "linear": linear, "optimiser": optimiser, "steps": steps}


def _train(problem: dict, head: torch.nn.Module, optimiser: torch.optim.Optimizer) -> None:
    for _ in range(problem["steps"]):
        optimiser.zero_grad()
        problem["x"].grad = None
        F.cross_entropy(head(problem["x"]), problem["y"]).backward()
        optimiser.step()


def _ours(fused: bool, problem: dict) -> torch.Tensor:
    head, optimiser = problem["head"], problem["optimiser"]
    head.basis.gradient_factors = [] if fused else None
    _train(problem, head, optimiser)
    return head.basis.detach()


def _linear(problem: dict) -> None:
    """Softmax regression with momentum and weight decay."""
    linear = problem["linear"]
    _train(problem, linear, torch.optim.SGD(linear.parameters(), RATE, MOMENTUM, weight_decay=1e-4))


class _PlainHead(torch.nn.Module):
    """The same logits from columns, as the peers keep them, by torch's own gradients."""

    def __init__(self, columns: torch.nn.Parameter) -> None:
        super().__init__()
        self.columns = columns

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        classes, n, k = self.columns.shape
        products = F.normalize(x, dim=-1) @ self.columns.mT.reshape(classes * k, n).T
        return 25.0 * products.view(-1, classes, k).norm(dim=-1)


def _geoopt(problem: dict) -> torch.Tensor:
    """geoopt's Riemannian descent on the Stiefel manifold with the Euclidean metric: the same gradient."""
    import geoopt

    start = problem["head"].basis.detach().mT.contiguous()
    parameter = geoopt.ManifoldParameter(start, manifold=geoopt.EuclideanStiefel())
    _train(problem, _PlainHead(parameter), geoopt.optim.RiemannianSGD([parameter], RATE, MOMENTUM))
    return parameter.detach().mT


class _SvdDescent(torch.optim.Optimizer):
    """The scheme of the authors' released code: ambient momentum, thin decomposition, QR at every fifth step."""

    def __init__(self, parameters: list[torch.nn.Parameter]) -> None:
        super().__init__(parameters, {})

    @torch.no_grad()
    def step(self) -> None:
        for parameter in self.param_groups[0]["params"]:
            state = self.state[parameter]
            count = state["step"] = state.get("step", -1) + 1
            momentum = state.setdefault("momentum_buffer", torch.zeros_like(parameter))
            momentum.mul_(MOMENTUM).add_(parameter.grad)
            X = -RATE * project(parameter.mT, momentum.mT)
            U, s, Vt = torch.linalg.svd(X, full_matrices=False)
            rows = U @ (torch.cos(s)[..., None] * (U.mT @ parameter.mT) + torch.sin(s)[..., None] * Vt)
            parameter.copy_(rows.mT)
            if count % 5 == 0:
                parameter.copy_(torch.linalg.qr(parameter).Q)


def _released_scheme(problem: dict) -> torch.Tensor:
    parameter = torch.nn.Parameter(problem["head"].basis.detach().mT.contiguous())
    _train(problem, _PlainHead(parameter), _SvdDescent([parameter]))
    return parameter.detach().mT


def _defect(problem: dict, basis: torch.Tensor | None) -> float:
    return float("nan") if basis is None else orthonormality_defect(basis.double())


def _step_case(n: int, classes: int, target: float, more_targets: dict[str, float]) -> Case:
    """Whole steps; ``target`` is against the linear head."""
    contenders = {name: contender for name, contender in STEP.items() if HAS_GEOOPT or name != "geoopt"}
    return Case(
        name=f"step_n{n}_c{classes}",
        problem=partial(_problem, n, classes, SIZES[n, classes]),
        contenders=contenders,
        accuracy=_defect,
        accuracy_label="orthonormality defect after the last step",
        peer="linear",
        target=target,
        more_targets={name: value for name, value in more_targets.items() if name in contenders},
        repeats=5,
    )


def _update_problem(n: int, classes: int) -> dict[str, Any]:
    """A basis with a gradient from one backward pass."""
    problem = _problem(n, classes, SIZES[n, classes])
    F.cross_entropy(problem["head"](problem["x"]), problem["y"]).backward()
    return problem


def _update_alone(problem: dict) -> torch.Tensor:
    for _ in range(problem["steps"]):
        problem["optimiser"].step()
    return problem["head"].basis.detach()


def _update_of_kind(kind: MomentumKind, problem: dict) -> torch.Tensor:
    basis = SubspaceParameter(problem["head"].basis.detach())
    basis.grad = problem["head"].basis.grad
    optimiser = RiemannianSGD([basis], RATE, momentum=MOMENTUM, momentum_kind=kind)
    for _ in range(problem["steps"]):
        optimiser.step()
    return basis.detach()


STEP = {
    "fused": partial(_ours, True),
    "gradient kept": partial(_ours, False),
    "linear": _linear,
    "geoopt": _geoopt,
    "released scheme": _released_scheme,
}
CASES = (
    _step_case(512, 100, 1 / 9.5, {}),
    _step_case(2048, 1000, 1 / 11, {"geoopt": 3.0}),
    *(
        Case(
            name=f"update_n{n}_c{classes}",
            problem=partial(_update_problem, n, classes),
            contenders={
                "update alone": _update_alone,
                "whole step": partial(_ours, False),
                "projected momentum": partial(_update_of_kind, "projected"),
                "transported momentum": partial(_update_of_kind, "transported"),
            },
            accuracy=_defect,
            accuracy_label="orthonormality defect after the last step",
            peer="whole step",
            target=1 / 0.3,
            repeats=3,
        )
        for n, classes in SIZES
    ),
)

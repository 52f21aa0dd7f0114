"""Kernels and curvature of torch modules: problems, contenders and how far they are from the truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from seedbed.wide_networks.curvature.batches import batch_extremes
from seedbed.wide_networks.curvature.extremes import hessian_extremes
from seedbed.wide_networks.finite_width.empirical_kernel import empirical_ntk

Problem = dict[str, Any]
LOSS = torch.nn.functional.cross_entropy


def _network(width: int, n_inputs: int, n_outputs: int) -> torch.nn.Sequential:
    torch.manual_seed(0)
    layers = [torch.nn.Linear(n_inputs, width), torch.nn.ReLU(), torch.nn.Linear(width, width), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, n_outputs)).eval()


def kernel_problem(n: int, width: int) -> Problem:
    """Points in 10 dimensions and a network of one output with two hidden layers."""
    torch.set_num_threads(1)
    problem = {"module": _network(width, 10, 1), "X": torch.randn(n, 10, generator=torch.Generator().manual_seed(1))}
    for contender in (factorised, jacobians):
        contender({**problem, "X": problem["X"][:4]})
    return problem


def factorised(problem: Problem) -> np.ndarray:
    """Layer by layer, without Jacobians."""
    return empirical_ntk(problem["module"], problem["X"])


def jacobians(problem: Problem) -> np.ndarray:
    """torch.func: all Jacobians, and one product of them."""
    module = problem["module"]
    parameters = {name: one.detach() for name, one in module.named_parameters()}

    def output(values: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(module, values, (x[None],))[0, 0]

    found = torch.func.vmap(torch.func.grad(output), (None, 0))(parameters, problem["X"])
    J = torch.cat([one.flatten(1) for one in found.values()], dim=1)
    return (J @ J.T).numpy()


def kernel_error(problem: Problem, found: np.ndarray) -> float:
    """Largest error, relative to the largest entry, against Jacobians in double precision."""
    truth = jacobians({"module": problem["module"].double(), "X": problem["X"].double()})
    problem["module"].float()
    return float(np.abs(found - truth).max() / np.abs(truth).max())


# ---- curvature of a small classifier of digits


def curvature_problem(k: int = 1, tol: float = 1e-3, n_batches: int = 24, size: int = 16) -> Problem:
    """A network of 2410 parameters after 60 steps on 1024 digits, in double precision; batches of 16 rows."""
    from sklearn.datasets import load_digits

    torch.set_num_threads(1)
    torch.manual_seed(0)
    pixels, labels = load_digits(return_X_y=True)
    rng = np.random.default_rng(0)
    rows = rng.permutation(len(labels))[:1024]
    X = torch.tensor((pixels[rows] - pixels[rows].mean(axis=0)) / 8)
    y = torch.tensor(labels[rows])
    module = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10)).double().eval()
    optimiser = torch.optim.SGD(module.parameters(), 0.1)
    for _ in range(60):
        batch = torch.tensor(rng.integers(0, 1024, 64))
        optimiser.zero_grad()
        LOSS(module(X[batch]), y[batch]).backward()
        optimiser.step()
    draws = np.random.RandomState(0)  # the batches of batch_extremes
    batches = [torch.tensor(draws.choice(1024, size, replace=False)) for _ in range(n_batches)]
    return {"module": module, "X": X, "y": y, "k": k, "tol": tol, "batches": batches}


def lanczos_top(problem: Problem) -> np.ndarray:
    """The k largest eigenvalues of the Hessian by Lanczos, falling."""
    found = hessian_extremes(
        problem["module"], LOSS, (problem["X"], problem["y"]), problem["k"], "largest", tol=problem["tol"]
    )
    return np.sort(found.largest)[::-1]


def power_top(problem: Problem, most: int = 1000, tighter: float = 1.0) -> np.ndarray:
    """The same by power iteration and deflation, as PyHessian does it: until a value changes by less than ``tol``.

    That is no bound of its error, as Lanczos's is: what comes nearer to equal accuracy is ``tol`` times ``tighter``.
    """
    parameters = list(problem["module"].parameters())
    generator = torch.Generator().manual_seed(0)
    loss = LOSS(problem["module"](problem["X"]), problem["y"])
    slopes = torch.autograd.grad(loss, parameters, create_graph=True)
    vectors: list[list[torch.Tensor]] = []
    values = []
    for _ in range(problem["k"]):
        v = _unit([torch.randn(p.shape, generator=generator, dtype=p.dtype) for p in parameters], vectors)
        value = None
        for _ in range(most):
            product = list(torch.autograd.grad(slopes, parameters, v, retain_graph=True))
            new = float(sum((a * b).sum() for a, b in zip(product, v, strict=True)))
            v = _unit(product, vectors)
            if value is not None and abs(new - value) < tighter * problem["tol"] * abs(new):
                break
            value = new
        values.append(new)
        vectors.append(v)
    return np.sort(values)[::-1]


def _unit(v: list[torch.Tensor], found: list[list[torch.Tensor]]) -> list[torch.Tensor]:
    """Orthogonal to what was found, of length one."""
    for other in found:
        along = sum((a * b).sum() for a, b in zip(v, other, strict=True))
        v = [a - along * b for a, b in zip(v, other, strict=True)]
    length = sum((a * a).sum() for a in v) ** 0.5
    return [a / length for a in v]


def top_error(problem: Problem, found: np.ndarray) -> float:
    """Largest relative error, against Lanczos to 1e-10."""
    truth = lanczos_top({**problem, "tol": 1e-10})
    return float(np.abs(found / truth - 1.0).max())


def gram_of_batches(problem: Problem) -> np.ndarray:
    """The largest eigenvalue of every batch's Gauss-Newton matrix, from Gram matrices: of the batches that it draws."""
    data, size, repeats = (problem["X"], problem["y"]), len(problem["batches"][0]), len(problem["batches"])
    table = batch_extremes(problem["module"], LOSS, data, [size], repeats, curvature="ggn", random_state=0)
    return table["largest"].to_numpy()


def products_of_batches(problem: Problem) -> np.ndarray:
    """The same by Lanczos on products of torch.func: forward, the softmax's matrix, backward."""
    from scipy.sparse.linalg import LinearOperator, eigsh

    module = problem["module"]
    names = [name for name, _ in module.named_parameters()]
    parameters = tuple(one.detach() for one in module.parameters())
    size, start = sum(one.numel() for one in parameters), np.random.default_rng(0)
    found = []
    for rows in problem["batches"]:
        X = problem["X"][rows]

        def outputs(*values: torch.Tensor, X: torch.Tensor = X) -> torch.Tensor:
            return torch.func.functional_call(module, dict(zip(names, values, strict=True)), (X,))

        z, back, *_ = torch.func.vjp(outputs, *parameters)
        p = torch.softmax(z, -1)

        def product(v: np.ndarray, f=outputs, p: torch.Tensor = p, back=back) -> np.ndarray:
            parts = torch.split(torch.tensor(v.ravel()), [one.numel() for one in parameters])
            tangents = tuple(part.reshape(one.shape) for part, one in zip(parts, parameters, strict=True))
            along = torch.func.jvp(f, parameters, tangents)[1]
            weighted = p * (along - (p * along).sum(-1, keepdim=True)) / len(p)
            return torch.cat([one.flatten() for one in back(weighted)]).numpy()

        operator = LinearOperator((size, size), matvec=product, dtype=float)  # pyright: ignore[reportCallIssue]
        v0 = start.standard_normal(size)
        found.append(eigsh(operator, k=1, which="LA", tol=1e-6, v0=v0, return_eigenvectors=False)[0])
    return np.array(found)


def batches_error(problem: Problem, found: np.ndarray) -> float:
    """Largest relative distance to the dense Gauss-Newton matrices' eigenvalues, by explicit Jacobians."""
    module = problem["module"]
    parameters = {name: one.detach() for name, one in module.named_parameters()}

    def output(values: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(module, values, (x[None],))[0]

    truth = []
    for rows in problem["batches"][:3]:
        X = problem["X"][rows]
        jacobians = torch.func.vmap(torch.func.jacrev(output), (None, 0))(parameters, X)
        J = torch.cat([one.flatten(2) for one in jacobians.values()], dim=2)
        p = torch.softmax(module(X).detach(), -1)
        S = torch.diag_embed(p) - p[:, :, None] * p[:, None, :]
        matrix = torch.einsum("ncp,ncd,ndq->pq", J, S, J) / len(rows)
        truth.append(float(torch.linalg.eigvalsh(matrix)[-1]))
    return float(np.abs(found[: len(truth)] / truth - 1.0).max())

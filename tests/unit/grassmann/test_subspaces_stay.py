"""Subspaces stay subspaces, whatever torch does to parameters; gradients in factors reach the step they belong to."""

from __future__ import annotations

import copy
import io
import pickle

import pytest
import torch
from seedbed.grassmann import GrassmannHead, RiemannianSGD
from seedbed.grassmann.geometry.manifold import orthonormality_defect
from seedbed.grassmann.heads.subspace_parameter import SubspaceParameter, split_parameters
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

N, C, K, B = 12, 5, 3, 24


def head_of(seed=0, dims=K, dtype=None):
    return GrassmannHead(N, C, dims, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def batch(seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(B, N, generator=generator), torch.randint(0, C, (B,), generator=generator)


def descend(head, optimiser, steps=5, seed=0):
    for step in range(steps):
        x, y = batch(seed + step)
        optimiser.zero_grad()
        head.loss(x.to(head.basis.dtype), y).backward()
        optimiser.step()


def is_subspace(head, tolerance=1e-5):
    return isinstance(head.basis, SubspaceParameter) and orthonormality_defect(head.basis) < tolerance


def averaged(**settings):
    head = head_of()
    optimiser, mean = RiemannianSGD([head.basis], 0.5), AveragedModel(head, **settings)
    for step in range(6):
        descend(head, optimiser, 3, step)
        mean.update_parameters(head)
    return mean.module


def loaded(**settings):
    state = {name: value.clone() for name, value in head_of(1).state_dict().items()}
    head = head_of()
    head.load_state_dict(state, **settings)
    torch.testing.assert_close(head.basis.detach(), state["basis"], rtol=0, atol=0)
    return head


def loaded_mean():
    first, second = head_of(0), head_of(0)
    descend(second, RiemannianSGD([second.basis], 0.5))
    head, states = head_of(2), (first.state_dict(), second.state_dict())
    head.load_state_dict({name: (states[0][name] + states[1][name]) / 2 for name in states[0]})
    return head


def moving_average_through_data():
    head, model = head_of(), head_of()
    optimiser = RiemannianSGD([model.basis], 0.5)
    for step in range(5):
        descend(model, optimiser, 2, step)
        for mean, new in zip(head.parameters(), model.parameters(), strict=True):
            mean.data.mul_(0.7).add_(new.data, alpha=0.3)
    return head


def assigned():
    head = head_of()
    head.basis = torch.nn.Parameter(head_of(3).basis.detach().clone())
    return head


def with_flag(flag, action):
    switch = getattr(torch.__future__, flag)
    switch(True)
    try:
        return action()
    finally:
        switch(False)


def through_a_file():
    file = io.BytesIO()
    torch.save(head_of(), file)
    file.seek(0)
    return torch.load(file, weights_only=False)


WAYS = {
    "deepcopy": lambda: copy.deepcopy(head_of()),
    "pickle": lambda: pickle.loads(pickle.dumps(head_of())),
    "torch.save": through_a_file,
    "load": loaded,
    "load with assign": lambda: loaded(assign=True),
    "load a mean": loaded_mean,
    "load by swapping": lambda: with_flag("set_swap_module_params_on_conversion", loaded),
    "mean of weights": averaged,
    "moving average": lambda: averaged(multi_avg_fn=get_ema_multi_avg_fn(0.8)),
    "with buffers": lambda: averaged(use_buffers=True),
    "moving average through data": moving_average_through_data,
    "assigned": assigned,
    "half and back": lambda: head_of().half().float(),
    "bfloat16 and back": lambda: head_of().bfloat16().float(),
    "overwritten": lambda: with_flag("set_overwrite_module_params_on_conversion", lambda: head_of().half().float()),
    "swapped": lambda: with_flag("set_swap_module_params_on_conversion", lambda: head_of().half().float()),
    "inside a network": lambda: torch.nn.Sequential(torch.nn.Linear(3, N), head_of()).half().float()[1],
    "padded": lambda: copy.deepcopy(head_of(dims=[1, 2, 3, 2, 1]).half()).float(),
}


@pytest.mark.parametrize("way", WAYS)
def test_subspaces_stay_subspaces(way):
    head = WAYS[way]()
    assert is_subspace(head)
    assert [*map(type, split_parameters(head)[0])] == [SubspaceParameter]
    descend(head, RiemannianSGD([head.basis], 0.1))
    assert is_subspace(head)


def test_casts_are_as_good_as_their_numbers():
    assert is_subspace(head_of().double(), 1e-14)
    for dtype, tolerance in ((torch.float16, 3e-3), (torch.bfloat16, 3e-2)):
        head = head_of().to(dtype)
        assert head.basis.dtype == dtype and orthonormality_defect(head.basis.detach().double()) < tolerance
        assert head(batch()[0].to(dtype)).dtype == dtype
        with pytest.raises(ValueError, match="float32 or float64"):
            RiemannianSGD([head.basis], 0.1)
    head = head_of()
    optimiser = RiemannianSGD([head.basis], 0.1)
    head.bfloat16()
    with pytest.raises(ValueError, match="float32 or float64"):
        descend(head, optimiser, 1)


def test_what_nobody_wrote_to_keeps_its_bits():
    head = head_of()
    descend(head, RiemannianSGD([head.basis], 0.3), 7)
    bits = torch.Tensor.data.__get__(head.basis).clone()
    head(batch()[0])
    head.load_state_dict(copy.deepcopy(head.state_dict()))
    assert torch.equal(copy.deepcopy(head).basis.detach(), bits) and torch.equal(head.basis.detach(), bits)


def test_a_mean_spans_what_the_mean_of_the_matrices_spans():
    head = head_of(dtype=torch.float64)
    mean = 0.6 * head.basis.detach() + 0.1 * torch.randn(C, K, N, dtype=torch.float64)
    mean *= 0.9 / torch.linalg.matrix_norm(mean, 2)[:, None, None]
    with torch.no_grad():
        head.basis.copy_(mean)
    head(batch()[0].double())
    W = head.basis.detach()
    assert is_subspace(head, 1e-14)
    torch.testing.assert_close(mean @ W.mT @ W, mean)  # the same space
    product = mean @ W.mT  # the nearest basis of it: symmetric and positive
    torch.testing.assert_close(product, product.mT)
    assert torch.linalg.eigvalsh(product).min() > 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (torch.randn(C, K, N) * 3, "must be orthonormal"),
        (torch.full((C, K, N), 0.1), "must be orthonormal"),  # one direction, three times
        (torch.full((C, K, N), float("nan")), "must be orthonormal"),
        (torch.eye(N)[None].repeat(C, 1, 1)[:, :K] * 2, "eigenvalues from 4 to 4"),
        (torch.zeros(C, K, N), "class 0 are all there is"),
        (torch.eye(N)[None].repeat(C, 1, 1)[:, :K] * (torch.arange(K) > 0)[:, None], "class 0 are not last"),
    ],
)
def test_what_is_no_basis_is_refused_at_the_next_use(values, message):
    head = head_of()
    optimiser = RiemannianSGD([head.basis], 0.1)
    descend(head, optimiser, 1)
    head.basis.data.copy_(values)
    for use in (lambda: head(batch()[0]), optimiser.step, head.state_dict, lambda: RiemannianSGD([head.basis], 0.1)):
        with pytest.raises(ValueError, match=message):
            use()
    with pytest.raises(ValueError, match=message):
        head_of().basis = torch.nn.Parameter(values)
    with pytest.raises(ValueError, match=message):
        head_of().load_state_dict({**head_of().state_dict(), "basis": values})


def test_functional_calls_take_bases_alone():
    head, (x, _) = head_of(), batch()
    other = head_of(1).basis.detach().clone()
    expected = head_of(1)(x)
    torch.testing.assert_close(torch.func.functional_call(head, {"basis": other}, x), expected)
    with pytest.raises(ValueError, match="orthonormal"):
        torch.func.functional_call(head, {"basis": 2 * other}, x)


@pytest.mark.slow
def test_compiled_and_exported_heads():
    head, (x, _) = head_of(), batch()
    torch.testing.assert_close(torch.compile(head, backend="eager")(x), head(x))
    torch.testing.assert_close(torch.export.export(head, (x,)).module()(x), head(x))


def two_heads():
    heads = [head_of(dtype=torch.float64) for _ in range(2)]
    return [
        (head, RiemannianSGD([head.basis], 0.3, fused=fused)) for head, fused in zip(heads, (False, True), strict=True)
    ]


def adversarial(head, x, y):
    moved = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(head.loss(moved, y), moved)
    head.loss(x + 0.1 * gradient.sign(), y).backward()


def twice_through_one_graph(head, x, y):
    moved = x.clone().requires_grad_()
    loss = head.loss(moved, y)
    torch.autograd.grad(loss, moved, retain_graph=True)
    loss.backward()


def cleared_by_the_module(head, x, y):
    head.loss(x.flip(0), y).backward()
    torch.nn.Sequential(head).zero_grad()
    head.loss(x, y).backward()


def set_to_none(head, x, y):
    head.loss(x.flip(0), y).backward()
    head.basis.grad = None
    head.loss(x, y).backward()


def gradient_of_the_basis(head, x, y):
    (gradient,) = torch.autograd.grad(head.loss(x.flip(0), y), head.basis)
    assert gradient.abs().max() > 0
    head.loss(x, y).backward()


def of_other_inputs(head, x, y):
    moved = x.clone().requires_grad_()
    head.loss(moved, y).backward(inputs=[moved])
    head.loss(x, y).backward()


def with_a_penalty(head, x, y):
    (head.loss(x, y) + (head.basis[:, :, 0] ** 4).sum()).backward()


def clipped(head, x, y):
    head.loss(x, y).backward()
    torch.nn.utils.clip_grad_norm_(head.parameters(), 0.05)


def accumulated(head, x, y):
    head.loss(x, y).backward()
    head.loss(x.flip(0), y).backward()


def read_and_accumulated(head, x, y):
    head.loss(x, y).backward()
    assert head.basis.grad is not None
    head.loss(x.flip(0), y).backward()


@pytest.mark.parametrize(
    "pattern",
    [
        adversarial, twice_through_one_graph, cleared_by_the_module, set_to_none, gradient_of_the_basis,
        of_other_inputs, with_a_penalty, clipped, accumulated, read_and_accumulated,
    ],
    ids=lambda pattern: pattern.__name__,
)  # fmt: skip
def test_factors_are_the_gradient_and_nothing_else(pattern):
    ends = []
    for head, optimiser in two_heads():
        for seed in range(3):
            x, y = batch(seed)
            optimiser.zero_grad()
            pattern(head, x.double(), y)
            optimiser.step()
        ends.append(head.basis.detach())
    torch.testing.assert_close(*ends, rtol=1e-12, atol=1e-13)

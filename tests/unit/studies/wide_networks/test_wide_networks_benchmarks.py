"""The benchmark's contenders solve one problem: small sizes, no clock."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.studies.wide_networks.benchmarks import cases, kernels, torch_modules


def test_cases_have_a_peer_and_a_target() -> None:
    assert len({case.name for case in cases.CASES}) == len(cases.CASES)
    for case in cases.CASES:
        assert case.peer in case.contenders and list(case.contenders).index(case.peer) > 0
        assert case.target is not None and case.target > 1


@pytest.mark.parametrize(("depth", "everywhere"), [(3, False), (12, False), (6, True)])
def test_matrices_agree(depth: int, everywhere: bool) -> None:
    problem = kernels.matrix_problem(30, depth, everywhere=everywhere)
    found = kernels.ours(problem)
    assert kernels.matrix_error(problem, found) < 1e-12
    np.testing.assert_allclose(kernels.textbook(problem), found, rtol=1e-5)


@pytest.mark.slow
def test_matrices_of_gelu_networks_agree() -> None:
    problem = kernels.matrix_problem(8, 1, "gelu")
    assert kernels.matrix_error(problem, kernels.ours(problem)) < 1e-12
    assert 1e-9 < kernels.matrix_error(problem, kernels.quadrature(problem)) < 1e-3


def test_tuned_models_and_curves_are_judged() -> None:
    problem = kernels.tuning_problem(100)
    assert kernels.wrong_share(problem, kernels.left_out(problem)) < 0.2
    problem = kernels.curve_problem(64, 40)
    assert kernels.curve_error(problem, kernels.drawn_curves(problem, 400)) < 0.5


def test_kernels_of_torch_modules_agree() -> None:
    problem = torch_modules.kernel_problem(8, 16)
    for contender in (torch_modules.factorised, torch_modules.jacobians):
        assert torch_modules.kernel_error(problem, contender(problem)) < 1e-5


@pytest.mark.slow
def test_curvature_agrees() -> None:
    problem = torch_modules.curvature_problem(2, 1e-6, n_batches=2, size=8)
    for contender in (torch_modules.lanczos_top, torch_modules.power_top):
        assert torch_modules.top_error(problem, contender(problem)) < 1e-2
    for contender in (torch_modules.gram_of_batches, torch_modules.products_of_batches):
        assert torch_modules.batches_error(problem, contender(problem)) < 1e-5

"""The benchmark's contenders solve one problem: small sizes, no clock."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.studies.diffusion.benchmarks import cases, limits_and_dimensions


def test_cases_have_a_peer_and_a_target() -> None:
    assert len({case.name for case in cases.CASES}) == len(cases.CASES) == 10
    for case in cases.CASES:
        assert next(iter(case.contenders)) == "ours" and case.peer in case.contenders and case.target > 1


def test_denoisers_agree() -> None:
    pytest.importorskip("torch")
    problem = cases.denoising((0.25, 2.0), 12)
    for contender in (cases._ours, cases._torch_cdist, cases._torch_gemm):
        assert cases.denoising_error(problem, contender(problem)) < 1e-11


def test_densities_along_the_flow_agree() -> None:
    pytest.importorskip("torch")
    problem = cases.density(4)
    one, other = cases._closed_form(problem), cases._autograd(problem)
    np.testing.assert_allclose(one, other, atol=1e-9)
    assert cases.density_error(problem, one) < 1e-3


@pytest.mark.slow
def test_paths_limits_and_directions_are_judged() -> None:
    problem = limits_and_dimensions.separated()
    paths = [contender(problem) for contender in dict(cases.CASES[5].contenders).values()]
    assert all(limits_and_dimensions.path_error(problem, path) < 5e-3 for path in paths)
    limits = {"steps": (6,)}
    assert limits_and_dimensions.limit_error(limits, limits_and_dimensions.closed_limits(limits)) < 1e-6
    free = cases.overhead(5)
    assert cases.sampling_error(free, cases._flow(free)) < 1e-12

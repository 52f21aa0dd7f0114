"""Samplers: a run over the grid of a replicate, or over several grids for the order of convergence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.core.errors import SkipFit
from seedbed.diffusion.noise_grids import karras_grid
from seedbed.studies.diffusion.data.laws import law_of

Arrays = Mapping[str, np.ndarray]
EVALUATIONS_A_STEP = {"heun": 2, "rk4": 4}


def sample(sampler: Any, data: Arrays) -> dict[str, np.ndarray]:
    """The samples of a run and its evaluations; for a smooth law the ends over its grids.

    Parameters
    ----------
    sampler : object
        With ``sample(law, y, grid)`` and, after it, ``n_evaluations_``; or with ``compare(law, data)``, a table.
    data : mapping
        Arrays of a replicate of :mod:`seedbed.studies.diffusion.data.sampling`.

    Raises
    ------
    SkipFit
        If the sampler takes more evaluations than there are, or compares samplers and the law is smooth.
    """
    law = law_of(data)
    extra = _extra_evaluations(sampler)
    with np.errstate(over="ignore", invalid="ignore"):
        if "evaluations" in data:
            return _ladder(sampler, law, data, extra)
        if extra:
            few = len(data["grid"]) - 1
            raise SkipFit(f"a consistent start takes {extra} evaluations more than steps; here are {few}")
        if hasattr(sampler, "compare"):
            return sampler.compare(law, data)
        samples = sampler.sample(law, data["noise"], _grid(sampler, data))
    return {"samples": samples, "n_evaluations": np.array(sampler.n_evaluations_)}


def _extra_evaluations(sampler: Any) -> int:
    return 3 * (sampler.order - 1) if getattr(sampler, "start", "") == "consistent" else 0


def _grid(sampler: Any, data: Arrays) -> np.ndarray:
    """Levels for as many evaluations: a step of Heun's method takes two. The oracle has ten times as many."""
    return data[{"heun": "half_grid", "rk4": "long_grid"}.get(getattr(sampler, "solver", ""), "grid")]


def _ladder(sampler: Any, law: Any, data: Arrays, extra: int) -> dict[str, np.ndarray]:
    if hasattr(sampler, "compare"):
        raise SkipFit("artefacts are compared under guidance; this law is smooth")
    each = EVALUATIONS_A_STEP.get(getattr(sampler, "solver", ""), 1)
    steps = (data["evaluations"] - extra) // each
    ends = [sampler.sample(law, data["noise"], karras_grid(int(n), *data["ends"])) for n in steps]
    return {"ends": np.stack(ends), "steps": steps, "n_evaluations": np.array(sampler.n_evaluations_)}

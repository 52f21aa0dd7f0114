"""Fields: samples and densities along their flow, the gauge condition, and their distance from the score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from seedbed.diffusion.fields.flow_density import flow_log_density
from seedbed.diffusion.fields.gauge import gauge_residual
from seedbed.diffusion.noise_grids import geometric_grid
from seedbed.diffusion.solvers.one_step import runge_kutta
from seedbed.studies.diffusion.data.laws import law_of

Arrays = Mapping[str, np.ndarray]
STEPS = 60


def flow_along(asked: Any, data: Arrays, seed: int) -> dict[str, np.ndarray]:
    """Run exact draws at the highest level down a field, and integrate densities along it.

    Parameters
    ----------
    asked : object
        With ``build(law, norm, seed)``, which returns the field; or with ``values``, which is all that is kept then.
    data : mapping
        Arrays of a replicate of :mod:`seedbed.studies.diffusion.data.fields`.
    seed : int
        Of the field.
    """
    law, sigma = law_of(data), float(data["ends"][1])
    field = asked.build(law, float(data["norm"]), seed)
    if hasattr(asked, "values"):
        return {"values": asked.values(field, data["train"], data["points"], sigma)}
    grid = geometric_grid(STEPS, *data["ends"])

    def rate(y: np.ndarray, level: float) -> np.ndarray:
        at = float(np.exp(level))
        return -(at**2) * field(y, at)

    y = data["start"]
    with np.errstate(over="ignore", invalid="ignore"):
        for start, end in zip(np.log(grid[:-1]), np.log(grid[1:]), strict=True):
            y = runge_kutta(rate, y, float(start), float(end))
        return {
            "samples": y,
            "log_density": flow_log_density(law, data["points"], grid, field),
            "residual": gauge_residual(field, law, data["points"], sigma),
            "values": field(data["points"], sigma),
        }

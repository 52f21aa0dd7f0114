"""A generator of any study, asked as the engine asks it."""

from __future__ import annotations

from typing import Any

import numpy as np
from seedbed.core.planning.entry_plans import ScenarioPlan
from seedbed.core.study import Generator, load_target


def drawn(generator: Generator, rng: np.random.Generator, **params: Any) -> dict[str, np.ndarray]:
    """One replicate; what the generator raises is raised."""
    function = load_target(generator.function)
    return function(**params).draw(rng) if isinstance(function, type) else function(rng, **params)


def messages(generator: Generator, **params: Any) -> list[str]:
    """What the generator says is wrong with its parameters."""
    return ScenarioPlan("asked", generator.function, params, "", generator.check).messages()

"""Small draws of the reduction study's scenarios."""

from __future__ import annotations

import numpy as np
from seedbed.core.study import load_target
from seedbed.studies.reduction.scenarios import GENERATORS


def draw(name, seed=0, **params):
    return load_target(GENERATORS[name].function)(**params).draw(np.random.default_rng(seed))


def check(name, **params):
    return load_target(GENERATORS[name].function)(**params).messages()

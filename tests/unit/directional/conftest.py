"""Points of the (v, x) plane and their exact values, shared by the accuracy tests."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from seedbed.studies.directional.data import exact_values
from seedbed.studies.directional.data.order_and_argument import draw_points

# the optional torch functions are tested where torch is installed
collect_ignore = [] if importlib.util.find_spec("torch") else ["test_torch_bessel.py"]

SEEDS = (20261124, 7)


@pytest.fixture(scope="session", params=SEEDS)
def plane(request):
    """Three hundred points of all regions, with exact log I, log K and ratio."""
    rng = np.random.default_rng(request.param)
    v, x = draw_points(rng, 300)
    exact = {name: exact_values.tabulate(name, v, x) for name in exact_values.EXACT}
    return {"v": v, "x": x, **exact}

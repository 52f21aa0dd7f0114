"""Generator of points of the (v, x) plane with the exact values there."""

from __future__ import annotations

from typing import Literal

import numpy as np

from seedbed.directional import truth
from seedbed.directional.plane import REGIONS, draw_points

Function = Literal["iv", "kv", "ratio"]


def plane_points(
    rng: np.random.Generator, *, function: Function = "iv", region: str = "mixed", n_points: int = 400
) -> dict[str, np.ndarray]:
    """Points of one region, and log I, log K or the ratio at fifty digits.

    Parameters
    ----------
    rng : Generator
    function : {"iv", "kv", "ratio"}
    region : str
        A key of ``seedbed.directional.plane.REGIONS``, or "mixed" for all of them.
    n_points : int
        About one to five milliseconds each.

    Returns
    -------
    dict
        ``function``, ``v``, ``x``, ``exact`` and ``exact_low`` (two doubles), ``ratio`` I_{v+1}/I_v.
    """
    v, x = draw_points(rng, n_points) if region == "mixed" else REGIONS[region](rng, n_points)
    x = np.maximum(x, 1e-300)
    high, low = truth.tabulate(function, v, x)
    ratio = high if function == "ratio" else truth.tabulate("ratio", v, x)[0]
    return {"function": np.array(function), "v": v, "x": x, "exact": high, "exact_low": low, "ratio": ratio}


def check_plane_points(*, function: str = "iv", region: str = "mixed", n_points: int = 400) -> list[str]:
    """Messages for values that the generator cannot work with."""
    messages = []
    if region != "mixed" and region not in REGIONS:
        messages.append(f"unknown region '{region}'; known are mixed, {', '.join(REGIONS)}")
    if n_points < 1:
        messages.append(f"n_points must be positive, got {n_points}")
    return messages

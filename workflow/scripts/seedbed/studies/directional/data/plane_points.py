"""Generator of points of the (v, x) plane with the exact values there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from . import exact_values
from .order_and_argument import REGIONS, draw_points

Function = Literal["iv", "kv", "ratio"]


@dataclass(frozen=True, kw_only=True)
class PlanePoints:
    """Points of one region, and log I, log K or the ratio at fifty digits.

    Parameters
    ----------
    function : {"iv", "kv", "ratio"}
    region : str
        A key of ``seedbed.studies.directional.data.order_and_argument.REGIONS``, or "mixed" for all of them.
    n_points : int
        About a millisecond each.
    """

    function: Function = "iv"
    region: str = "mixed"
    n_points: int = 400

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if self.region != "mixed" and self.region not in REGIONS:
            messages.append(f"unknown region '{self.region}'; known are mixed, {', '.join(REGIONS)}")
        if self.n_points < 1:
            messages.append(f"n_points must be positive, got {self.n_points}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict
            ``function``, ``v``, ``x``, ``exact`` and ``exact_low`` (two doubles), ``ratio`` I_{v+1}/I_v.
        """
        v, x = draw_points(rng, self.n_points) if self.region == "mixed" else REGIONS[self.region](rng, self.n_points)
        x = np.maximum(x, 1e-300)
        high, low = exact_values.tabulate(self.function, v, x)
        ratio = high if self.function == "ratio" else exact_values.tabulate("ratio", v, x)[0]
        return {"function": np.array(self.function), "v": v, "x": x, "exact": high, "exact_low": low, "ratio": ratio}

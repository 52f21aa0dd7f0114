"""Where the data come from: generators, and presets of their parameters."""

from __future__ import annotations

import numpy as np

from ..core.study import Generator, Scenario


def contaminated_sample(
    rng: np.random.Generator, *, n_points: int = 50, share_wrong: float = 0.0, distance: float = 10.0
) -> dict[str, np.ndarray]:
    """Normal observations around zero, some of them moved.

    The keyword-only parameters are what a config may set; their types are checked. ``rng`` is the replicate's own.

    Returns
    -------
    dict of ndarray
        ``X`` (n,), ``wrong`` (n,) and ``location`` (), the truth. Methods are given what the adapter gives them.
    """
    wrong = rng.random(n_points) < share_wrong
    return {"X": rng.normal(size=n_points) + distance * wrong, "wrong": wrong, "location": np.array(0.0)}


def check_contaminated_sample(*, n_points: int = 50, share_wrong: float = 0.0, distance: float = 10.0) -> list[str]:
    """What is wrong with the parameters, one message each: asked when the config is read."""
    messages = [] if n_points >= 2 else [f"n_points is {n_points}; at least 2 are needed"]
    if not 0 <= share_wrong < 1:
        messages.append(f"share_wrong is {share_wrong}; it must be at least 0 and below 1")
    return messages


_HERE = "seedbed.location.scenarios"
GENERATORS = {
    "contaminated_sample": Generator(f"{_HERE}:contaminated_sample", f"{_HERE}:check_contaminated_sample"),
}
SCENARIOS = {
    "clean": Scenario("contaminated_sample", {}, "normal sample"),
    "outliers": Scenario("contaminated_sample", {"share_wrong": 0.1}, "one in ten wrong"),
}

"""What is wrong with the sizes and noise levels of a sampler's run; read when a run is planned, without imports."""

from __future__ import annotations

from typing import Protocol

GRIDS = ("karras", "geometric", "timesteps")


class Run(Protocol):
    """What generators for samplers are asked."""

    @property
    def n_evaluations(self) -> int: ...
    @property
    def grid(self) -> str: ...
    @property
    def n_samples(self) -> int: ...
    @property
    def sigma_max(self) -> float: ...
    @property
    def sigma_min(self) -> float: ...


def run_messages(asked: Run) -> list[str]:
    """Messages for values that no run can have."""
    messages = []
    if asked.grid not in GRIDS:
        messages.append(f"grid must be one of {', '.join(GRIDS)}, got {asked.grid!r}")
    if asked.n_evaluations < 2 or asked.n_samples < 1:
        messages.append("n_evaluations must be at least 2 and n_samples at least 1")
    if not asked.sigma_max > asked.sigma_min > 0:
        messages.append("sigma_max > sigma_min > 0 is needed")
    return messages


def bad_smoothing(smoothing: float) -> list[str]:
    """A message for noise on every point that is none."""
    return [] if smoothing >= 0 else [f"smoothing must be at least 0, got {smoothing}"]

"""Artefacts: samples that lie where neither the data nor the exact flow reaches."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

BEYOND = 1.25  # times the larger of the data's and the reference's largest coordinate


def share_of_artefacts(samples: np.ndarray, data: Mapping[str, np.ndarray]) -> float:
    """Share of samples that reach beyond the data and the reference by a quarter, in some coordinate."""
    return float((_reach(samples, data) > BEYOND * np.maximum(_reach(data["reference"], data), 1)).mean())


def _reach(points: np.ndarray, data: Mapping[str, np.ndarray]) -> np.ndarray:
    with np.errstate(over="ignore", invalid="ignore"):
        found = (np.abs(points - data["centre"]) / data["reach"]).max(1)
    return np.where(np.isfinite(found), found, np.inf)

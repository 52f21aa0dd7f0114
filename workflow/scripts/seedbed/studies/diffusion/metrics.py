"""Metrics of the diffusion study: ``metric(data, fit) -> float``, NaN where it does not apply."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import spearmanr

from seedbed.diffusion.metrics import energy_distance as energy_between
from seedbed.diffusion.metrics import sliced_wasserstein
from seedbed.diffusion.paths.separation import Separation
from seedbed.studies.diffusion.data.artefacts import share_of_artefacts

Arrays = Mapping[str, np.ndarray]
CAP = 1e6
SAME_BASIN = 0.1
RESOLVED = 1e-7  # errors below are the reference's own


def _distances(ends: np.ndarray, data: Arrays) -> np.ndarray:
    """Root mean square distance of every sample to where the flow takes it; what is not finite is far away."""
    with np.errstate(over="ignore", invalid="ignore"):
        distances = np.sqrt(((ends - data["reference"]) ** 2).mean(-1))
    return np.where(np.isfinite(distances), np.minimum(distances, CAP), CAP)


def _sampling(data: Arrays, fit: Arrays) -> bool:
    return "samples" in fit and "grid" in data


def trajectory_error(data: Arrays, fit: Arrays) -> float:
    """Median over samples of the root mean square distance to the end of the flow; of a ladder, at 40 evaluations."""
    if "ends" in fit:
        return float(np.median(_distances(fit["ends"][list(data["evaluations"]).index(40)], data)))
    return float(np.median(_distances(fit["samples"], data))) if _sampling(data, fit) else np.nan


def artefact_share(data: Arrays, fit: Arrays) -> float:
    """Share of samples that reach beyond the data and the reference by a quarter, in some coordinate."""
    return share_of_artefacts(fit["samples"], data) if _sampling(data, fit) else np.nan


def same_basin(data: Arrays, fit: Arrays) -> float:
    """Share of samples that end where the flow ends, to a tenth."""
    return float((_distances(fit["samples"], data) < SAME_BASIN).mean()) if _sampling(data, fit) else np.nan


def evaluations(data: Arrays, fit: Arrays) -> float:
    """Calls of the denoiser."""
    return float(fit["n_evaluations"]) if _sampling(data, fit) else np.nan


def energy_distance(data: Arrays, fit: Arrays) -> float:
    """Between samples and fresh exact draws; NaN under guidance, where no law is the truth."""
    if "fresh" not in data or "samples" not in fit:
        return np.nan
    samples = fit["samples"]
    return min(energy_between(samples, data["fresh"]), CAP) if np.isfinite(samples).all() else CAP


def sliced_w2(data: Arrays, fit: Arrays) -> float:
    """Sliced Wasserstein distance of order two to fresh exact draws."""
    if "fresh" not in data or not _sampling(data, fit):
        return np.nan
    return min(sliced_wasserstein(fit["samples"], data["fresh"]), CAP) if np.isfinite(fit["samples"]).all() else CAP


def convergence_order(data: Arrays, fit: Arrays) -> float:
    """The slope of log error over log steps, over the finest pair of grids whose errors are resolved.

    Steps stand for evaluations, since a start of its own adds a fixed number of them.
    """
    if "ends" not in fit:
        return np.nan
    errors = np.array([np.median(_distances(end, data)) for end in fit["ends"]])
    usable = np.flatnonzero(errors > max(RESOLVED, float(data["reference_error"])))
    if len(usable) < 2:
        return np.nan
    low, high = usable[-2:]
    sizes = fit["steps"]
    return float(np.log(errors[low] / errors[high]) / np.log(sizes[high] / sizes[low]))


def limit_correlation(data: Arrays, fit: Arrays) -> float:
    """Spearman's correlation, over samplers, of the guidance limit with the artefact share; NaN if no share differs."""
    if "limits" not in fit or np.ptp(fit["shares"]) == 0:
        return np.nan
    return float(spearmanr(fit["limits"], fit["shares"]).statistic)


def _held_out(data: Arrays) -> Separation:
    return Separation(data["angles"], data["test_speed2"], data["angle_weights"])


def excess_energy(data: Arrays, fit: Arrays) -> float:
    """Kinetic energy over the least, both by the separation that the path was not fitted to."""
    return float(fit["energy"]) / (2 * (1 - np.cos(_held_out(data).total_angle))) if "energy" in fit else np.nan


def energy(data: Arrays, fit: Arrays) -> float:
    """Kinetic energy per dimension."""
    return float(fit["energy"]) if "energy" in fit else np.nan


def euler_error_8(data: Arrays, fit: Arrays) -> float:
    """Root mean square distance to the end of the flow, after eight steps; its median."""
    return float(np.median(_distances(fit["euler_8"], data))) if "euler_8" in fit else np.nan


def euler_error_16(data: Arrays, fit: Arrays) -> float:
    """The same after sixteen steps."""
    return float(np.median(_distances(fit["euler_16"], data))) if "euler_16" in fit else np.nan


def energy_over_transport(data: Arrays, fit: Arrays) -> float:
    """Kinetic energy over the cost of transport, which no path can undercut; where that is known."""
    if "transport_cost" not in data or "energy" not in fit:
        return np.nan
    return float(fit["energy"] / data["transport_cost"])


def ddim_difference(data: Arrays, fit: Arrays) -> float:
    """Largest difference of DDIM in the path's own coordinate from that in another."""
    return float(fit["ddim_difference"]) if "ddim_difference" in fit else np.nan


def separation_at_one(data: Arrays, fit: Arrays) -> float:
    """The separation at a signal-to-noise ratio of one: of the data, whatever the path."""
    if "angles" not in data:
        return np.nan
    return float(np.interp(np.pi / 4, data["angles"], _held_out(data).separation))


def angle_prediction_error(data: Arrays, fit: Arrays) -> float:
    """The cone's angle over pi/2, less what n and d alone predict; NaN for data that are not n normal points."""
    if "points_seed" not in data or "angles" not in data:
        return np.nan
    n, d = float(data["n_points"]), float(data["dimension"])
    predicted = 1 - 2 / np.pi * np.arctan(np.sqrt(n ** (2 / d) - 1))
    return float(_held_out(data).total_angle / (np.pi / 2) - predicted)


def log_density_error(data: Arrays, fit: Arrays) -> float:
    """Largest error of log densities along the flow, in nats."""
    if "log_density" not in fit:
        return np.nan
    error = np.abs(fit["log_density"] - data["log_density"])
    return float(min(error.max(), CAP)) if np.isfinite(error).all() else CAP


def gauge_residual(data: Arrays, fit: Arrays) -> float:
    """Root mean square of the gauge condition's two sides' difference, over that of the squared score."""
    if "residual" not in fit:
        return np.nan
    return float(np.sqrt((fit["residual"] ** 2).mean()) / (data["score"] ** 2).sum(1).mean())


def score_error(data: Arrays, fit: Arrays) -> float:
    """Mean squared distance of the field to the score, over the score's own mean square."""
    if "values" not in fit:
        return np.nan
    return float(((fit["values"] - data["score"]) ** 2).sum(1).mean() / (data["score"] ** 2).sum(1).mean())


def _truth(data: Arrays, fit: Arrays) -> np.ndarray | None:
    """The dimension at the points of the estimates, if it is known."""
    if "dimension" not in fit or "truth" not in data:
        return None
    return data["truth"][: len(fit["dimension_pw"])]


def dimension_error(data: Arrays, fit: Arrays) -> float:
    """Relative error of the estimated dimension; the mean dimension is the truth where there are several."""
    truth = _truth(data, fit)
    return np.nan if truth is None else float(min(abs(float(fit["dimension"]) / truth.mean() - 1), CAP))


def pointwise_error(data: Arrays, fit: Arrays) -> float:
    """Mean relative error of the dimensions at single points."""
    truth = _truth(data, fit)
    return np.nan if truth is None else float(min(np.abs(fit["dimension_pw"] / truth - 1).mean(), CAP))


def relative_dimension(data: Arrays, fit: Arrays) -> float:
    """The estimated dimension over the true one, 1 for the truth."""
    truth = _truth(data, fit)
    return np.nan if truth is None else float(np.clip(float(fit["dimension"]) / truth.mean(), -CAP, CAP))


def estimate(data: Arrays, fit: Arrays) -> float:
    """The estimated dimension itself."""
    return float(np.clip(fit["dimension"], -CAP, CAP)) if "dimension" in fit else np.nan

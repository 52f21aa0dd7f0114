"""The density study: kernel density estimates when log(n)/d is fixed."""

from __future__ import annotations

from typing import Any

from seedbed.core.study import Direction, Figure, Metric, Study

from .methods import METHODS
from .scenarios import DENSITY, GENERATORS, LAW, SCENARIOS

_HERE = "seedbed.studies.density"


def _metric(
    name: str, label: str, direction: Direction = "none", unit: str = "", task: str = DENSITY, **more: Any
) -> Metric:
    return Metric(f"{_HERE}.metrics:{name}", label, direction, unit, task, **more)


_SHARE: dict[str, Any] = {"bounds": (0.0, 1.0)}
# the first metric of a task is its main one
METRICS = {
    "kl": _metric("kl", "Kullback-Leibler divergence; without a truth, minus the log-likelihood", "lower", "nats"),
    "participation": _metric("participation", "sum of squared shares: 1 over the points that carry a value", **_SHARE),
    "best_over_edge": _metric("best_over_edge", "best bandwidth over h_G"),
    "best_over_clt": _metric("best_over_clt", "best bandwidth over h_CLT"),
    "log_bandwidth": _metric("log_bandwidth", "log h"),
    "log_density_error": _metric(
        "log_density_error", "largest error of a log density against the direct sum", "lower", "nats", log_floor=1e-16
    ),
    "overstatement": _metric("overstatement", "mean overstatement of a log density", unit="nats"),
    "risk_gap": _metric("risk_gap", "divergence minus the exact risk", unit="nats"),
    "dimension_gap": _metric("dimension_gap", "distance of the sum of squared shares from 1 - D/d", "lower"),
    "tail_index": _metric("tail_index", "tail index m of the terms"),
    "ks_to_normal": _metric("ks_to_normal", "distance of the sums' law to a normal one", "lower", "", LAW, **_SHARE),
    "ks_to_stable": _metric("ks_to_stable", "distance of the sums' law to a stable one", "lower", "", LAW, **_SHARE),
    "ks_gain": _metric("ks_gain", "distance to the normal law minus that to the stable one", task=LAW),
    "spread_ratio": _metric("spread_ratio", "spread of the log sum over that of the stable law", task=LAW),
    "sum_participation": _metric("participation", "sum of squared shares", task=LAW, **_SHARE),
}

FIGURES = {
    "pictures": Figure(
        f"{_HERE}.figures.pictures:pictures", "The first data set of every scenario", "study", "data",
        "Rows on their first two principal axes; of the task with one query, the nearest squared distances.",
    ),
    "effective_points": Figure(
        f"{_HERE}.figures.theory:effective_points", "How many points carry a density value", "study",
        caption="At the best bandwidth, of Gaussian data; lines are the exact theory, dots are measured.",
    ),
    "risk_by_bandwidth": Figure(
        f"{_HERE}.figures.theory:risk_by_bandwidth", "Divergence against the bandwidth, and the three regimes", "study",
        caption="Shaded: condensed, heavy-tailed, normal (in the limit); the line is the exact risk, dots are methods.",
    ),
    "laws_of_sums": Figure(
        f"{_HERE}.figures.laws:laws_of_sums", "The estimate at a point, over data sets", "study",
        caption="Relative to its typical value, with the normal and the stable law.",
    ),
    "carriers": Figure(
        f"{_HERE}.figures.carriers:carriers", "Which images carry the density of an image", "study",
        caption="Four queries, each with the three images of the training part that carry most of its value.",
    ),
    "excess": Figure(
        f"{_HERE}.figures.excess:excess", "Divergence of every method, in excess of the best", "study",
        caption="Mean over replicates; methods that are given the truth are left out.",
    ),
}  # fmt: skip

STUDY = Study(
    name="density",
    title="Kernel density estimates in large dimensions",
    question=(
        "With n points in d dimensions and log(n)/d fixed, what does a kernel density estimate still say, and which "
        "bandwidth is best? Of the paper the abstract could be read, and no code of it was found: the derivations, "
        "the sizes and the data are ours."
    ),
    adapter=f"{_HERE}.adapter:fit",
    calls=("score_samples", "evaluate"),
    given=("random_state",),
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    environment="numba",
    libraries=(
        "scipy.stats",
        "sklearn.mixture",
        "sklearn.neighbors",
        "sklearn.model_selection",
        "sklearn.covariance",
        "seedbed.density.estimator.high_dimensional_kde",
        "seedbed.density.sums.compiled_tiles",
        "seedbed.density.sums.compiled_distances",
    ),
    references=(
        "G. Biroli, M. Mézard (2024). Kernel Density Estimators in Large Dimensions. arXiv:2408.05807",
        "A. Bovier, I. Kurkova, M. Löwe (2002). Fluctuations of the free energy in the REM and the p-spin SK models. "
        "Annals of Probability 30, 605-651",
        "G. Biroli, T. Bonnaire, V. de Bortoli, M. Mézard (2024). Dynamical regimes of diffusion models. "
        "arXiv:2402.18491",
    ),
    method=(
        "The estimate at $x$ is a sum over the points, and with $\\log(n)/d = \\alpha$ fixed it is the partition "
        "function of a random energy model. Above $h_{CLT}$ the central limit theorem holds; below, its law over "
        "data sets is a stable one of index $m = (h/h_G)^2$; below $h_G$ a few points carry it. The bandwidth that is "
        "best in Kullback-Leibler divergence lies below $h_{CLT}$.\n\n"
        "Ours sums exactly, in the log domain, and chooses the bandwidth by the leave-one-out likelihood, sixteen "
        "bandwidths for one exponential per pair. For Gaussian data the expected divergence is known exactly at every "
        "size, by one-dimensional integrals. Moving the points towards the mean keeps the covariance, and takes away "
        "the bias that forces the best estimate to rest on a few points."
    ),
    formula=(
        r"\hat\rho(x) = \frac{1}{n h^d} \sum_{i=1}^n K\left(\frac{x - y_i}{h}\right), \qquad "
        r"\left( \sum_i w_i^2 \right)^{-1} \ \text{points carry it}"
        "\n"
        r"\frac{1}{d} \sum_j \left[ -\log(1 - v_j) - v_j + v_j^2 \right] = \frac{2 \log n}{d}, \quad "
        r"v_j = \frac{\lambda_j}{\lambda_j + h_G^2}"
    ),
)

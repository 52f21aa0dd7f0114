"""The directional study: log-Bessel functions, von Mises-Fisher fits, clusters of directions."""

from __future__ import annotations

from dataclasses import replace

from seedbed.core.study import Direction, Figure, Metric, Study

from .methods import METHODS
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.studies.directional"


def _internal(name: str, label: str, unit: str, reach: float) -> Metric:
    """A criterion of clusters that needs no truth, and ranks no method."""
    target = f"{_HERE}.metrics:{name}"
    return Metric(target, label, "higher", unit, "clusters", bounds=(-reach, reach), internal=True)


def _metric(name: str, label: str, task: str, direction: Direction = "lower", unit: str = "") -> Metric:
    floor = 1e-17 if "error" in name and task != "clusters" else None
    bounds = (0.0, 1.0) if unit.startswith("share") else None
    return Metric(f"{_HERE}.metrics:{name}", label, direction, unit, task, floor, bounds)


_NATS = "nats per row and dimension"
# the first metric of a task is its main one
METRICS = {
    "scaled_error": _metric("scaled_error", "largest error over the condition, 1 where not finite", "bessel"),
    "failures": _metric("failures", "results that are not finite", "bessel", unit="share"),
    "finite_scaled_error": _metric("finite_scaled_error", "largest error over the condition, if finite", "bessel"),
    "relative_error": _metric("relative_error", "median relative error", "bessel"),
    "largest_relative_error": _metric("largest_relative_error", "largest relative error, if finite", "bessel"),
    "mixed_error": _metric("mixed_error", "largest mixed error, if finite", "bessel"),
    "kappa_error": _metric(
        "kappa_error", "error of kappa against the exact maximum-likelihood estimate", "concentration"
    ),
    "success": _metric("success", "kappa right to 1e-6", "concentration", "higher", "share"),
    "kappa_error_of_truth": _metric("kappa_error_of_truth", "error of kappa against the true one", "concentration"),
    "held_out_log_likelihood": _metric(
        "held_out_log_likelihood", "held-out log-likelihood", "concentration", "higher", _NATS
    ),
    "clustering_error": _metric("clustering_error", "clustering error", "clusters", unit="share of rows"),
    "stability": _internal("stability", "stability between subsamples", "adjusted Rand index", 1.0),
    "silhouette": _internal("silhouette", "silhouette of directions", "mean over rows", 1.0),
    "silhouette_gap": _internal("silhouette_gap", "silhouette less that without clusters", "", 2.0),
    # the law's own objective, though on rows that it has not seen
    "held_out_mixture_log_likelihood": replace(
        _metric("held_out_log_likelihood", "held-out log-likelihood", "clusters", "higher", _NATS), internal=True
    ),
}

FIGURES = {
    "pictures": Figure(
        f"{_HERE}.figures.pictures:pictures",
        "The first data set of every scenario",
        "study",
        "data",
        "Points of the plane; distances from the mean direction of one law; clusters on their principal axes.",
    ),
    "error_maps": Figure(
        f"{_HERE}.figures.error_map:error_maps",
        "Errors over the plane of orders and arguments",
        "study",
        caption="The largest error over the condition in each bin; pink where a result is not finite.",
    ),
    "kappa_by_dimension": Figure(
        f"{_HERE}.figures.kappa_and_speed:kappa_by_dimension",
        "Error of the concentration against the dimension",
        "study",
        caption="Against the exact maximum-likelihood estimate; wrong by more than a factor of two: on the upper edge.",
    ),
    "speed_by_region": Figure(
        f"{_HERE}.figures.kappa_and_speed:speed_by_region",
        "Time of one evaluation by region",
        "study",
        caption="Of a few hundred points at a time; the benchmark measures speed itself.",
    ),
}

STUDY = Study(
    name="directional",
    title="Logarithms of Bessel functions and von Mises-Fisher fits in any dimension",
    question=(
        "Which way of computing log I_v(x), log K_v(x) and the concentration of a von Mises-Fisher law is "
        "right everywhere, and at what cost? The expression table is our implementation of the paper's, as "
        "its library, CUSF, could not be had (ports by its author agree with our table on thresholds and numbers of "
        "terms); the paper's GPU timings are not tested."
    ),
    adapter=f"{_HERE}.adapter:fit",
    calls=("fit_predict", "fit", "evaluate"),
    given=("n_clusters", "n_components", "random_state"),
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    tried_on=("log_i_moderate", "law_10", "mixture_10"),
    environment="numba",
    libraries=(
        "sklearn.cluster",
        "sklearn.mixture",
        "mpmath",
        "seedbed.studies.directional.peers.own_bessel",  # with the compiled kernels
        "seedbed.directional.vmf.mixture",
    ),
    references=(
        "A. Plesner, H. H. B. Sørensen, S. Hauberg (2024). Accurate Computation of the Logarithm of Modified "
        "Bessel Functions on GPUs. ICS. arXiv:2409.08729",
        "A. Banerjee, I. S. Dhillon, J. Ghosh, S. Sra (2005). Clustering on the Unit Hypersphere using von "
        "Mises-Fisher Distributions. JMLR 6, 1345-1382",
        "NIST Digital Library of Mathematical Functions, section 10.41",
    ),
    method=(
        "A von Mises-Fisher law on the unit sphere of dimension $p$ has density "
        r"$c_p(\kappa) \exp(\kappa \mu^T x)$, and its constant contains $I_\nu(\kappa)$ with $\nu = p/2 - 1$, which "
        "overflows or vanishes in double precision long before $p$ is large. The paper computes the logarithm by a "
        "table of expressions: the first whose condition holds is taken, among expansions for large arguments, "
        "expansions for large orders, and a series or an integral.\n\n"
        r"Ours is one expansion in $1/w$ with $w = \sqrt{v^2 + x^2}$, uniform in the direction of $(v, x)$, from "
        r"$w = 25$ on, and series below. The concentration solves $I_{\nu+1}(\kappa) / I_\nu(\kappa) = \bar R$, the "
        "length of the mean of the sample, with a ratio that is computed directly and never from a difference of "
        r"logarithms. A sample that is very concentrated is handed over as $1 - \bar R$."
    ),
    formula=(
        r"\log I_v(x) = w + v \log \frac{x}{v + w} - \frac{1}{2} \log(2 \pi w) + "
        r"\log\left(1 + \sum_{k \geq 1} \frac{u_k(v / w)}{v^k}\right), \qquad w = \sqrt{v^2 + x^2}"
    ),
)

"""The proximity study: plain, cosine and logarithmic measures of proximity in clustering the nodes of graphs."""

from __future__ import annotations

from seedbed.core.study import Figure, Metric, Study

from .methods import METHODS
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.studies.proximity"
_INDEX = (-1.0, 1.0)


def _metric(name: str, label: str, unit: str = "", bounds: tuple[float, float] | None = None) -> Metric:
    return Metric(f"{_HERE}.metrics:{name}", label, "higher", unit, bounds=bounds)


METRICS = {
    "adjusted_rand_index": _metric("adjusted_rand_index", "adjusted Rand index", bounds=_INDEX),
    "misclustering_error": Metric(
        f"{_HERE}.metrics:misclustering_error", "mis-clustering error", "lower", "share of nodes", bounds=(0.0, 1.0)
    ),
    "ari_best_parameter": _metric("ari_best_parameter", "index at the best parameter in hindsight", bounds=_INDEX),
    "ari_90th_percentile": _metric("ari_90th_percentile", "90th percentile over parameters", bounds=_INDEX),
    "ari_median_parameter": _metric("ari_median_parameter", "median over parameters", bounds=_INDEX),
    "reject_auc": _metric("reject_auc", "area under the reject curve", "share of pairs of pairs", (0.0, 1.0)),
    "log_win_balance": _metric(
        "log_win_balance", "families won by the logarithm less those won by the plain form", "share of six", (-1.0, 1.0)
    ),
    "modularity": Metric(f"{_HERE}.metrics:modularity", "modularity", "none", bounds=(-0.5, 1.0), internal=True),
    "cutpoint_defect": Metric(
        f"{_HERE}.metrics:cutpoint_defect", "defect at the cutpoint", "lower", "share of the largest distance",
        log_floor=1e-16, internal=True,
    ),
    "failures": Metric(
        f"{_HERE}.metrics:failures", "values without finite distances", "lower", "share",
        bounds=(0.0, 1.0), internal=True
    ),
}  # fmt: skip

FIGURES = {
    "matrices": Figure(
        f"{_HERE}.figures.matrices:matrices",
        "The first graph of every scenario",
        "study",
        "data",
        (
            "Adjacency matrices with the nodes sorted by their classes, which lines divide; methods see "
            "them in random order."
        ),
    ),
    "parameters": Figure(
        f"{_HERE}.figures.parameters:parameters",
        "Accuracy along the parameter, plain, cosine and logarithmic",
        caption=(
            "Mean adjusted Rand index over the replicates, one panel per family, at 15 values on the relative scale."
        ),
    ),
    "reject_curves": Figure(
        f"{_HERE}.figures.reject:reject_curves",
        "Reject curves",
        caption=(
            "Share of the pairs within classes that lie below each distance against that of pairs between "
            "classes, mean "
            "over replicates; the area is in the legend. At equal parameters cosine and logarithm have the same curve."
        ),
    ),
    "agreement": Figure(
        f"{_HERE}.figures.agreement:agreement",
        "Which methods find the same",
        caption=(
            "Mean agreement of the partitions of every two methods, whatever the truth; those that agree "
            "are neighbours."
        ),
    ),
    "small_class": Figure(
        f"{_HERE}.figures.small_class:small_class",
        "Accuracy against the size of the smallest class",
        "study",
        caption="Two classes in 100 nodes with edges .3 within and .1 between; mean and standard error.",
    ),
    "large_t": Figure(
        f"{_HERE}.figures.parameters:large_t",
        "Large parameters: the logarithm of the exponential, and the stable form",
        "study",
        caption=(
            "Both compute the same distances; beyond 36, minus the logarithm of the rounding unit, one of "
            "them does not."
        ),
    ),
    "tree": Figure(
        f"{_HERE}.figures.tree:tree",
        "Tree and graph of the first replicate, with the clusters found",
        caption="By the method that chooses without truth; colours are clusters, shapes the true classes.",
    ),
}

STUDY = Study(
    name="proximity",
    title="Logarithmic proximity measures in clustering the nodes of graphs",
    question=(
        "Do logarithmic proximity measures cluster the nodes of graphs better than plain ones, and is it the "
        "logarithm? "
        "Of the paper only the abstract could be read; its protocol is quoted by the first author's code. No "
        "figure of it "
        "is quoted here. Indices are adjusted for chance; nodes stand in random order; parameters are chosen "
        "on graphs of "
        "their own, or without truth."
    ),
    adapter=f"{_HERE}.adapter:fit",
    given=("n_clusters", "n_components", "random_state"),
    needs=("n_clusters", "n_components"),
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    environment="numba",
    libraries=("sklearn.cluster", "scipy.cluster.hierarchy", "networkx", ".peers.measures"),
    tried_on=("planted_100_2", "degree_corrected_150_3", "lfr_20"),
    hard_cases=f"{_HERE}.contract:hard_cases",
    remarks=f"{_HERE}.contract:remarks",
    references=(
        "V. Ivashkin, P. Chebotarev (2017). Do logarithmic proximity measures outperform plain ones in graph "
        "clustering? "
        "Springer PROMS 197, 87-105. arXiv:1605.01046",
        "V. Ivashkin, P. Chebotarev (2021). Dissecting graph measure performance for node clustering in LFR parameter "
        "space. Complex Networks, 328-341. arXiv:2202.09827",
        "B. Karrer, M. E. J. Newman (2011). Stochastic blockmodels and community structure in networks. "
        "Physical Review E 83, 016107",
    ),
    method=(
        "A kernel $H$ says how near two nodes are: how many walks join them, weighted by length, or how heat "
        "spreads. The "
        "logarithmic distance is minus the logarithm of the cosine of two nodes in the kernel's space: it "
        "does not change "
        "when rows and columns of $H$ are scaled, so that popular nodes do not draw all others to them. The "
        "cosine alone "
        "does that too, which is why it runs beside. Clusters are Ward's; distances come from one "
        "eigendecomposition, in a "
        "form in which nothing overflows or cancels, with $p$ the first eigenvector, $R_{ik} = v_{ik} / p_i$ and $g_k$ "
        "the ratios of the kernel's eigenvalues to the first."
    ),
    formula=(
        r"D_{ij} = -\log \frac{h_{ij}}{\sqrt{h_{ii} h_{jj}}} = \frac{1}{2} \left( \log(1 + q_{ii}) + \log(1 + q_{jj}) "
        r"\right) - \log(1 + q_{ij}), \quad q = R \, \mathrm{diag}(g_2, \dots, g_n) \, R^T"
    ),
)

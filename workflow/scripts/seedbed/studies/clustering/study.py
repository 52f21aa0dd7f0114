"""The clustering study: semidefinite programs against the methods a user would otherwise pick."""

from __future__ import annotations

from seedbed.core.study import Figure, Metric, Study

from .methods import METHODS
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.studies.clustering"

METRICS = {
    "misclustering_error": Metric(
        f"{_HERE}.metrics:misclustering_error", "mis-clustering error", "lower", "share of points", bounds=(0.0, 1.0)
    ),
    "adjusted_rand_index": Metric(
        f"{_HERE}.metrics:adjusted_rand_index", "adjusted Rand index", "higher", bounds=(-0.5, 1.0)
    ),
    "adjusted_mutual_information": Metric(
        f"{_HERE}.metrics:adjusted_mutual_information", "adjusted mutual information", "higher", bounds=(-1.0, 1.0)
    ),
    # of data without a truth: none is a method's own objective, and none ranks
    "stability": Metric(
        f"{_HERE}.metrics:stability",
        "stability between subsamples",
        "higher",
        "adjusted Rand index",
        bounds=(-1.0, 1.0),
        internal=True,
    ),
    "silhouette": Metric(
        f"{_HERE}.metrics:silhouette", "silhouette", "higher", "mean over rows", bounds=(-1.0, 1.0), internal=True
    ),
    "silhouette_gap": Metric(
        f"{_HERE}.metrics:silhouette_gap",
        "silhouette less that without clusters",
        "higher",
        bounds=(-2.0, 2.0),
        internal=True,
    ),
    "within_cluster_sum_of_squares": Metric(
        f"{_HERE}.metrics:within_cluster_sum_of_squares",
        "within-cluster sum of squares",
        "lower",
        "squared units of the features",
        internal=True,
    ),
    "log_likelihood": Metric(
        f"{_HERE}.metrics:log_likelihood",
        "classification log-likelihood per point",
        "higher",
        "nats",
        internal=True,
    ),
    "certified_gap": Metric(
        f"{_HERE}.metrics:certified_gap",
        "certified relative gap",
        "lower",
        "share of the bound",
        log_floor=1e-12,
        internal=True,
    ),
}

FIGURES = {
    "how_many": Figure(
        f"{_HERE}.figures.how_many:how_many",
        "How many clusters",
        "study",
        caption=(
            "Criteria that need no truth, against the number of clusters looked for, with intervals over subsamples. "
            "No truth: no ranking. A number to trust is stable, and stands apart from data without clusters."
        ),
    ),
    "pictures": Figure(
        f"{_HERE}.figures.pictures:pictures",
        "The first data set of every scenario",
        "study",
        "data",
        "On the first two principal axes; colours are the true classes, grey where none are known.",
    ),
    "certificates": Figure(
        f"{_HERE}.figures.certificates:certificates",
        "Certified gaps of the semidefinite programs",
        "study",
        "convergence",
        "How far from its optimum each program can have stopped, by a bound that holds whatever the solver did.",
    ),
    "scaling": Figure(
        f"{_HERE}.figures.scaling:scaling",
        "Time, memory, error and gap as the sample grows",
        "study",
        caption="Medians over replicates; a line ends where the method no longer answers.",
    ),
}

STUDY = Study(
    name="clustering",
    title="Likelihood adjusted semidefinite programs for clustering",
    question=(
        "Does the iterative likelihood adjusted semidefinite program (iLA-SDP) find clusters of different "
        "shapes better than k-means, its semidefinite relaxation, and well-started EM, and at what cost? "
        "The iLA-SDP here is our reconstruction from the paper's abstract and the Gaussian likelihood: no code of it "
        "was found, and which constraint on the trace the paper has is unknown to us. The group's public code for a "
        "relative (NLR) stops at 1e-6 and rounds by one k-means++ of the leading singular vectors."
    ),
    adapter=f"{_HERE}.adapter:fit",
    libraries=("sklearn.cluster", "sklearn.mixture", "scipy.cluster.hierarchy", "seedbed.clustering.ila_sdp.estimator"),
    given=("n_clusters", "n_components", "random_state"),
    needs=("n_clusters", "n_components"),
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    tried_on=("isotropic", "oriented", "iris"),
    hard_cases=f"{_HERE}.contract:hard_cases",
    remarks=f"{_HERE}.contract:remarks",
    environment="sdp",
    references=(
        "Y. Zhuang, X. Chen, Y. Yang (2023). Likelihood Adjusted Semidefinite Programs for Clustering "
        "Heterogeneous Data. ICML. arXiv:2209.15097",
        "J. Peng, Y. Wei (2007). Approximating K-means-type clustering via semidefinite programming. "
        "SIAM Journal on Optimization 18(1), 186-205",
        "X. Chen, A. Y. Zhang (2021). Optimal clustering in anisotropic Gaussian mixture models. arXiv:2101.05402",
    ),
    method=(
        "The Gaussian log-likelihood of a partition, with the centres profiled out, is linear in the matrices "
        "$Z_k = 1_k 1_k^T / n_k$ of the clusters. LA-SDP maximises it over a convex set that contains them. iLA-SDP "
        "alternates: given the covariances $\\Sigma_k$, solve the semidefinite program; given its $Z_k$, take the "
        "covariances that maximise the same objective, $\\Sigma_k = X^T(\\mathrm{diag}(Z_k 1) - Z_k)X / 1^T Z_k 1$, in "
        "which no centre appears. It starts from the labels of the k-means SDP and ends when the likelihood hardly "
        "grows; labels are read off the leading eigenvectors of $\\sum_k Z_k$."
    ),
    formula=(
        r"\max_{Z_1, \dots, Z_K} \ \sum_{k=1}^K \langle A_k(\Sigma_k), Z_k \rangle \quad \text{subject to} \quad "
        r"Z_k \succeq 0, \ Z_k \geq 0, \ \mathrm{tr} Z_k = 1, \ \sum_{k=1}^K Z_k 1 = 1"
        "\n"
        r"A_k(\Sigma)_{ij} = -\log\det\Sigma - \frac{1}{2} (x_i - x_j)^T \Sigma^{-1} (x_i - x_j)"
    ),
)

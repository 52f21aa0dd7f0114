"""The clustering study: semidefinite programs against the methods a user would otherwise pick."""

from __future__ import annotations

from ..core.study import Figure, Method, Metric, Study
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.clustering"
_ZHUANG = "Zhuang, Chen and Yang (2023), Likelihood Adjusted Semidefinite Programs, ICML"
_PENG_WEI = "Peng and Wei (2007), Approximating K-means-type clustering via semidefinite programming"
_DEMPSTER = "Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm"
_CELEUX = "Celeux and Govaert (1992), A classification EM algorithm for clustering"
_CHEN_ZHANG = "Chen and Zhang (2021), Optimal clustering in anisotropic Gaussian mixture models"
_FRALEY = "Fraley and Raftery (2002), Model-based clustering, discriminant analysis, and density estimation"
_LLOYD = "Lloyd (1982); Arthur and Vassilvitskii (2007), k-means++"
_WARD = "Ward (1963), Hierarchical grouping to optimize an objective function"
_SPECTRAL = "Ng, Jordan and Weiss (2001), On spectral clustering"


def _gmm(label: str, **params: object) -> Method:
    return Method("sklearn.mixture:GaussianMixture", {"max_iter": 500, **params}, label, reference=_DEMPSTER)


def _started_gmm(label: str, start: str, reference: str) -> Method:
    target = f"{_HERE}.started_mixture:StartedGaussianMixture"
    return Method(target, {"start": start, "max_iter": 500}, label, reference=reference)


def _hard_em(label: str, start: str) -> Method:
    reference = f"{_CELEUX}; {_CHEN_ZHANG}"
    return Method(f"{_HERE}.hard_em:HardEM", {"start": start}, label, reference=reference)


def _iterative(label: str, start: str, **params: object) -> Method:
    target = f"{_HERE}.iterative_likelihood_sdp:IterativeLikelihoodSDP"
    return Method(target, {"start": start, **params}, label, "ours", _ZHUANG)


def _kmeans_sdp(label: str, **params: object) -> Method:
    return Method(f"{_HERE}.kmeans_sdp:KMeansSDP", params, label, "baseline", _PENG_WEI)


def _likelihood(label: str, **params: object) -> Method:
    return Method(f"{_HERE}.likelihood_sdp:LikelihoodSDP", params, label, "ours", _ZHUANG)


METHODS = {
    "ila_sdp": _iterative("iLA-SDP, SDP start", "sdp"),
    "ila_sdp_whitened": _iterative("iLA-SDP, whitened SDP start", "whitened_sdp"),
    "ila_sdp_random": _iterative("iLA-SDP, random start", "random"),
    "ila_sdp_annealed": _iterative("iLA-SDP, annealed from a common sphere", "annealed"),
    "ila_sdp_weights": _iterative("iLA-SDP, SDP start, mixing weights", "sdp", weights=True),
    # Not a practical method: it is given the true covariances, and shows what estimating them costs.
    "likelihood_sdp": _likelihood("LA-SDP (true covariances given)", weights=None),
    "likelihood_sdp_weights": _likelihood("LA-SDP (true covariances and weights given)"),
    "kmeans_sdp": _kmeans_sdp("k-means SDP"),
    "whitened_kmeans_sdp": _kmeans_sdp("k-means SDP, whitened data", whiten=True),
    "kmeans_sdp_low_rank": _kmeans_sdp("k-means SDP, low rank", solver="low_rank"),
    "kmeans_sdp_auto": _kmeans_sdp("k-means SDP, low rank and then splitting", solver="auto"),
    "kmeans_sdp_cvxpy": _kmeans_sdp("k-means SDP by cvxpy and SCS", solver="cvxpy"),
    "kmeans": Method("sklearn.cluster:KMeans", {"n_init": 10}, "k-means, 10 starts", reference=_LLOYD),
    "ward": Method("sklearn.cluster:AgglomerativeClustering", {"linkage": "ward"}, "Ward linkage", reference=_WARD),
    "spectral": Method(
        "sklearn.cluster:SpectralClustering",
        {"affinity": "nearest_neighbors", "n_neighbors": 10},
        "spectral, 10 nearest neighbours",
        reference=_SPECTRAL,
    ),
    "gmm_one_start": _gmm("EM, one k-means start"),
    "gmm": _gmm("EM, best of 10 k-means starts", n_init=10),
    "gmm_regularised": _gmm("EM, best of 10 k-means starts, ridge 0.05", n_init=10, reg_covar=0.05),
    "gmm_tied": _gmm("EM, 10 k-means starts, common covariance", n_init=10, covariance_type="tied"),
    "gmm_diagonal": _gmm("EM, 10 k-means starts, diagonal covariances", n_init=10, covariance_type="diag"),
    "gmm_random_one_start": _gmm("EM, one random start", init_params="random_from_data"),
    "gmm_random": _gmm("EM, best of 10 random starts", init_params="random_from_data", n_init=10),
    "gmm_random_regularised": _gmm(
        "EM, best of 10 random starts, ridge 0.05", init_params="random_from_data", n_init=10, reg_covar=0.05
    ),
    "sdp_em": _started_gmm("k-means SDP, then EM", "sdp", f"{_PENG_WEI}; {_DEMPSTER}"),
    "whitened_sdp_em": _started_gmm(
        "k-means SDP of whitened data, then EM", "whitened_sdp", f"{_PENG_WEI}; {_DEMPSTER}"
    ),
    "ward_em": _started_gmm("Ward linkage, then EM", "ward", _FRALEY),
    "hard_em": _hard_em("hard EM, k-means start", "kmeans"),
    "sdp_hard_em": _hard_em("hard EM, SDP start", "sdp"),
    "random_labels": Method(f"{_HERE}.controls:RandomLabels", {}, "random labels", "control"),
    "oracle": Method(f"{_HERE}.controls:GaussianOracle", {}, "oracle (true mixture)", "oracle"),
}

METRICS = {
    "misclustering_error": Metric(
        f"{_HERE}.metrics:misclustering_error", "mis-clustering error", "lower", "share of points"
    ),
    "adjusted_rand_index": Metric(f"{_HERE}.metrics:adjusted_rand_index", "adjusted Rand index", "higher"),
    "adjusted_mutual_information": Metric(
        f"{_HERE}.metrics:adjusted_mutual_information", "adjusted mutual information", "higher"
    ),
    "within_cluster_sum_of_squares": Metric(
        f"{_HERE}.metrics:within_cluster_sum_of_squares",
        "within-cluster sum of squares",
        "lower",
        "squared units of the features",
    ),
    "log_likelihood": Metric(
        f"{_HERE}.metrics:log_likelihood", "classification log-likelihood per point", "higher", "nats"
    ),
    "certified_gap": Metric(
        f"{_HERE}.metrics:certified_gap", "certified relative gap", "lower", "share of the bound", log_floor=1e-12
    ),
}

FIGURES = {
    "pictures": Figure(
        f"{_HERE}.pictures:pictures",
        "The first data set of every scenario",
        "study",
        "data",
        "On the first two principal axes; colours are the true classes, grey where none are known.",
    ),
    "certificates": Figure(
        f"{_HERE}.figures:certificates",
        "Certified gaps of the semidefinite programs",
        "study",
        "convergence",
        "How far from its optimum each program can have stopped, by a bound that holds whatever the solver did.",
    ),
    "scaling": Figure(
        f"{_HERE}.scaling_figure:scaling",
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
        "The iLA-SDP here is our reconstruction from the paper's abstract and the Gaussian likelihood."
    ),
    adapter=f"{_HERE}.methods:fit",
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
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
    bibtex="""
@inproceedings{zhuang2023likelihood,
  title = {Likelihood Adjusted Semidefinite Programs for Clustering Heterogeneous Data},
  author = {Zhuang, Yubo and Chen, Xiaohui and Yang, Yun},
  booktitle = {Proceedings of the 40th International Conference on Machine Learning},
  year = {2023},
  eprint = {2209.15097},
  archiveprefix = {arXiv},
}

@article{peng2007approximating,
  title = {Approximating {K}-means-type Clustering via Semidefinite Programming},
  author = {Peng, Jiming and Wei, Yu},
  journal = {SIAM Journal on Optimization},
  volume = {18},
  number = {1},
  pages = {186--205},
  year = {2007},
}

@misc{chen2021optimal,
  title = {Optimal Clustering in Anisotropic {Gaussian} Mixture Models},
  author = {Chen, Xin and Zhang, Anderson Y.},
  year = {2021},
  eprint = {2101.05402},
  archiveprefix = {arXiv},
}
""",
)

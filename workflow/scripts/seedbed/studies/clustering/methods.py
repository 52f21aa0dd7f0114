"""The methods of the clustering study: ours, the relaxations beneath them, and what a user would otherwise pick."""

from __future__ import annotations

from seedbed.core.study import Method, Origin

_LIBRARY = "seedbed.clustering"
_HERE = "seedbed.studies.clustering"
_ZHUANG = "Zhuang, Chen and Yang (2023), Likelihood Adjusted Semidefinite Programs, ICML"
_PENG_WEI = "Peng and Wei (2007), Approximating K-means-type clustering via semidefinite programming"
_DEMPSTER = "Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM algorithm"
_HATHAWAY = "Hathaway (1985), A constrained formulation of maximum-likelihood estimation for normal mixtures"
_CELEUX = "Celeux and Govaert (1992), A classification EM algorithm for clustering"
_CHEN_ZHANG = "Chen and Zhang (2021), Optimal clustering in anisotropic Gaussian mixture models"
_FRALEY = "Fraley and Raftery (2002), Model-based clustering, discriminant analysis, and density estimation"
_LLOYD = "Lloyd (1982); Arthur and Vassilvitskii (2007), k-means++"
_WARD = "Ward (1963), Hierarchical grouping to optimize an objective function"
_SCRUCCA = "Scrucca, Fop, Murphy and Raftery (2016), mclust 5"
_SPECTRAL = "Ng, Jordan and Weiss (2001), On spectral clustering"


def _gmm(label: str, **params: object) -> Method:
    return Method("sklearn.mixture:GaussianMixture", {"max_iter": 500, **params}, label, reference=_DEMPSTER)


def _started_gmm(label: str, start: str, reference: str) -> Method:
    target = f"{_LIBRARY}.gaussian.started_mixture:StartedGaussianMixture"
    return Method(target, {"start": start, "max_iter": 500}, label, reference=reference)


def _safe_em(label: str, start: str, **params: object) -> Method:
    target = f"{_LIBRARY}.gaussian.safeguarded_mixture:SafeguardedGaussianMixture"
    return Method(target, {"start": start, **params}, label, reference=f"{_DEMPSTER}; {_HATHAWAY}")


def _hard_em(label: str, start: str) -> Method:
    reference = f"{_CELEUX}; {_CHEN_ZHANG}"
    return Method(f"{_LIBRARY}.gaussian.hard_em:HardEM", {"start": start}, label, reference=reference)


def _iterative(label: str, start: str, origin: Origin = "paper", **params: object) -> Method:
    target = f"{_LIBRARY}.ila_sdp.estimator:IterativeLikelihoodSDP"
    return Method(target, {"start": start, **params}, label, "ours", _ZHUANG, origin=origin)


def _kmeans_sdp(label: str, **params: object) -> Method:
    return Method(f"{_LIBRARY}.kmeans_sdp.estimator:KMeansSDP", params, label, "baseline", _PENG_WEI)


def _likelihood(label: str, **params: object) -> Method:
    target = f"{_LIBRARY}.likelihood_sdp.estimator:LikelihoodSDP"
    return Method(target, params, label, "ours", _ZHUANG, given_the_truth=True)


METHODS = {
    "ila_sdp": _iterative("iLA-SDP, SDP start", "sdp"),
    "ila_sdp_whitened": _iterative("iLA-SDP, whitened SDP start", "whitened_sdp", "ours"),
    "ila_sdp_random": _iterative("iLA-SDP, random labels", "random"),
    "ila_sdp_random_points": _iterative("iLA-SDP, nearest of random points", "random_points"),
    "ila_sdp_annealed": _iterative("iLA-SDP, annealed from a common sphere", "annealed", "ours"),
    "ila_sdp_weights": _iterative("iLA-SDP, SDP start, mixing weights", "sdp", "ours", weights=True),
    # Not a practical method: it is given the true covariances, and shows what estimating them costs.
    "likelihood_sdp": _likelihood("LA-SDP (true covariances given)", weights=None),
    "likelihood_sdp_weights": _likelihood("LA-SDP (true covariances and weights given)"),
    "kmeans_sdp": _kmeans_sdp("k-means SDP"),
    "whitened_kmeans_sdp": _kmeans_sdp("k-means SDP, whitened data", whiten=True),
    "kmeans_sdp_low_rank": _kmeans_sdp("k-means SDP, low rank", solver="low_rank"),
    "kmeans_sdp_auto": _kmeans_sdp("k-means SDP, low rank and then splitting", solver="auto"),
    "kmeans_sdp_cvxpy": _kmeans_sdp("k-means SDP by cvxpy and SCS", solver="cvxpy"),
    "kmeans": Method("sklearn.cluster:KMeans", {"n_init": 10}, "k-means, {n_init} starts", reference=_LLOYD),
    "ward": Method("sklearn.cluster:AgglomerativeClustering", {"linkage": "ward"}, "Ward linkage", reference=_WARD),
    "spectral": Method(
        "sklearn.cluster:SpectralClustering",
        {"affinity": "nearest_neighbors", "n_neighbors": 10},
        "spectral, {n_neighbors} nearest neighbours",
        reference=_SPECTRAL,
    ),
    # EM with the covariance floor of iLA-SDP, the likeliest start that does not lean on it, and the same starts.
    "em": _safe_em("EM, floor, best of {n_init} k-means starts", "kmeans", n_init=10),
    "em_one_start": _safe_em("EM, floor, one k-means start", "kmeans"),
    "em_random_labels": _safe_em("EM, floor, random labels", "random"),
    "em_random_points": _safe_em("EM, floor, nearest of random points", "random_points"),
    "em_common_sphere": _safe_em(
        "EM for a common sphere, nearest of random points", "random_points", covariance_type="common_sphere"
    ),
    "gmm_one_start": _gmm("scikit-learn's EM, one k-means start"),
    "gmm": _gmm("scikit-learn's EM, best of {n_init} k-means starts", n_init=10),
    "gmm_regularised": _gmm(
        "scikit-learn's EM, best of {n_init} k-means starts, ridge {reg_covar}", n_init=10, reg_covar=0.05
    ),
    "gmm_tied": _gmm(
        "scikit-learn's EM, {n_init} k-means starts, common covariance", n_init=10, covariance_type="tied"
    ),
    "gmm_diagonal": _gmm("scikit-learn's EM, {n_init} k-means starts, diagonal", n_init=10, covariance_type="diag"),
    "gmm_random_one_start": _gmm("scikit-learn's EM, one start of random points", init_params="random_from_data"),
    "gmm_random": _gmm(
        "scikit-learn's EM, {n_init} starts of random points", init_params="random_from_data", n_init=10
    ),
    "gmm_random_regularised": _gmm(
        "scikit-learn's EM, {n_init} starts of random points, ridge {reg_covar}",
        init_params="random_from_data",
        n_init=10,
        reg_covar=0.05,
    ),
    "sdp_em": _started_gmm("k-means SDP, then EM", "sdp", f"{_PENG_WEI}; {_DEMPSTER}"),
    "whitened_sdp_em": _started_gmm(
        "k-means SDP of whitened data, then EM", "whitened_sdp", f"{_PENG_WEI}; {_DEMPSTER}"
    ),
    "ward_em": _started_gmm("Ward linkage, then EM", "ward", _FRALEY),
    "hard_em": _hard_em("hard EM, k-means start", "kmeans"),
    "sdp_hard_em": _hard_em("hard EM, SDP start", "sdp"),
    # R's, skipped where R or its package is not installed.
    "mclust": Method(f"{_HERE}.peers.mclust:Mclust", {}, "R's mclust", reference=f"{_FRALEY}; {_SCRUCCA}"),
    "random_labels": Method(f"{_LIBRARY}.controls:RandomLabels", {}, "random labels", "control"),
    "oracle": Method(f"{_LIBRARY}.controls:GaussianOracle", {}, "oracle (true mixture)", "oracle"),
}

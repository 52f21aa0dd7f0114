"""The methods of the directional study: ours and their peers, for each of its three tasks."""

from __future__ import annotations

from seedbed.core.study import Method, Origin, Role

_LIBRARY = "seedbed.directional"
_HERE = "seedbed.studies.directional"
_PEERS = f"{_HERE}.peers"
_PAPER = (
    "Plesner, Sørensen and Hauberg (2024), Accurate Computation of the Logarithm of Modified Bessel Functions on GPUs"
)
_DEBYE = "DLMF 10.41, its logarithm taken term by term; see seedbed.directional.bessel.functions"
_BANERJEE = "Banerjee, Dhillon, Ghosh and Sra (2005), Clustering on the unit hypersphere, JMLR 6"
_DHILLON = "Dhillon and Modha (2001), Concept decompositions for large sparse text data"
_LLOYD = "Lloyd (1982); Arthur and Vassilvitskii (2007)"
_MARDIA = "Mardia and Jupp (2000), section 10.3"


def _bessel(module: str, name: str, label: str, reference: str, role: Role = "baseline", **params: object) -> Method:
    origin: Origin = ""
    if role == "ours":
        origin = "ours"
    elif role == "baseline" and reference == _PAPER:
        origin = "paper"
    return Method(f"{_HERE}.peers.{module}:{name}", params, label, role, reference, "bessel", origin=origin)


def _law(module: str, name: str, label: str, reference: str, role: Role = "baseline", **params: object) -> Method:
    return Method(f"{module}:{name}", params, label, role, reference, "concentration")


def _mixture(label: str, **params: object) -> Method:
    params = {"n_init": 5, **params}
    return Method(f"{_LIBRARY}.vmf.mixture:VonMisesFisherMixture", params, label, "ours", _BANERJEE, "clusters")


METHODS = {
    "bessel": _bessel("own_bessel", "OwnBessel", "log-Bessel functions, compiled", _DEBYE, "ours", backend="auto"),
    "bessel_numpy": _bessel("own_bessel", "OwnBessel", "log-Bessel functions, NumPy", _DEBYE, "ours", backend="numpy"),
    "expression_table": _bessel("expression_table", "ExpressionTable", "the paper's expression table", _PAPER),
    "scipy_bessel": _bessel("scipy_bessel", "ScipyBessel", "SciPy, log of ive and kve", "Amos (1986), ACM TOMS 644"),
    "mpmath_bessel": _bessel(
        "mpmath_bessel", "MpmathBessel", "mpmath, 15 digits, at most 2,000 terms", "Johansson (2013), mpmath"
    ),
    "leading_term": _bessel("leading_term", "LeadingTerm", "leading term alone", "", "control"),
    "mle": _law(f"{_LIBRARY}.vmf.estimator", "VonMisesFisher", "maximum likelihood", _MARDIA, "ours"),
    "mle_corrected": _law(
        f"{_LIBRARY}.vmf.estimator",
        "VonMisesFisher",
        "maximum likelihood, bias of R removed",
        _MARDIA,
        "ours",
        bias_correction=True,
    ),
    "banerjee": _law(f"{_PEERS}.kappa_formulas", "BanerjeeEstimator", "Banerjee's approximation", _BANERJEE),
    "tanabe": _law(f"{_PEERS}.kappa_formulas", "TanabeEstimator", "Tanabe's secant step", "Tanabe et al. (2007)"),
    "sra": _law(
        f"{_PEERS}.kappa_formulas", "SraEstimator", "Sra's two Newton steps", "Sra (2012), Comput. Statist. 27"
    ),
    "hornik_gruen": _law(
        f"{_PEERS}.kappa_formulas", "HornikGruenEstimator", "Hornik and Grün's bounds, Brent", "Hornik and Grün (2014)"
    ),
    "scipy_vmf": _law(f"{_PEERS}.scipy_vmf", "ScipyVonMisesFisher", "SciPy's vonmises_fisher.fit", "SciPy 1.11"),
    "uniform_law": _law(f"{_PEERS}.controls", "UniformLaw", "uniform law", "", "control"),
    "vmf_mixture": _mixture("vMF mixture, soft"),
    "vmf_mixture_hard": _mixture("vMF mixture, hard", assignment="hard"),
    "vmf_mixture_shared": _mixture("vMF mixture, shared kappa", shared_concentration=True),
    "spherical_kmeans": Method(
        f"{_LIBRARY}.sphere.kmeans:SphericalKMeans", {"n_init": 5}, "spherical k-means", "ours", _DHILLON, "clusters"
    ),
    "kmeans": Method("sklearn.cluster:KMeans", {"n_init": 5}, "k-means", "baseline", _LLOYD, "clusters"),
    "gmm_spherical": Method(
        "sklearn.mixture:GaussianMixture",
        {"covariance_type": "spherical", "n_init": 5},
        "Gaussian mixture, spherical",
        "baseline",
        "Dempster, Laird and Rubin (1977)",
        "clusters",
    ),
    "random_labels": Method("seedbed.clustering.controls:RandomLabels", {}, "random labels", "control", "", "clusters"),
}

"""The directional study: log-Bessel functions, von Mises-Fisher fits, clusters of directions."""

from __future__ import annotations

from seedbed.core.study import Figure, Method, Metric, Study
from seedbed.directional.scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.directional"
_PAPER = (
    "Plesner, Sørensen and Hauberg (2024), Accurate Computation of the Logarithm of Modified Bessel Functions on GPUs"
)
_DEBYE = "DLMF 10.41, its logarithm taken term by term; see seedbed.directional.bessel"
_BANERJEE = "Banerjee, Dhillon, Ghosh and Sra (2005), Clustering on the unit hypersphere, JMLR 6"
_DHILLON = "Dhillon and Modha (2001), Concept decompositions for large sparse text data"
_LLOYD = "Lloyd (1982); Arthur and Vassilvitskii (2007)"
_MARDIA = "Mardia and Jupp (2000), section 10.3"


def _bessel(module: str, name: str, label: str, reference: str, role: str = "baseline", **params: object) -> Method:
    return Method(f"{_HERE}.{module}:{name}", params, label, role, reference, "bessel")


def _law(module: str, name: str, label: str, reference: str, role: str = "baseline", **params: object) -> Method:
    return Method(f"{_HERE}.{module}:{name}", params, label, role, reference, "concentration")


def _mixture(label: str, **params: object) -> Method:
    params = {"n_init": 5, **params}
    return Method(f"{_HERE}.vmf_mixture:VonMisesFisherMixture", params, label, "ours", _BANERJEE, "clusters")


METHODS = {
    "bessel": _bessel("own_bessel", "OwnBessel", "log-Bessel functions, compiled", _DEBYE, "ours", backend="auto"),
    "bessel_numpy": _bessel("own_bessel", "OwnBessel", "log-Bessel functions, NumPy", _DEBYE, "ours", backend="numpy"),
    "expression_table": _bessel("expression_table", "ExpressionTable", "the paper's expression table", _PAPER),
    "scipy_bessel": _bessel("peer_scipy", "ScipyBessel", "SciPy, log of ive and kve", "Amos (1986), ACM TOMS 644"),
    "mpmath_bessel": _bessel("peer_mpmath", "MpmathBessel", "mpmath, 15 digits", "Johansson (2013), mpmath"),
    "tfp_bessel": _bessel("peer_tfp", "TfpBessel", "TensorFlow Probability", "Dillon et al. (2017), arXiv:1711.10604"),
    "leading_term": _bessel("leading_term", "LeadingTerm", "leading term alone", "", "control"),
    "mle": _law("von_mises_fisher", "VonMisesFisher", "maximum likelihood", _MARDIA, "ours"),
    "mle_corrected": _law(
        "von_mises_fisher",
        "VonMisesFisher",
        "maximum likelihood, bias of R removed",
        _MARDIA,
        "ours",
        bias_correction=True,
    ),
    "banerjee": _law("kappa_banerjee", "BanerjeeEstimator", "Banerjee's approximation", _BANERJEE),
    "tanabe": _law("kappa_tanabe", "TanabeEstimator", "Tanabe's secant step", "Tanabe et al. (2007)"),
    "sra": _law("kappa_sra", "SraEstimator", "Sra's two Newton steps", "Sra (2012), Comput. Statist. 27"),
    "hornik_gruen": _law(
        "kappa_hornik_gruen", "HornikGruenEstimator", "Hornik and Grün's bounds, Brent", "Hornik and Grün (2014)"
    ),
    "scipy_vmf": _law("peer_scipy_vmf", "ScipyVonMisesFisher", "SciPy's vonmises_fisher.fit", "SciPy 1.11"),
    "uniform_law": _law("directional_controls", "UniformLaw", "uniform law", "", "control"),
    "vmf_mixture": _mixture("vMF mixture, soft"),
    "vmf_mixture_hard": _mixture("vMF mixture, hard", assignment="hard"),
    "vmf_mixture_shared": _mixture("vMF mixture, shared kappa", shared_concentration=True),
    "spherical_kmeans": Method(
        f"{_HERE}.spherical_kmeans:SphericalKMeans", {"n_init": 5}, "spherical k-means", "ours", _DHILLON, "clusters"
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
    "random_labels": Method(
        f"{_HERE}.directional_controls:RandomLabels", {}, "random labels", "control", "", "clusters"
    ),
}


def _metric(name: str, label: str, task: str, direction: str = "lower", unit: str = "") -> Metric:
    floor = 1e-17 if "error" in name and task != "clusters" else None
    return Metric(f"{_HERE}.metrics:{name}", label, direction, unit, task, floor)


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
    "held_out_mixture_log_likelihood": _metric(
        "held_out_log_likelihood", "held-out log-likelihood", "clusters", "higher", _NATS
    ),
}

FIGURES = {
    "pictures": Figure(
        f"{_HERE}.pictures:pictures",
        "The first data set of every scenario",
        "study",
        "data",
        "Points of the plane; distances from the mean direction of one law; clusters on their principal axes.",
    ),
    "error_maps": Figure(
        f"{_HERE}.error_map:error_maps",
        "Errors over the plane of orders and arguments",
        "study",
        caption="The largest error over the condition in each bin; pink where a result is not finite.",
    ),
    "kappa_by_dimension": Figure(
        f"{_HERE}.figures:kappa_by_dimension",
        "Error of the concentration against the dimension",
        "study",
        caption="Against the exact maximum-likelihood estimate; wrong by more than a factor of two: on the upper edge.",
    ),
    "speed_by_region": Figure(
        f"{_HERE}.figures:speed_by_region",
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
        "its library could not be had; the paper's GPU timings are not tested."
    ),
    adapter=f"{_HERE}.methods:fit",
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    environment="numba",
    libraries=("sklearn.cluster", "sklearn.mixture", "seedbed.directional.own_bessel"),  # with the compiled kernels
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
    bibtex="""
@inproceedings{plesner2024accurate,
  title = {Accurate Computation of the Logarithm of Modified {Bessel} Functions on {GPUs}},
  author = {Plesner, Andreas and S{\\o}rensen, Hans Henrik Brandenborg and Hauberg, S{\\o}ren},
  booktitle = {Proceedings of the 38th ACM International Conference on Supercomputing},
  year = {2024},
  eprint = {2409.08729},
  archiveprefix = {arXiv},
}

@article{banerjee2005clustering,
  title = {Clustering on the Unit Hypersphere using von {Mises-Fisher} Distributions},
  author = {Banerjee, Arindam and Dhillon, Inderjit S. and Ghosh, Joydeep and Sra, Suvrit},
  journal = {Journal of Machine Learning Research},
  volume = {6},
  pages = {1345--1382},
  year = {2005},
}

@misc{dlmf,
  title = {{NIST} Digital Library of Mathematical Functions, section 10.41},
  author = {{NIST}},
  howpublished = {dlmf.nist.gov},
}
""",
)

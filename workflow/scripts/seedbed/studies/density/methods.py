"""The methods of the density study: ours, kernel estimates of others, mixtures, oracles, and simulated sums."""

from __future__ import annotations

from seedbed.core.study import Method, Role

from .scenarios import DENSITY, LAW

_OURS = "seedbed.density.estimator.high_dimensional_kde:HighDimensionalKDE"
_PEERS = "seedbed.studies.density.peers"
_PAPER = "Biroli and Mézard (2024), Kernel density estimators in large dimensions, arXiv:2408.05807"
_DUIN = "Duin (1976), On the choice of smoothing parameters for Parzen estimators"
_JONES = "Jones (1991); Liu and West (2001)"
_ABRAMSON = "Breiman, Meisel and Purcell (1977); Abramson (1982)"
_SKLEARN = "scikit-learn, KernelDensity and GridSearchCV"

FEW_ROWS = 1000  # for what costs an exponential per bandwidth
FACTORS = {"c050": 0.5, "c070": 0.7, "c085": 0.85, "c100": 1.0, "c110": 1.1, "c125": 1.25, "c141": 1.41, "c200": 2.0,
           "c300": 3.0}  # fmt: skip


def _ours(label: str, reference: str, role: Role = "ours", **params: object) -> Method:
    return Method(_OURS, params, label, role, reference, DENSITY)


def _peer(target: str, label: str, reference: str, role: Role = "baseline", **params: object) -> Method:
    truth = role == "oracle"
    return Method(f"{_PEERS}.{target}", params, label, role, reference, DENSITY, given_the_truth=truth)


METHODS = {
    "loo": _ours("leave-one-out, sphere", _DUIN, covariance="isotropic"),
    "loo_full": _ours("leave-one-out, covariance", _DUIN, covariance="full"),
    "loo_auto": _ours("leave-one-out, best of three shapes", _DUIN),
    "loo_ml": _ours("leave-one-out, kernel matrix by EM", "Leiva-Murillo and Artés-Rodríguez (2012)",
                    covariance="ml", n_loo=FEW_ROWS),
    "theory": _ours("exact risk of Gaussian data", _PAPER, bandwidth="theory", covariance="full"),
    "nearest": _ours("nearest neighbours' distance", _PAPER, bandwidth="nearest", covariance="full"),
    "keep_covariance": _ours("leave-one-out, covariance kept", _JONES, keep_covariance=True, n_loo=FEW_ROWS),
    "student": _ours("Student's kernel, {df} degrees", _DUIN, kernel="student", df=3.0, covariance="full",
                     n_loo=FEW_ROWS),
    "student_d": _ours("Student's kernel, d degrees", _DUIN, kernel="student", covariance="full", n_loo=FEW_ROWS),
    "adaptive": _ours("widths by neighbours", _ABRAMSON, adaptive="auto", covariance="full", n_loo=FEW_ROWS),
    "scott": _ours("Scott's rule", "Scott (1992), Multivariate density estimation", "baseline", bandwidth="scott",
                   covariance="full"),
    "silverman": _ours("Silverman's rule", "Silverman (1986), Density estimation", "baseline", bandwidth="silverman",
                       covariance="full"),
    "scipy_kde": _peer("kernel_peers:ScipyKDE", "SciPy, default", "SciPy, gaussian_kde"),
    "sklearn_default": _peer("kernel_peers:SklearnKDE", "scikit-learn, grid search", _SKLEARN),
    "sklearn_exact": _peer("kernel_peers:SklearnKDE", "scikit-learn, grid search, leaf_size = n", _SKLEARN, exact=True),
    "gmm_bic": _peer("gaussian_peers:MixtureByBIC", "Gaussian mixture by BIC", "Fraley and Raftery (2002)"),
    "gaussian": _peer("gaussian_peers:OneGaussian", "one Gaussian, maximum likelihood", "maximum likelihood"),
    "ledoit_wolf": _peer("gaussian_peers:OneGaussian", "one Gaussian, Ledoit-Wolf", "Ledoit and Wolf (2004)",
                         covariance="ledoit_wolf"),
    "gaussian_sphere": _peer("gaussian_peers:OneGaussian", "one Gaussian sphere", "", "control", covariance="sphere"),
    "oracle_bandwidth": _peer("best_bandwidth:BestBandwidth", "best bandwidth on the test points", "", "oracle"),
    "oracle_laplace": _peer("best_bandwidth:BestBandwidth", "the same, Laplace's kernel", "", "oracle",
                            kernel="laplace"),
    "oracle_student": _peer("best_bandwidth:BestBandwidth", "the same, Student's kernel, {df} degrees", "", "oracle",
                            kernel="student", df=10.0),
    "true_density": _peer("gaussian_peers:TrueDensity", "true density", "", "oracle"),
    **{
        f"kernel_sum_{name}": Method(
            f"{_PEERS}.kernel_sum:KernelSum", {"factor": factor}, "kernel sum, h = {factor} h_G", "ours", _PAPER, LAW
        )
        for name, factor in FACTORS.items()
    },
}  # fmt: skip

"""Directional statistics: logarithms of modified Bessel functions and von Mises-Fisher models.

Nothing is imported before it is used, and nothing is compiled at import: the kernels are compiled at the
first call and kept on disk.
"""

from seedbed.facade import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "bessel_ratio": "bessel.functions",
        "log_iv": "bessel.functions",
        "log_iv_dv": "bessel.functions",
        "log_iv_dx": "bessel.functions",
        "log_kv": "bessel.functions",
        "log_kv_dv": "bessel.functions",
        "log_kv_dx": "bessel.functions",
        "SphericalKMeans": "sphere.kmeans",
        "concentration_mle": "vmf.concentration",
        "VonMisesFisher": "vmf.estimator",
        "fit_groups": "vmf.groups",
        "VonMisesFisherMixture": "vmf.mixture",
        "log_normalizer": "vmf.normalizer",
        "sample_von_mises_fisher": "vmf.sampling",
    },
)

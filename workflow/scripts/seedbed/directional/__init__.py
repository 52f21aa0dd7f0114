"""Directional statistics: logarithms of modified Bessel functions and von Mises-Fisher models.

Nothing is imported before it is used, and nothing is compiled at import: the kernels are compiled at the
first call and kept on disk.
"""

from __future__ import annotations

import importlib

_HOME = {
    "log_iv": "bessel",
    "log_kv": "bessel",
    "bessel_ratio": "bessel",
    "log_iv_dx": "bessel",
    "log_kv_dx": "bessel",
    "log_iv_dv": "bessel",
    "log_kv_dv": "bessel",
    "concentration_mle": "concentration",
    "log_normalizer": "vmf_normalizer",
    "VonMisesFisher": "von_mises_fisher",
    "VonMisesFisherMixture": "vmf_mixture",
    "SphericalKMeans": "spherical_kmeans",
    "fit_groups": "vmf_groups",
    "sample_von_mises_fisher": "vmf_sampling",
}
__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__

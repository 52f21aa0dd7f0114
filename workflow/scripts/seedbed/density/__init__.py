"""Kernel density estimates in large dimensions: exact sums, bandwidths, and how many points carry a value.

Names are imported on first use; what is compiled is compiled at the first call and kept on disk.
"""

from seedbed.facade import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "loo_bandwidth": "bandwidths.loo_likelihood",
        "HighDimensionalKDE": "estimator.high_dimensional_kde",
        "Diagnosis": "regimes.regimes",
        "local_dimension": "regimes.local_dimension",
        "critical_bandwidths": "theory.condensation",
        "expected_kl": "theory.exact_risk",
        "expected_participation": "theory.exact_risk",
        "optimal_bandwidth": "theory.exact_risk",
    },
)

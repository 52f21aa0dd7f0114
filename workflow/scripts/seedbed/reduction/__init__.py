"""Sufficient dimension reduction for random objects, by the Fréchet cumulative covariance and its competitors.

Names are imported on first use: neither torch nor numba nor scikit-learn is loaded before it is needed.
"""

from seedbed.facade import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "ball_kernel": "fccov.balls",
        "frechet_cumulative_covariance": "fccov.covariance",
        "fccov_independence_test": "fccov.independence_test",
        "GSAVE": "kernels.gsave",
        "GSIR": "kernels.gsir",
        "KernelFCCov": "kernels.kernel_fccov",
        "KSIR": "kernels.ksir",
        "CUME": "linear.cume",
        "DirectionalRegression": "linear.directional_regression",
        "LinearFCCov": "linear.linear_fccov",
        "MAVE": "linear.mave",
        "OPG": "linear.opg",
        "PHD": "linear.phd",
        "SAVE": "linear.save",
        "SIR": "linear.sir",
        "WIRE": "linear.wire",
        "FrechetCumulativeNet": "networks.frechet_cumulative_net",
        "MDDNet": "networks.mdd_net",
        "SPACES": "spaces.named",
        "Response": "spaces.response",
        "quantile_vectors": "spaces.wasserstein",
    },
)

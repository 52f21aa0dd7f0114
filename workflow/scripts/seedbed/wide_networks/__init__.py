"""Kernels of infinitely wide networks, and what finite width changes.

Names are imported on first use: kernels and estimators need numba, torch is imported by what takes its modules alone.
"""

from seedbed.facade import lazy_names

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "Activation": "activations.activation",
        "ACTIVATIONS": "activations.registry",
        "as_activation": "activations.registry",
        "leaky_relu": "activations.registry",
        "hierarchical_kernel": "convolution.hierarchy",
        "cnn_kernel": "convolution.images",
        "exact_learning_curve": "convolution.learning_curves",
        "predicted_exponent": "convolution.learning_curves",
        "batch_extremes": "curvature.batches",
        "predicted_batch_excess": "curvature.batches",
        "spectral_density": "curvature.density",
        "hessian_extremes": "curvature.extremes",
        "ggn_gram": "curvature.gauss_newton",
        "largest_learning_rate": "curvature.learning_rates",
        "advise": "depth_width.advice",
        "critical_initialization": "depth_width.criticality",
        "length_and_angle_maps": "depth_width.criticality",
        "susceptibilities": "depth_width.criticality",
        "expected_vertex": "depth_width.output_law",
        "sample_output_variance": "depth_width.output_law",
        "NNGPRegressor": "estimators.nngp_regressor",
        "NTKClassifier": "estimators.ntk_classifier",
        "NTKRegressor": "estimators.ntk_regressor",
        "WideNetworkRegressor": "estimators.wide_network_regressor",
        "training_curve": "finite_width.dynamics",
        "empirical_ntk": "finite_width.empirical_kernel",
        "linearized": "finite_width.linearization",
        "ntk_kernel": "kernels.ntk_kernel",
        "NNGP": "kernels.process_kernels",
        "NTK": "kernels.process_kernels",
        "coordinate_check": "mup.coordinates",
        "parametrize": "mup.parametrization",
        "transfer_learning_rate": "mup.transfer",
        "angle_profile": "profiles.angle_profile",
        "AngleProfile": "profiles.angle_profile",
    },
)

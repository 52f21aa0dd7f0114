"""The wide_networks study: kernels of infinitely wide networks, and what finite width changes."""

from __future__ import annotations

from typing import Any, Literal

from seedbed.core.study import Direction, Figure, Metric, Study

from .methods import METHODS
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.studies.wide_networks"


def _metric(
    name: str, label: str, task: str, direction: Direction = "lower", module: str = "metrics", **more: Any
) -> Metric:
    return Metric(f"{_HERE}.{module}:{name}", label, direction, task=task, **more)


def _rate(name: str, label: str, task: str, direction: Direction = "none") -> Metric:
    return _metric(name, label, task, direction, "tasks.rate_metrics")


def _curve(name: str, label: str, direction: Direction = "none") -> Metric:
    return _metric(name, label, "batches", direction, "tasks.curvature_metrics")


def _error(name: str, label: str, task: str, direction: Direction = "lower", **more: Any) -> Metric:
    return _metric(name, label, task, direction, "tasks.regression_metrics", **more)


# the first metric of a task is its main one
METRICS = {
    "ode_error": _metric("ode_error", "distance to the linear equation, largest width", "ladder"),
    "deviation_slope": _metric("deviation_slope", "slope of the kernel's deviation by width", "ladder", "none"),
    "movement_slope": _metric("movement_slope", "slope of the kernel's movement by width", "ladder", "none"),
    "ode_slope": _metric("ode_slope", "slope of the distance to the linear equation by width", "ladder", "none"),
    "deviation": _metric("deviation", "deviation of the kernel from its limit", "ladder", "none"),
    "movement": _metric("movement", "movement of the kernel in training", "ladder", "none"),
    "learned_share_slope": _metric("learned_share_slope", "learned shares, realised on predicted", "ladder", "none"),
    "spearman": _metric("spearman", "rank correlation of shares and eigenvalues", "ladder", "none", bounds=(-1.0, 1.0)),
    "mse_to_truth": _metric("mse_to_truth", "squared error against the noiseless function", "stopping"),
    "log_mse": _metric("log_mse", "logarithm of that error", "stopping"),
    "smallest_share": _metric(
        "smallest_share", "smallest over largest eigenvalue", "sphere", "higher", log_floor=1e-20
    ),
    "log_condition": _metric("log_condition", "log10 of the largest over the smallest", "sphere", "none"),
    "largest_size_error": _metric(
        "largest_size_error", "expected error at the largest size", "locality", log_floor=1e-9
    ),
    "exponent": _metric("exponent", "exponent of the learning curve", "locality", "higher"),
    "log2_exponent": _metric("log2_exponent", "log2 of the exponent", "locality", "none"),
    "exponent_gap": _metric("exponent_gap", "exponent less the predicted one", "locality", "none"),
    "relative_variance": _metric("relative_variance", "relative variance of the output's size", "gaussianity"),
    "vertex_ratio": _metric("vertex_ratio", "the same over what is predicted", "gaussianity", "none"),
    "vertex_over_limit": _metric(
        "vertex_over_limit", "the same over the limit of its depth/width", "gaussianity", "none"
    ),
    "vertex_rate": _metric("vertex_rate", "log(1 + V/K^2) for each layer", "gaussianity", "none"),
    "log_rate_gap": _metric("log_rate_gap", "change of log norms a layer, less the predicted", "gaussianity", "none"),
    "log_norm_change": _metric("log_norm_change", "|log10 of the change of the median norm|", "gaussianity", "none"),
    "slope_gap": _curve("slope_gap", "distance of the excess' exponent from one", "lower"),
    "excess_slope": _curve("excess_slope", "exponent of the largest eigenvalue's excess in 1/B - 1/N"),
    "least_excess": _curve("least_excess", "least excess of the largest eigenvalue, relative"),
    "least_deficit": _curve("least_deficit", "least distance below the full Hessian's smallest eigenvalue"),
    "predicted_share": _curve("predicted_share", "crude second order over the excess found"),
    "least_loss": _rate("least_loss", "least loss over the grid, batches of 32", "lr_map", "lower"),
    "max_lr_slope": _rate("max_lr_slope", "slope of the largest usable rate by batch size", "lr_map"),
    "max_lr_slope_same_writers": _rate(
        "max_lr_slope_same_writers", "the same, digits of the same writers held out", "lr_map"
    ),
    "best_lr_slope": _rate("best_lr_slope", "slope of the best rate by batch size", "lr_map"),
    "best_lr_slope_same_writers": _rate(
        "best_lr_slope_same_writers", "the same, digits of the same writers held out", "lr_map"
    ),
    "best_loss": _rate("best_loss", "least loss at the largest width", "widths", "lower"),
    "lr_shift": _rate("lr_shift", "slope of the best rate by width", "widths"),
    "feature_slope": _rate("feature_slope", "slope of the change of features by width", "widths"),
    "single_index_error": _error("relative_error", "error over the response's variance", "features"),
    "relative_error": _error("relative_error", "error over the response's variance", "hierarchy", log_floor=1e-6),
    "remaining_error": _error("relative_error", "the same, as what is left to learn", "hierarchy", "none"),
    "r2_of_inner": _error("r2_of_inner", "R^2 of the inner function", "hierarchy", "higher", bounds=(0.0, 1.0)),
    "kernel_gain": _error("kernel_gain", "natural log of the best kernel's error over layerwise", "hierarchy", "none"),
    "prediction_error": _error("prediction_error", "share of wrong classes, or error over variance", "tables"),
    "accuracy": _error("accuracy", "accuracy", "tables", "higher", bounds=(0.0, 1.0)),
    "table_error": _error("relative_error", "error over the response's variance", "tables"),
}


def _figure(target: str, title: str, caption: str, kind: Literal["data", "result"] = "result") -> Figure:
    return Figure(f"{_HERE}.figures.{target}", title, "study", kind, caption)


FIGURES = {
    "output_sizes": Figure(
        f"{_HERE}.figures.output_laws:output_sizes",
        "How large the outputs of random networks are",
        "study",
        "data",
        "Of the first replicate: the variance of an output given the hidden weights, over its value at the start.",
    ),
    "kernel_profiles": _figure(
        "limits:kernel_profiles",
        "What the kernels are functions of",
        "Of ReLU networks without biases: the angle alone, whatever the depth; right: the tree of a convolutional one.",
        "data",
    ),
    "network_to_kernel": _figure(
        "ladder:network_to_kernel",
        "From network to kernel",
        "Geometric means over replicates, shaded their extremes.",
    ),
    "learned_first": _figure(
        "ladder:learned_first",
        "What is learned first",
        "First replicate, largest width, components of the kernel by falling eigenvalue: dots are the network, lines "
        "what the limit kernel predicts.",
    ),
    "learning_curves": _figure(
        "learning_curves:learning_curves",
        "How fast kernels of convolutional networks learn local targets",
        "Expected squared error over the target's variance; dotted: the exponent that is predicted.",
    ),
    "vertex_by_ratio": _figure(
        "vertex:vertex_by_ratio",
        "How far from Gaussian, by depth over width",
        "Means and extremes over replicates; lines are the laws of wide ReLU and of tanh networks.",
    ),
    "loss_maps": _figure(
        "rates:loss_maps",
        "Which learning rates a batch size allows",
        "Median loss on digits of other writers; white: small, black: no better than a constant.",
    ),
    "batch_eigenvalues": _figure(
        "rates:batch_eigenvalues",
        "Curvature of batches beside that of the whole",
        "Means over batches and replicates; dotted: the crude second order, a lower estimate.",
    ),
    "losses_by_width": _figure(
        "rates:losses_by_width",
        "Does the best learning rate drift with width?",
        "Median training loss over replicates, darker: wider; dots: the least loss of each width.",
    ),
    "errors_and_times": _figure(
        "tables:errors_and_times",
        "Small tables: error and time",
        "Share of wrong classes, or squared error over variance; tuning counts. Splits of one table overlap.",
    ),
}

STUDY = Study(
    name="wide_networks",
    title="Kernels of infinitely wide networks, and what finite width changes",
    question=(
        "What does a network of infinite width compute, how fast do networks of finite width approach it, and what "
        "does it leave out? Which functions do its kernels learn, which initial scales survive depth, which learning "
        "rates survive width and batch size, and are the kernels of use on small tables? Of the seven papers the "
        "abstracts could be read; networks are small here, and data are simulated or those that scikit-learn ships."
    ),
    adapter=f"{_HERE}.adapter:fit",
    calls=("fit", "measure"),
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    tried_on=("friedman_noise_1",),
    environment="torch",
    libraries=(
        "scipy.linalg",
        "scipy.stats",
        "sklearn.gaussian_process",
    ),
    references=(
        "A. Jacot, F. Gabriel, C. Hongler (2018). Neural Tangent Kernel: Convergence and Generalization in Neural "
        "Networks. NeurIPS. arXiv:1806.07572",
        "F. Cagnetta, A. Favero, M. Wyart (2023). What Can Be Learnt With Wide Convolutional Neural Networks? ICML. "
        "arXiv:2208.01003",
        "D. A. Roberts, S. Yaida, B. Hanin (2022). The Principles of Deep Learning Theory. Cambridge University Press. "
        "arXiv:2106.10165",
        "D. Granziol, S. Zohren, S. Roberts (2022). Learning Rates as a Function of Batch Size. JMLR. arXiv:2006.09092",
        "G. Yang, E. J. Hu (2021). Feature Learning in Infinite-Width Neural Networks. ICML. arXiv:2011.14522",
        "Z. Wang, E. Nichani, J. D. Lee (2024). Learning Hierarchical Polynomials with Three-Layer Neural Networks. "
        "ICLR. arXiv:2311.13774",
        "S. Arora, S. S. Du, Z. Li, R. Salakhutdinov, R. Wang, D. Yu (2020). Harnessing the Power of Infinitely Wide "
        "Deep Nets on Small-data Tasks. ICLR. arXiv:1910.01663",
    ),
    method=(
        r"With weights N(0, 1) and layers $z^{l+1} = \sigma_w W \phi(z^l)/\sqrt{n} + \sigma_b b$ the outputs of wide "
        r"networks are Gaussian with the covariance $K^{l+1} = \sigma_b^2 + \sigma_w^2 E\,\phi(u)\phi(v)$, and "
        r"gradient descent on them is descent with the kernel $\Theta^{l+1} = K^{l+1} + \sigma_w^2 E\,\phi'(u)\phi'(v)"
        r"\,\Theta^l$. On homogeneous kernels it is a function of the angle alone, analytic on all of $[0, \pi]$, so "
        "that any depth costs one series."
        "\n\n"
        "One eigendecomposition gives the whole path of ridge, its leave-one-out errors, the evidence and all of "
        r"training. At finite width the law of an output at one input needs no weights: given the squared size $G_l$ "
        r"of a layer the next is $G_{l+1} = C_b + (C_W/n) \sum_j \phi(\sqrt{G_l}\,g_j)^2$, and for ReLU "
        r"$E G^2/(E G)^2 - 1 = (1 + 5/n)^L - 1$."
    ),
    formula=(
        r"\Theta^{l+1} = K^{l+1} + \sigma_w^2\, E\,\phi'(u)\phi'(v)\, \Theta^l, \qquad "
        r"f_t = y - U e^{-S t/n} U^T (y - f_0)"
    ),
)

"""The diffusion study: samplers, paths and fields, judged on laws whose score is exact."""

from __future__ import annotations

from seedbed.core.study import Direction, Figure, Metric, Study

from .methods import METHODS
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.studies.diffusion"


def _metric(
    name: str, label: str, task: str, direction: Direction = "lower", unit: str = "", floor: float | None = None
) -> Metric:
    bounds = (0.0, 1.0) if unit.startswith("share") else None
    return Metric(f"{_HERE}.metrics:{name}", label, direction, unit, task, floor, bounds)


# the first metric of a task is its main one
METRICS = {
    "trajectory_error": _metric("trajectory_error", "distance to the end of the flow", "sampling", floor=1e-4),
    "artefact_share": _metric("artefact_share", "samples beyond data and flow", "sampling", unit="share"),
    "same_basin": _metric("same_basin", "samples that end where the flow ends", "sampling", "higher", "share"),
    "convergence_order": _metric("convergence_order", "order of convergence", "sampling", "higher"),
    "energy_distance": _metric("energy_distance", "energy distance to exact draws", "sampling"),
    "sliced_w2": _metric("sliced_w2", "sliced Wasserstein distance to exact draws", "sampling"),
    "limit_correlation": _metric("limit_correlation", "correlation of limits and artefacts", "sampling", "none"),
    "evaluations": _metric("evaluations", "evaluations of the denoiser", "sampling", "none"),
    "excess_energy": _metric("excess_energy", "kinetic energy over the least", "path"),
    "euler_error_8": _metric("euler_error_8", "error of Euler's method, 8 steps", "path", floor=1e-4),
    "euler_error_16": _metric("euler_error_16", "error of Euler's method, 16 steps", "path", floor=1e-4),
    "energy": _metric("energy", "kinetic energy per dimension", "path"),
    "energy_over_transport": _metric("energy_over_transport", "kinetic energy over the cost of transport", "path"),
    "separation_at_one": _metric("separation_at_one", "separation at a signal-to-noise ratio of 1", "path", "none"),
    "angle_prediction_error": _metric("angle_prediction_error", "angle less what log n / d predicts", "path", "none"),
    "ddim_difference": _metric("ddim_difference", "difference of DDIM between coordinates", "path", floor=1e-17),
    "field_energy_distance": _metric("energy_distance", "energy distance to exact draws", "field"),
    "log_density_error": _metric(
        "log_density_error", "largest error of log densities", "field", unit="nats", floor=1e-9
    ),
    "score_error": _metric("score_error", "squared distance to the score, relative", "field", floor=1e-9),
    "gauge_residual": _metric("gauge_residual", "violation of the gauge condition, relative", "field", floor=1e-17),
    "dimension_error": _metric("dimension_error", "relative error of the dimension", "dimension"),
    "pointwise_error": _metric("pointwise_error", "relative error at single points", "dimension"),
    "relative_dimension": _metric("relative_dimension", "estimate over truth", "dimension", "none"),
    "estimate": _metric("estimate", "estimated dimension", "dimension", "none"),
}

FIGURES = {
    "samples": Figure(
        f"{_HERE}.figures.samples:samples",
        "What samplers make of the same noise",
        "scenario",
        "data",
        "The first samples of the first replicate, as digits or on two principal axes; the flow's own end on top.",
    ),
    "guidance_limits": Figure(
        f"{_HERE}.figures.limits:guidance_limits",
        "How much guidance a sampler can take",
        "study",
        caption="The largest c for which dy/dsigma = c y/sigma stays bounded on a geometric grid from 15 to 0.02.",
    ),
    "stability_regions": Figure(
        f"{_HERE}.figures.limits:stability_regions",
        "Where solvers of equal steps are stable",
        "study",
        caption="Shaded: no factor of the recurrence exceeds one, for y' = lambda y and z = lambda times the step.",
    ),
    "mode_gains": Figure(
        f"{_HERE}.figures.limits:mode_gains",
        "Which variances a sampler gets wrong",
        "study",
        caption="Standard deviation of a Gaussian mode after ten evaluations at guidance 4; black: the flow itself.",
    ),
    "convergence": Figure(
        f"{_HERE}.figures.errors:convergence",
        "Errors by order and number of evaluations",
        "study",
        "convergence",
        "Median distance to the end of the flow on the smooth mixture, over replicates; grey: orders one to four.",
    ),
    "errors_and_artefacts": Figure(
        f"{_HERE}.figures.errors:errors_and_artefacts",
        "Error and artefacts by guidance and evaluations",
        "study",
        caption="Geometric mean of the error, and mean share of samples beyond data and flow, over replicates.",
    ),
    "cone": Figure(
        f"{_HERE}.figures.paths:cone",
        "Paths on the unrolled cone",
        "study",
        caption="In these coordinates energy is length squared: the path of least energy is the straight chord.",
    ),
    "separation": Figure(
        f"{_HERE}.figures.paths:separation",
        "What n and d do to the separation",
        "study",
        caption="The cone's angle over pi/2, for n normal points in d dimensions; line: what log n / d predicts.",
    ),
    "gauge_and_dimension": Figure(
        f"{_HERE}.figures.dimensions:gauge_and_dimension",
        "What a gauge does to estimates of dimension",
        "study",
        caption="Mean estimate over replicates for a sphere of dimension 2, by the norm of the gauge.",
    ),
}

STUDY = Study(
    name="diffusion",
    title="Samplers, paths and fields of diffusion, on laws whose score is exact",
    question=(
        "Which sampler follows the flow in few evaluations, also under guidance; does momentum cure "
        "artefacts, or do the "
        "coefficients of the actual grid? Which path has least kinetic energy, and is it easier to "
        "follow? Must a field be "
        "conservative to sample well, to give densities, and to show the dimension of the data? No model "
        "is trained: every "
        "law here has a denoiser in closed form, so that errors are the samplers' own. Whether the same "
        "holds for learned "
        "scores cannot be seen here."
    ),
    adapter=f"{_HERE}.adapter:fit",
    calls=("sample", "noise_level", "build", "fit"),
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    tried_on=("digits_w8_n10", "mixture_paths", "field_1", "sphere_2"),
    environment="numba",
    libraries=(
        "sklearn.datasets",
        "scipy.spatial",
        "scipy.stats",
        "seedbed.diffusion.laws.softmax_kernels",
        "seedbed.diffusion.dimension.nearest_loops",
    ),
    references=(
        "S. Wizadwongsa, W. Chinchuthakun, P. Khungurn, A. Raj, S. Suwajanakorn (2024). Diffusion "
        "Sampling with Momentum "
        "for Mitigating Divergence Artifacts. ICLR. arXiv:2307.11118",
        "N. Shaul, R. T. Q. Chen, M. Nickel, M. Le, Y. Lipman (2023). On Kinetic Optimal Probability "
        "Paths for Generative "
        "Models. ICML. arXiv:2306.06626",
        "C. Horvat, J.-P. Pfister (2024). On gauge freedom, conservativity and intrinsic dimensionality estimation in "
        "diffusion models. ICLR. arXiv:2402.03845",
    ),
    method=(
        r"With $y = x_t/a_t$ and $\sigma = m_t/a_t$ every schedule has the same flow, $dy/d\sigma = (y - "
        r"D(y,\sigma))/\sigma$, "
        "where $D$ is the posterior mean of the clean point. A solver is a set of weights of past "
        "slopes, found once for a "
        "grid. Momentum replaces the slope by a running mean; Adams' coefficients of the actual grid integrate the "
        r"polynomial through the past slopes exactly, in powers of $\sigma^q$."
        "\n\n"
        r"The kinetic energy of a path $x_t = \alpha x_1 + \sigma x_0$ depends on the data through one "
        r"function of the angle "
        r"$\theta = \arctan(\alpha/\sigma)$. With $\varphi = \int\sqrt{w}\,d\theta$ the plane of "
        r"$(\alpha, \sigma)$ becomes a "
        r"flat cone of angle $\Phi$, and the path of least energy a straight line. To a score a gauge "
        r"field may be added, "
        r"$\nabla\cdot r + r\cdot\nabla\log p = 0$, which changes no marginal."
    ),
    formula=(
        r"\frac{dy}{d\sigma} = \frac{y - D(y, \sigma)}{\sigma}, \qquad y_{n+1} = y_n + \sum_{j<p} w_j\,"
        r"\varepsilon_{n-j}, \qquad \min E = 2\,(1 - \cos\Phi)"
    ),
)

"""The reduction study: sufficient dimension reduction for random objects."""

from __future__ import annotations

from typing import Any

from seedbed.core.study import Direction, Figure, Metric, Study

from .methods import METHODS
from .scenarios import GENERATORS, KNOWN, SCENARIOS

_HERE = "seedbed.studies.reduction"


def _metric(
    name: str, label: str, direction: Direction = "higher", unit: str = "", task: str = KNOWN, **more: Any
) -> Metric:
    return Metric(f"{_HERE}.metrics:{name}", label, direction, unit, task, **more)


# the first metric of a task is its main one
METRICS = {
    "distance_correlation": _metric(
        "distance_correlation", "distance correlation with the true predictor", bounds=(0.0, 1.0)
    ),
    "predictor_recovery": _metric("predictor_recovery", "R² of the true predictor by nearest neighbours"),
    "prediction_error": _metric(
        "prediction_error", "error of a local Fréchet regression", "lower", "share of the Fréchet variance", ""
    ),
    "subspace_distance": _metric("subspace_distance", "distance from the true directions", "lower"),
}

FIGURES = {
    "training_data": Figure(
        f"{_HERE}.figures.response:training_data",
        "Training responses",
        kind="data",
        caption="Of the first replicate, by the true predictor, or by the features' first principal component.",
    ),
    "predictors": Figure(f"{_HERE}.figures.predictor:predictors", "Estimated against true predictor"),
    "responses": Figure(
        f"{_HERE}.figures.response:responses",
        "Responses along the first estimated component",
        caption="Test responses of the first replicate, which have no outliers, by what the best of our methods found.",
    ),
    "variables": Figure(
        f"{_HERE}.figures.variables:variables",
        "Which variables matter",
        caption=(
            "Means over replicates with their spread (5 % to 95 %). Variables that go together share what they tell: "
            "none of them is then indispensable."
        ),
    ),
    "robustness": Figure(f"{_HERE}.figures.outliers_and_time:robustness", "What outlying responses cost", "study"),
    "time_by_size": Figure(f"{_HERE}.figures.outliers_and_time:time_by_size", "Time against the sample size", "study"),
}

STUDY = Study(
    name="reduction",
    title="Sufficient dimension reduction for random objects by Fréchet cumulative covariance",
    question=(
        "Which method finds the functions of the features that a random object depends on, when some responses are "
        "outliers, and at what cost? The paper's own models, tables and settings could not be read, and there is no "
        "public code of it: the simulated models are documented ones of its predecessors, and the settings of its net "
        "are ours."
    ),
    adapter=f"{_HERE}.adapter:fit",
    calls=("fit",),
    given=("n_components", "metric", "random_state"),
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    tried_on=("euclidean_a", "distributions", "diabetes"),
    environment="torch",
    # what a fit would import when it first needs it, for three seconds
    libraries=(
        "torch",
        "torch._dynamo",
        "sklearn.neighbors",
        "seedbed.reduction.fccov.ball_loops",
        "seedbed.reduction.networks.frechet_cumulative_net",
    ),
    references=(
        "Yuan, Wang, Yu (2025). Fréchet Cumulative Covariance Net for Deep Nonlinear Sufficient Dimension "
        "Reduction with Random Objects. arXiv:2502.15374",
        "Chen, Jiao, Qiu, Yu (2024). Deep nonlinear sufficient dimension reduction. Annals of Statistics 52, 1201-1226",
        "Lee, Li, Chiaromonte (2013). A general theory for nonlinear sufficient dimension reduction: "
        "formulation and estimation. Annals of Statistics 41, 221-249",
        "Zhang, Xue, Li (2023). Dimension reduction for Fréchet regression. JASA. Simulated models from its "
        "code, github.com/bideliunian/DR4FrechetReg",
    ),
    method=(
        "The response $Y$ lies in a metric space with distance $d$: a distribution, a matrix, a point on a sphere. The "
        "Fréchet cumulative covariance of a number $U$ with it asks how $U$ goes with the events that $Y$ lies in a "
        "ball around one copy of it and through another. It sees distances by their order alone, so that outlying "
        "responses count for little. The net maximises it over functions $f$ of the features, with a penalty that "
        "keeps their variances at one.\n\n"
        "On a sample the measure is a quadratic form in the values of $f$, with a kernel of the responses that is "
        "computed once: a step of the training then costs one product of matrices. Linear and kernel versions have "
        "closed forms."
    ),
    formula=(
        r"\mathrm{FCCov}(U \mid Y) = E \left[ \mathrm{cov}^2 \left( U, 1\{ d(Y, \tilde Y) < d(\bar Y, \tilde Y) \} "
        r"\mid \bar Y, \tilde Y \right) \right]"
        "\n"
        r"\max_f \ \sum_{t=1}^d \mathrm{FCCov}(f_t(X) \mid Y) - \lambda \| \mathrm{Var} f(X) - I_d \|_F^2"
    ),
)

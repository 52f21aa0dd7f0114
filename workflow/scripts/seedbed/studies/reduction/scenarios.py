"""The generators of the reduction study, and their named presets."""

from __future__ import annotations

from seedbed.core.statistics.resampling import UNKNOWN_SHARE
from seedbed.core.study import Generator, Scenario

_DATA = "seedbed.studies.reduction.data"

# the true sufficient predictor is known in the first task, and not in the second
KNOWN, OBSERVED = "known predictor", "observed"


def _generator(target: str, task: str, overlap: str = "", files: tuple[str, ...] = ()) -> Generator:
    return Generator(f"{_DATA}.{target}", files=files, task=task, overlap=overlap)


GENERATORS = {
    "euclidean_model": _generator("euclidean_models:EuclideanModel", KNOWN),
    "distribution_model": _generator("distribution_models:DistributionModel", KNOWN),
    "matrix_model": _generator("matrix_models:MatrixModel", KNOWN),
    "sphere_model": _generator("sphere_models:SphereModel", KNOWN),
    "digit_distributions": _generator("shipped:DigitDistributions", KNOWN, UNKNOWN_SHARE),
    "digit_labels": _generator("shipped:DigitLabels", OBSERVED, UNKNOWN_SHARE),
    "diabetes": _generator("shipped:Diabetes", OBSERVED, UNKNOWN_SHARE),
    "user_table": _generator("user_table:UserTable", OBSERVED, files=("path", "distances")),
    "image_folder": _generator("image_folder:ImageFolder", OBSERVED, UNKNOWN_SHARE, ("path", "ratings")),
}

_OUTLIERS = ", 10 % outlying responses"


def _presets(name: str, generator: str, label: str, **params: object) -> dict[str, Scenario]:
    """A scenario, and the same with outliers."""
    return {
        name: Scenario(generator, params, label),
        f"{name}_outliers": Scenario(generator, {**params, "outliers": 0.1}, label + _OUTLIERS),
    }


SCENARIOS = {
    **_presets("euclidean_a", "euclidean_model", "numbers, model A", model="A"),
    **_presets("euclidean_b", "euclidean_model", "numbers, model B", model="B"),
    **_presets("euclidean_c", "euclidean_model", "numbers, model C", model="C"),
    **_presets("euclidean_d", "euclidean_model", "numbers, model D-IV: mean and spread", model="D-IV"),
    **_presets("euclidean_e", "euclidean_model", "numbers, model E-IV: spread alone", model="E-IV"),
    **_presets("euclidean_g", "euclidean_model", "numbers, model G-IV: mean and spread", model="G-IV"),
    **_presets("distributions", "distribution_model", "distributions, location", model="location"),
    **_presets("distributions_two", "distribution_model", "distributions, location and scale", model="location_scale"),
    **_presets("distributions_linear", "distribution_model", "distributions, model I-2", model="I-2"),
    **_presets("matrices", "matrix_model", "2 x 2 matrices, log-Cholesky", model="nonlinear"),
    **_presets(
        "matrices_linear", "matrix_model", "3 x 3 matrices, model II-2", model="II-2", metric="affine_invariant"
    ),
    **_presets("sphere", "sphere_model", "points on the sphere", model="nonlinear"),
    **_presets("sphere_linear", "sphere_model", "points on the sphere, model III-2", model="III-2"),
    "digits": Scenario("digit_distributions", {}, "digit images; distributions by ink mass and slant"),
    "digits_labels": Scenario("digit_labels", {}, "digit images; digits as labels"),
    "diabetes": Scenario("diabetes", {}, "diabetes: disease progression"),
}

"""The generators of the density study, and their named presets."""

from __future__ import annotations

from seedbed.core.statistics.resampling import UNKNOWN_SHARE
from seedbed.core.study import Generator, Scenario

_DATA = "seedbed.studies.density.data"

# densities are estimated in the first task; in the second, one kernel sum is looked at over many data sets
DENSITY, LAW = "density", "law"


def _generator(target: str, task: str = DENSITY, overlap: str = "", files: tuple[str, ...] = ()) -> Generator:
    return Generator(f"{_DATA}.{target}", files=files, task=task, overlap=overlap)


GENERATORS = {
    "gaussian_law": _generator("gaussian:GaussianLaw"),
    "gaussian_mixture_law": _generator("simulated:GaussianMixtureLaw"),
    "circles_law": _generator("simulated:CirclesLaw"),
    "heavy_tailed_law": _generator("simulated:HeavyTailedLaw"),
    "digit_axes": _generator("digits:DigitAxes", overlap=UNKNOWN_SHARE),
    "user_table": _generator("user_table:UserTable", files=("path",)),
    "sums_of_one_query": _generator("laws:SumsOfOneQuery", LAW),
}


def _gaussian(n_features: int, n_samples: int = 1000) -> Scenario:
    params = {"n_features": n_features, "n_samples": n_samples}
    return Scenario("gaussian_law", params, "Gaussian, d = {n_features}, n = {n_samples}")


def _law(n_features: int) -> Scenario:
    return Scenario(
        "sums_of_one_query",
        {"n_features": n_features, "n_samples": 10_000},
        "one query, d = {n_features}, n = {n_samples}",
    )


# what a label speaks of stands here
_TEN = {"n_features": 10, "n_samples": 1000}

SCENARIOS = {
    "gauss_d10": _gaussian(10),
    "gauss_d20": _gaussian(20),
    "gauss_d20_n4000": _gaussian(20, 4000),
    "gauss_d40": _gaussian(40),
    "gauss_d60_n4000": _gaussian(60, 4000),
    "correlated_d20": Scenario(
        "gaussian_law",
        {"n_features": 20, "n_samples": 1000, "spectrum": "harmonic"},
        "Gaussian, d = {n_features}, eigenvalues 1/j, n = {n_samples}",
    ),
    "mixture_d10": Scenario(
        "gaussian_mixture_law",
        {**_TEN, "n_components": 4},
        "{n_components} Gaussian components, d = {n_features}, n = {n_samples}",
    ),
    "circles_d10": Scenario("circles_law", _TEN, "noisy circles, d = {n_features}, n = {n_samples}"),
    "heavy_d10": Scenario(
        "heavy_tailed_law",
        {**_TEN, "df": 3.0},
        "Student's law, {df} degrees of freedom, d = {n_features}, n = {n_samples}",
    ),
    "digits16": Scenario(
        "digit_axes", {"n_features": 16, "n_samples": 1200}, "digits on {n_features} principal axes, n = {n_samples}"
    ),
    "law_d20": _law(20),
    "law_d30": _law(30),
    "law_d40": _law(40),
}

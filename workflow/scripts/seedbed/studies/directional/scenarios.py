"""The generators of the directional study, and their named presets."""

from __future__ import annotations

from seedbed.core.statistics.resampling import UNKNOWN_SHARE
from seedbed.core.study import Generator, Scenario

_DATA = "seedbed.studies.directional.data"


def _generator(target: str, task: str, files: tuple[str, ...] = (), overlap: str = "") -> Generator:
    return Generator(f"{_DATA}.{target}", files=files, task=task, overlap=overlap)


GENERATORS = {
    "plane_points": _generator("plane_points:PlanePoints", "bessel"),
    "vmf_sample": _generator("vmf_laws:VMFSample", "concentration"),
    "digit_law": _generator("features:DigitLaw", "concentration", overlap=UNKNOWN_SHARE),
    "feature_law": _generator("user_table:FeatureLaw", "concentration", ("path",)),
    "vmf_mixture": _generator("vmf_laws:VMFMixture", "clusters"),
    "digit_features": _generator("features:DigitFeatures", "clusters", overlap=UNKNOWN_SHARE),
    "feature_file": _generator("user_table:FeatureFile", "clusters", ("path",)),
    "user_table": _generator("user_table:FeatureFile", "clusters", ("path",)),
}

_FUNCTIONS = {"iv": "log I", "kv": "log K", "ratio": "ratio"}
_REGIONS = {
    "mixed": "all regions, zero curve and switching zones oversampled",
    "log_uniform": "v and x log-uniform in [1e-3, 1e6]",
    "moderate": "v and x up to 150",
    "zero_curve": "within 10 % of the curve where log I and log K vanish",
    "switching_zone": "10 < hypot(v, x) < 60",
    "tiny_argument": "x down to 1e-300",
    "order_zero": "v = 0",
    "half_integer": "half-integer orders",
}


def _plane(function: str, region: str) -> Scenario:
    label = f"{_FUNCTIONS[function]}: {_REGIONS[region]}"
    return Scenario("plane_points", {"function": function, "region": region}, label)


def _law(dimension: int, concentration: float, n_samples: int = 300, n_test: int = 100) -> Scenario:
    params = {"dimension": dimension, "concentration": concentration, "n_samples": n_samples, "n_test": n_test}
    label = "one law, p = {dimension}, kappa = {concentration}"
    return Scenario("vmf_sample", params, label)


def _mixture(label: str, dimension: int, concentrations: list[float], **params: float) -> Scenario:
    return Scenario("vmf_mixture", {"dimension": dimension, "concentrations": concentrations, **params}, label)


SCENARIOS = {
    **{f"log_i_{region}": _plane("iv", region) for region in _REGIONS},
    **{f"log_k_{region}": _plane("kv", region) for region in _REGIONS},
    **{f"ratio_{region}": _plane("ratio", region) for region in ("mixed", "log_uniform", "moderate", "switching_zone")},
    "law_3": _law(3, 10.0),
    "law_3_concentrated": _law(3, 1e9),
    "law_10": _law(10, 5.0),
    "law_60": _law(60, 100.0),
    "law_67": _law(67, 100.0),
    "law_500": _law(500, 200.0),
    "law_2048": _law(2048, 1000.0),
    "law_8192": _law(8192, 5000.0, n_samples=80, n_test=20),
    "law_32768": _law(32768, 20000.0, n_samples=25, n_test=5),
    "digits_law": Scenario("digit_law", {}, "one law for the digits, pixels"),
    "digits_law_network": Scenario(
        "digit_law", {"representation": "network"}, "one law for the digits, hidden layer of a small network"
    ),
    "mixture_10": _mixture("three laws in {dimension} dimensions", 10, [8.0, 12.0, 20.0]),
    "mixture_50": _mixture("three overlapping laws in {dimension} dimensions", 50, [40.0, 60.0, 80.0], separation=0.35),
    "mixture_500": _mixture(
        "five laws of unequal spread in {dimension} dimensions", 500, [60.0, 100.0, 200.0, 400.0, 800.0]
    ),
    "digits_raw": Scenario("digit_features", {}, "digits, pixels"),
    "digits_normalised": Scenario(
        "digit_features", {"representation": "normalised"}, "digits, pixels scaled to unit length"
    ),
    "digits_network": Scenario(
        "digit_features", {"representation": "network"}, "digits, hidden layer of a small network"
    ),
}

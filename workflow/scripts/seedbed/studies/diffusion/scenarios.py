"""The generators of the diffusion study, and their named presets."""

from __future__ import annotations

from seedbed.core.statistics.resampling import UNKNOWN_SHARE
from seedbed.core.study import Generator, Scenario

_DATA = "seedbed.studies.diffusion.data"

GENERATORS = {
    "guided_digits": Generator(f"{_DATA}.sampling:GuidedDigits", task="sampling", overlap=UNKNOWN_SHARE),
    "mixture_points": Generator(f"{_DATA}.sampling:MixturePoints", task="sampling"),
    "gaussian_modes": Generator(f"{_DATA}.sampling:GaussianModes", task="sampling"),
    "smooth_mixture": Generator(f"{_DATA}.sampling:SmoothMixture", task="sampling"),
    "user_points": Generator(
        f"{_DATA}.user_points:UserPoints", files=("path",), task="sampling", overlap=UNKNOWN_SHARE
    ),
    "digit_paths": Generator(f"{_DATA}.paths:DigitPaths", task="path", overlap=UNKNOWN_SHARE),
    "mixture_paths": Generator(f"{_DATA}.paths:MixturePaths", task="path"),
    "gaussian_paths": Generator(f"{_DATA}.paths:GaussianPaths", task="path"),
    "normal_points": Generator(f"{_DATA}.paths:NormalPoints", task="path"),
    "field_mixture": Generator(f"{_DATA}.fields:FieldMixture", task="field"),
    "manifold_points": Generator(f"{_DATA}.manifolds:ManifoldPoints", task="dimension"),
    "sphere_score": Generator(f"{_DATA}.manifolds:SphereScore", task="dimension"),
    "digit_points": Generator(f"{_DATA}.manifolds:DigitPoints", task="dimension"),
}

GUIDANCES, EVALUATIONS = (1, 4, 8, 15), (6, 8, 10, 20)
POINTS = [(n, d) for n in (16, 256) for d in (16, 64, 256, 1024, 4096)]
NORMS = {"0": 0.0, "03": 0.3, "1": 1.0, "3": 3.0}


def _guided(grid: str, name: str, words: str) -> dict[str, Scenario]:
    """Digits under guidance, a scenario for each guidance and number of evaluations, tuned on draws of its own."""
    return {
        f"{name}_w{w}_n{n}": Scenario(
            "guided_digits", {"guidance": float(w), "n_evaluations": n, "grid": grid},
            f"digits, {words}guidance {w}, {n} evaluations", tune_on=f"{name}_w{w}_n{n}",
        )
        for w in GUIDANCES
        for n in EVALUATIONS
    }  # fmt: skip


def _manifold(shape: str, dimension: int, ambient: int, label: str) -> Scenario:
    return Scenario("manifold_points", {"shape": shape, "dimension": dimension, "ambient": ambient}, label)


SCENARIOS = {
    **_guided("karras", "digits", ""),
    **_guided("timesteps", "timesteps", "timesteps of a latent model, "),
    "mixture": Scenario("mixture_points", {}, "mixture in 16 dimensions, 10 evaluations", tune_on="mixture"),
    "modes": Scenario("gaussian_modes", {}, "Gaussian modes under guidance, 10 evaluations", tune_on="modes"),
    "smooth": Scenario("smooth_mixture", {}, "smooth mixture, 20 to 160 evaluations", tune_on="smooth"),
    "digit_paths": Scenario("digit_paths", {}, "digits"),
    "mixture_paths": Scenario("mixture_paths", {}, "mixture in 16 dimensions"),
    "gaussian_paths": Scenario("gaussian_paths", {}, "Gaussian of unequal variances"),
    **{
        f"points_{n}_d{d}": Scenario("normal_points", {"n_points": n, "dimension": d}, f"{n} points in {d} dimensions")
        for n, d in POINTS
    },
    **{
        f"field_{name}": Scenario("field_mixture", {"norm": norm}, f"mixture, gauge of norm {norm:g}")
        for name, norm in NORMS.items()
    },
    **{
        f"sphere_gauge_{name}": Scenario("sphere_score", {"norm": norm}, f"score of a sphere, gauge of norm {norm:g}")
        for name, norm in NORMS.items()
    },
    "sphere_fourier_3": Scenario(
        "sphere_score", {"norm": 3.0, "gauge": "fourier"}, "score of a sphere, Fourier gauge of norm 3"
    ),
    "sphere_and_line": Scenario("sphere_score", {"line": True}, "score of a sphere and a line"),
    "sphere_2": _manifold("sphere", 2, 10, "sphere of dimension 2 in 10"),
    "sphere_4": _manifold("sphere", 4, 10, "sphere of dimension 4 in 10"),
    "sphere_5": _manifold("sphere", 5, 20, "sphere of dimension 5 in 20"),
    "torus_3": _manifold("torus", 3, 10, "torus of dimension 3 in 10"),
    "swiss_roll": _manifold("swiss_roll", 2, 10, "Swiss roll in 10"),
    "cube_3": _manifold("cube", 3, 10, "cube of dimension 3 in 10"),
    "cube_10": _manifold("cube", 10, 10, "cube of dimension 10"),
    "normal_10": _manifold("normal", 10, 10, "normal law of dimension 10"),
    "digit_points": Scenario("digit_points", {}, "digits, dimension unknown"),
}

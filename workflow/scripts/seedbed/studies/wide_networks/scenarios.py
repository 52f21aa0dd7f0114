"""The generators of the wide_networks study, and their named presets."""

from __future__ import annotations

from seedbed.core.statistics.resampling import UNKNOWN_SHARE
from seedbed.core.study import Generator, Scenario

_DATA = "seedbed.studies.wide_networks.data"

GENERATORS = {
    "sphere_ladder": Generator(f"{_DATA}.ladder:SphereLadder", task="ladder"),
    "noisy_sphere": Generator(f"{_DATA}.noisy_functions:NoisySphere", task="stopping"),
    "noisy_friedman": Generator(f"{_DATA}.noisy_functions:NoisyFriedman", task="stopping"),
    "antipodal_pairs": Generator(f"{_DATA}.antipodal_pairs:AntipodalPairs", task="sphere"),
    "circles_of_patches": Generator(f"{_DATA}.circles_of_patches:CirclesOfPatches", task="locality"),
    "random_networks": Generator(f"{_DATA}.random_networks:RandomNetworks", task="gaussianity"),
    "trained_digits": Generator(f"{_DATA}.digits:TrainedDigits", task="batches", overlap=UNKNOWN_SHARE),
    "batch_ladder": Generator(f"{_DATA}.digits:BatchLadder", task="lr_map", overlap=UNKNOWN_SHARE),
    "width_ladder": Generator(f"{_DATA}.digits:WidthLadder", task="widths", overlap=UNKNOWN_SHARE),
    "single_index": Generator(f"{_DATA}.polynomials:SingleIndex", task="features"),
    "hierarchical_polynomial": Generator(f"{_DATA}.polynomials:HierarchicalPolynomial", task="hierarchy"),
    "shipped_table": Generator(f"{_DATA}.tables:ShippedTable", task="tables"),
    "friedman1": Generator(f"{_DATA}.tables:Friedman1", task="tables"),
    "user_table": Generator(f"{_DATA}.user_table:UserTable", files=("path",), task="tables"),
}

DEPTHS, NOISES = (1, 2, 4), {"05": 0.5, "1": 1.0}
# patches, and how many of them the target depends on
TARGETS = [(2, 1), (2, 2), (4, 1), (4, 2), (4, 4), (8, 1), (8, 8), (16, 1), (16, 16)]
NETWORKS = [(16, 2), (32, 4), (64, 8), (64, 16), (64, 40)]


def _training(depth: int) -> Scenario:
    params = {"depth": depth, "widths": [128], "n_steps": 400, "final_loss": 0.2}
    return Scenario("sphere_ladder", params, f"width 128, {depth} hidden layers, trained to one loss")


def _patches(n: int, d: int, target: str) -> Scenario:
    params = {"n_patches": n, "target_dimension": d, "target": target}
    return Scenario("circles_of_patches", params, f"{target} target of {d} of {n} patches")


SCENARIOS = {
    "ladder": Scenario("sphere_ladder", {}, "widths 64 to 512, 2 hidden layers"),
    **{f"training_depth_{depth}": _training(depth) for depth in DEPTHS},
    **{
        f"sphere_noise_{name}": Scenario("noisy_sphere", {"noise": noise}, f"function on a sphere, noise {noise:g}")
        for name, noise in NOISES.items()
    },
    **{
        f"friedman_noise_{name}": Scenario("noisy_friedman", {"noise": noise}, f"Friedman's function, noise {noise:g}")
        for name, noise in NOISES.items()
    },
    "antipodal_pairs": Scenario("antipodal_pairs", {}, "60 antipodal pairs on a sphere"),
    **{f"patches_{n}_dim_{d}_{target}": _patches(n, d, target) for n, d in TARGETS for target in ("rough", "smooth")},
    **{
        f"net_{width}_{depth}": Scenario(
            "random_networks", {"width": width, "depth": depth}, f"width {width}, {depth} layers"
        )
        for width, depth in NETWORKS
    },
    "trained_digits": Scenario("trained_digits", {}, "digits, a network after 60 steps, batches of 2 to 128"),
    "loss_map": Scenario("batch_ladder", {}, "digits, batches of 2 to 256"),
    "widths": Scenario("width_ladder", {}, "digits, a few steps at every width"),
    "single_index": Scenario("single_index", {}, "quadratic function of one index in 30 dimensions"),
    **{
        f"hierarchical_d{d}": Scenario(
            "hierarchical_polynomial", {"dimension": d}, f"quadratic of a quadratic, d = {d}"
        )
        for d in (8, 12, 16, 24)
    },
    **{
        name: Scenario("shipped_table", {"name": name}, f"{name.replace('_', ' ')}, 200 rows at most")
        for name in ("iris", "wine", "breast_cancer", "digits", "diabetes")
    },
    "friedman1": Scenario("friedman1", {}, "Friedman's first function, 200 rows"),
}

"""The generators of the clustering study, and their named presets.

The simulated presets have n = 120 points; ``simulated.py`` defines the separation and the random covariances.
"""

from __future__ import annotations

from seedbed.core.study import Generator, Scenario

_DATA = "seedbed.studies.clustering.data"

GENERATORS = {
    "gaussian_mixture": Generator(f"{_DATA}.simulated:GaussianMixture"),
    "shipped_dataset": Generator(f"{_DATA}.shipped:ShippedDataset", overlap=f"{_DATA}.shipped:share_of_rows"),
    "user_table": Generator(f"{_DATA}.user_table:UserTable", files=("path",)),
}


def _simulated(label: str, **params: object) -> Scenario:
    return Scenario("gaussian_mixture", {"n_points": 120, **params}, label)


def _shipped(label: str, **params: object) -> Scenario:
    return Scenario("shipped_dataset", params, label)


SCENARIOS = {
    "isotropic": _simulated(
        "four equal spheres in {n_features} dimensions", n_clusters=4, n_features=10, separation=4.0
    ),
    "oriented": _simulated(
        "three ellipsoids of random orientation in {n_features} dimensions",
        n_clusters=3,
        n_features=4,
        separation=4.0,
        condition_number=10.0,
    ),
    "oriented_high_dim": _simulated(
        "three ellipsoids of random orientation in {n_features} dimensions",
        n_clusters=3,
        n_features=20,
        separation=5.0,
        condition_number=10.0,
    ),
    "scales": _simulated(
        "three spheres of scales 0.5, 1 and 2 in {n_features} dimensions",
        n_clusters=3,
        n_features=10,
        separation=4.0,
        scales=[0.5, 1.0, 2.0],
    ),
    "cigars": _simulated(
        "three parallel cigars in {n_features} dimensions", n_clusters=3, n_features=4, separation=4.0, stretch=5.0
    ),
    "unbalanced": _simulated(
        "ellipsoids holding 60, 30 and 10 % of the points",
        n_clusters=3,
        n_features=4,
        separation=5.0,
        condition_number=10.0,
        proportions=[0.6, 0.3, 0.1],
    ),
    "elongated": _simulated(
        "four elongated ellipsoids in {n_features} dimensions",
        n_clusters=4,
        n_features=10,
        separation=6.0,
        condition_number=25.0,
    ),
    "well_separated": _simulated(
        "three ellipsoids of random orientation, far apart",
        n_clusters=3,
        n_features=4,
        separation=12.0,
        condition_number=10.0,
    ),
    # Meant for a grid of n_points (config/scaling.yaml); the second is beyond what any method can recover exactly.
    "many_separated": _simulated(
        "four spheres in {n_features} dimensions, far apart", n_clusters=4, n_features=20, separation=12.0
    ),
    "many_close": _simulated(
        "four spheres in {n_features} dimensions, overlapping", n_clusters=4, n_features=20, separation=4.0
    ),
    "iris": _shipped("Iris flowers", name="iris", sample_size=100),
    "wine": _shipped("Wine", name="wine", sample_size=120),
    "breast_cancer": _shipped(
        "Breast cancer, {pca_dim} principal components",
        name="breast_cancer",
        pca_dim=10,
        sample_size=150,
    ),
    # Pixels share one unit; standardising would blow up those at the rim, which are almost always blank.
    "digits": _shipped(
        "Digits 0 to 9, {pca_dim} principal components",
        name="digits",
        standardise=False,
        pca_dim=10,
        sample_size=200,
    ),
    "digits_three_classes": _shipped(
        "Digits 3, 8 and 9, {pca_dim} principal components",
        name="digits",
        classes=[3, 8, 9],
        standardise=False,
        pca_dim=10,
        sample_size=150,
    ),
}

"""The generators of the Grassmann study, and their named presets."""

from __future__ import annotations

from seedbed.core.statistics.resampling import SHARE_OF_TESTS, UNKNOWN_SHARE
from seedbed.core.study import Generator, Scenario

_DATA = "seedbed.studies.grassmann.data"


def _generator(target: str, task: str, files: tuple[str, ...] = (), overlap: str = "") -> Generator:
    return Generator(f"{_DATA}.{target}", files=files, task=task, overlap=overlap)


GENERATORS = {
    "heldout_strokes": _generator("strokes:HeldoutStrokes", "images"),
    "coarse_strokes": _generator("strokes:CoarseStrokes", "images"),
    "heldout_digits": _generator("digits:HeldoutDigits", "images", overlap=UNKNOWN_SHARE),
    "coarse_digits": _generator("digits:CoarseDigits", "images", overlap=UNKNOWN_SHARE),
    "few_digits": _generator("digits:FewDigits", "images", overlap=UNKNOWN_SHARE),
    "image_classes": _generator("image_folder:ImageClasses", "images", ("path",), UNKNOWN_SHARE),
    "subspace_mixture": _generator("features:SubspaceMixture", "features"),
    "shipped_features": _generator("features:ShippedFeatures", "features", overlap=SHARE_OF_TESTS),
    "feature_classes": _generator("user_table:FeatureClasses", "features", ("path",)),
    "user_table": _generator("user_table:FeatureClasses", "features", ("path",)),
}


# What is tuned is tuned on separate data sets of the same kind. Of real data these are other splits of the same rows;
# of the user's data nothing is tuned unless the config says where (tune_on).
SCENARIOS = {
    "synth_heldout": Scenario(
        "heldout_strokes", {}, "synthetic images, four modes per class; new classes as probe", "synth_heldout"
    ),
    "synth_one_mode": Scenario(
        "heldout_strokes", {"modes": 1}, "synthetic images, one mode per class; new classes as probe", "synth_one_mode"
    ),
    "synth_coarse": Scenario(
        "coarse_strokes", {}, "synthetic images, four modes per coarse label; modes as probe", "synth_coarse"
    ),
    "digits_heldout": Scenario(
        "heldout_digits", {}, "digits (8 x 8), six to learn; the other four as probe", "digits_heldout"
    ),
    "digits_coarse": Scenario("coarse_digits", {}, "digits (8 x 8) in three groups; digits as probe", "digits_coarse"),
    "digits_few": Scenario("few_digits", {}, "digits (8 x 8), eleven training images of each", "digits_few"),
    "image_folder": Scenario("image_classes", {}, "the user's images"),
    "mixture": Scenario("subspace_mixture", {}, "zero-mean mixture of ten four-dimensional subspaces", "mixture"),
    "digits_pixels": Scenario(
        "shipped_features",
        {"name": "digits", "standardise": False},
        "digits, 64 pixels as features",
        "digits_pixels",
    ),
    "wine": Scenario("shipped_features", {"name": "wine"}, "wine (13 features, standardised)", "wine"),
    "breast_cancer": Scenario(
        "shipped_features", {"name": "breast_cancer"}, "breast cancer (30 features, standardised)", "breast_cancer"
    ),
    "iris": Scenario("shipped_features", {"name": "iris"}, "iris (4 features, standardised)", "iris"),
    "feature_file": Scenario("feature_classes", {}, "the user's features"),
}

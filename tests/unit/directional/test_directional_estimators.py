"""scikit-learn's own checks of the three estimators."""

from seedbed.directional import SphericalKMeans, VonMisesFisher, VonMisesFisherMixture
from sklearn.utils.estimator_checks import parametrize_with_checks

NO_DIRECTION = "the check's data hold a row of zeros, which has no direction and is refused with a clear message"
OTHER_START = (
    "seeding draws rows, and draws differ between weighted and repeated rows; equality from a fixed start is tested"
)


def expected_failures(estimator):
    """Checks that cannot pass, each with its reason."""
    names = ("check_estimators_dtypes", "check_estimator_sparse_tag")
    names += ("check_estimator_sparse_array", "check_estimator_sparse_matrix")
    reasons = dict.fromkeys(names, NO_DIRECTION)
    if isinstance(estimator, SphericalKMeans):
        for kind in ("dense", "sparse"):
            reasons[f"check_sample_weight_equivalence_on_{kind}_data"] = OTHER_START
    return reasons


@parametrize_with_checks(
    [VonMisesFisher(), VonMisesFisher(bias_correction=True), SphericalKMeans(), VonMisesFisherMixture(2)],
    expected_failed_checks=expected_failures,
)
def test_estimator_contract(estimator, check):
    check(estimator)

"""scikit-learn's own contract, for every estimator of the package, with real numbers as responses."""

from __future__ import annotations

from seedbed.reduction import (
    CUME,
    GSAVE,
    GSIR,
    KSIR,
    MAVE,
    OPG,
    PHD,
    SAVE,
    SIR,
    WIRE,
    DirectionalRegression,
    FrechetCumulativeNet,
    KernelFCCov,
    LinearFCCov,
    MDDNet,
)
from sklearn.utils.estimator_checks import parametrize_with_checks

# The contract is about the interface: short training, one setting. Accuracy has its own tests.
SHORT = {"n_restarts": 1, "n_epochs": 3, "hidden_layer_sizes": (4,)}
ESTIMATORS = [
    SIR(), SAVE(), DirectionalRegression(), PHD(), CUME(), WIRE(), LinearFCCov(), OPG(n_steps=2), MAVE(n_steps=2),
    KSIR(complexity=1.0, ridge=0.1), GSIR(n_folds=2), GSAVE(complexity=1.0, ridge=0.1),
    KernelFCCov(complexity=1.0, ridge=0.1),
    FrechetCumulativeNet(**SHORT), FrechetCumulativeNet(loss="whitened", weighting="correlation", combine="consensus",
                                                        n_restarts=2, n_epochs=3), MDDNet(**SHORT),
]  # fmt: skip


@parametrize_with_checks(ESTIMATORS)
def test_scikit_learn_contract(estimator, check):
    check(estimator)

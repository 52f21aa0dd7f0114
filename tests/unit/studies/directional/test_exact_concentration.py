"""The exact concentration that fits are measured by."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from seedbed.studies.directional.data.features import one_law
from seedbed.studies.directional.data.vmf_laws import exact_concentration


@pytest.mark.parametrize("kappa", [1e-6, 0.1, 3.0, 50.0, 600.0])
def test_exact_concentrations_have_the_resultant_length_asked_for(kappa: float) -> None:
    gap = 1 - float(special.ive(1.5, kappa) / special.ive(0.5, kappa))
    assert exact_concentration(3, gap) == pytest.approx(kappa, rel=1e-9, abs=1e-15 / (1 - gap))


def test_rows_that_cancel_have_none() -> None:
    X = np.array([[0.0, 1.0], [0.0, -1.0], [1.0, 0.0], [-1.0, 0.0]])
    assert one_law({"X": X, "X_test": X})["concentration_mle"] == 0.0

"""Degenerate directions end in a law or a partition, or in one message."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.directional import SphericalKMeans, VonMisesFisher, VonMisesFisherMixture

RNG = np.random.default_rng(1)
DATA = {
    "all equal": np.full((24, 3), 0.1),
    "antipodal": np.repeat([[1.0, 0, 0], [-1.0, 0, 0]], 12, axis=0),
    "one line": RNG.normal(size=(24, 1)) * np.array([[1.0, -2.0, 1e-7]]),
    "collapsed": np.repeat(RNG.normal(size=(3, 3)), 8, axis=0),
    "outlier": np.vstack([RNG.normal(size=(23, 3)), np.full((1, 3), 1e6)]),
    "duplicates": np.repeat(RNG.normal(size=(12, 3)), 2, axis=0),
    "as many rows as clusters": RNG.normal(size=(3, 3)),
    "tiny": 1e-300 * RNG.normal(size=(24, 3)),
    "huge": 1e300 * RNG.normal(size=(24, 3)),
    "wide": RNG.normal(size=(10, 40)),
    "zeros": np.zeros((24, 3)),
}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("model", [VonMisesFisher(), VonMisesFisherMixture(3), SphericalKMeans(3)], ids=repr)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_law_or_one_message(model, data):
    X = DATA[data]
    if data == "zeros":
        with pytest.raises(ValueError, match="row 0 is zero and has no direction"):
            model.fit(X)
        return
    if hasattr(model, "random_state"):
        model.set_params(random_state=0)
    model.fit(X)
    if isinstance(model, VonMisesFisher):
        assert model.concentration_ >= 0 and np.linalg.norm(model.mean_direction_) == pytest.approx(1.0)
    else:
        assert set(model.predict(X)) <= {0, 1, 2}

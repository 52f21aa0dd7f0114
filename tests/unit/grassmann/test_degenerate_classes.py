"""Degenerate features end in subspaces and predictions, or in one message."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.grassmann import ClaficClassifier, GrassmannClassifier
from seedbed.grassmann.geometry.manifold import orthonormality_defect

RNG = np.random.default_rng(1)
DATA = {
    "all equal": np.full((24, 3), 0.1),
    "zeros": np.zeros((24, 3)),
    "one direction": RNG.normal(size=(24, 1)) * np.array([[1.0, -2.0, 1e-7]]),
    "collapsed": np.repeat(RNG.normal(size=(2, 3)), 12, axis=0),
    "outlier": np.vstack([RNG.normal(size=(23, 3)), np.full((1, 3), 1e6)]),
    "one row each": RNG.normal(size=(2, 3)),
    "tiny": 1e-170 * RNG.normal(size=(24, 3)),
    "huge": 1e150 * RNG.normal(size=(24, 3)),
    "wide": RNG.normal(size=(10, 40)),
}
MODELS = {
    "random": GrassmannClassifier(1, epochs=2, random_state=0),
    "clafic start": GrassmannClassifier(1, start="clafic", epochs=2, random_state=0),
    "no lift": GrassmannClassifier(1, lift=False, epochs=2, random_state=0),
    "CLAFIC": ClaficClassifier(),
}


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_subspaces_and_predictions_or_one_message(name, data):
    X, model = DATA[data], MODELS[name]
    y = np.arange(len(X)) % 2
    try:
        predicted = model.fit(X, y).predict(X)
    except ValueError as error:
        assert len(str(error)) > 20
        return
    assert set(predicted) <= {0, 1} and orthonormality_defect(model.subspaces_) < 1e-6
    assert np.isfinite(model.subspaces_).all()

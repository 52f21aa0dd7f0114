"""A network in the maximal-update parametrisation, trained at several learning rates and stopped by held-out rows."""

from __future__ import annotations

import numpy as np

from .copies import NetworkCopies, squared_slope
from .descent import Adam
from .parametrizations import width_rule

__all__ = ["MupNetwork"]

BASE_WIDTH, BATCH, LOOK_EVERY = 32, 64, 50


class MupNetwork:
    """Two hidden layers of ReLUs, a bias in the first, trained by Adam on the squared error.

    Parameters
    ----------
    width : int
    n_steps : int
        With batches of 64; the rate falls linearly to a tenth.
    rates : tuple of float
        Trained at once; the best on held-out rows is kept, at its best step.
    held_out : float
        Share of the rows that choose rate and step and do not train.
    random_state : int

    Notes
    -----
    A step costs about 6 times 64 width^2 operations a rate. Features are learned however wide it is.
    """

    def __init__(
        self,
        width: int = 128,
        n_steps: int = 800,
        rates: tuple[float, ...] = (2**-9, 2**-8, 2**-7, 2**-6, 2**-5),
        held_out: float = 0.2,
        random_state: int = 0,
    ) -> None:
        self.width, self.n_steps, self.rates = width, n_steps, rates
        self.held_out, self.random_state = held_out, random_state

    def fit(self, X: np.ndarray, y: np.ndarray) -> MupNetwork:
        """Train at all rates, and keep the parameters with the smallest held-out error.

        Parameters
        ----------
        X : ndarray of shape (n, d)
        y : ndarray of shape (n,)
        """
        X, y, n = X.astype(np.float32), y.astype(np.float32)[:, None], round(self.held_out * len(y))
        rng = np.random.default_rng(self.random_state)
        network, method = self._start(rng, X.shape[1])
        best = np.inf
        with np.errstate(over="ignore", invalid="ignore"):
            for step in range(1, self.n_steps + 1):
                rows = rng.integers(n, len(X), BATCH)
                _, gradients = network.gradients(X[rows], y[rows], squared_slope)
                method.step(network.parameters, gradients, 1 - 0.9 * step / self.n_steps)
                if step % LOOK_EVERY:
                    continue
                errors = ((network.outputs(X[:n]) - y[:n]) ** 2).mean(axis=(1, 2))
                k = int(np.where(np.isfinite(errors), errors, np.inf).argmin())
                if errors[k] < best:
                    best, self.rate_, self.step_ = float(errors[k]), self.rates[k], step
                    self._kept = [parameter[k].copy() for parameter in network.parameters]
        return self

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Predictions (m,)."""
        *weights, bias = self._kept
        return NetworkCopies(weights, 1, bias=bias[0]).outputs(X.astype(np.float32))[0, :, 0].astype(float)

    def _start(self, rng: np.random.Generator, n_inputs: int) -> tuple[NetworkCopies, Adam]:
        rule = width_rule("mup", "adam", self.width / BASE_WIDTH)
        shapes = ((n_inputs, self.width), (self.width, self.width), (self.width, 1))
        weights = [
            (rng.standard_normal(shape) * spread / shape[0] ** 0.5).astype(np.float32)
            for shape, spread in zip(shapes, rule.spread, strict=True)
        ]
        bias = (0.5 * rng.standard_normal(self.width)).astype(np.float32)
        network = NetworkCopies(weights, len(self.rates), bias=bias)
        return network, Adam(np.array(self.rates), [*rule.rate, 1.0], (0.9, 0.99))

"""The loss after a fixed number of steps, at every batch size and learning rate of a grid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..data.digits import OTHER_WRITERS, SAME_WRITERS, network_inputs
from ..networks.copies import NetworkCopies, cross_entropy, cross_entropy_slope
from ..networks.descent import Adam, Sgd

Arrays = Mapping[str, np.ndarray]


class LossMap:
    r"""A tanh network with one hidden layer, trained from the same weights at all learning rates at once.

    Parameters
    ----------
    optimizer : {"sgd", "adam"}
    lowest, highest : float
        Ends of the grid of learning rates, as powers of two.
    spacing : float
        Of the grid, in powers of two.
    fitted_to : int
        Slopes are fitted to batches up to this size: beyond, plain descent is limited by the full data's curvature.

    Notes
    -----
    One matrix product a layer and step for all rates: the whole map costs seconds.
    """

    task = "lr_map"

    def __init__(
        self,
        optimizer: str = "sgd",
        lowest: float = -5.0,
        highest: float = 7.0,
        spacing: float = 0.5,
        fitted_to: int = 32,
    ) -> None:
        self.optimizer, self.spacing = optimizer, spacing
        self.lowest, self.highest, self.fitted_to = lowest, highest, fitted_to

    def measure(self, data: Arrays) -> dict[str, np.ndarray]:
        """Losses on held-out rows, infinite where a run has diverged.

        Returns
        -------
        dict of ndarray
            ``rates``; ``loss`` (n_batch_sizes, n_rates) on digits of other writers, ``loss_same_writers`` on random
            ones of the writers that train; ``fitted_to``.
        """
        rates = 2.0 ** np.arange(self.lowest, self.highest + self.spacing / 2, self.spacing)
        x, y = network_inputs(data)
        n = len(x) - OTHER_WRITERS - SAME_WRITERS
        losses, same = [], []
        for size in data["batch_sizes"]:
            # the same weights at every size; batches of their own
            rng = np.random.default_rng(int(data["training_seed"]))
            network = _start(rng, x.shape[1], int(data["width"]), y.shape[1], len(rates))
            method = (Sgd if self.optimizer == "sgd" else Adam)(rates, [1.0, 1.0])
            with np.errstate(over="ignore", invalid="ignore"):
                for _ in range(int(data["n_steps"])):
                    rows = rng.integers(0, n, int(size))
                    method.step(network.parameters, network.gradients(x[rows], y[rows], cross_entropy_slope)[1])
                outputs = network.outputs(x[n:])
            same.append(cross_entropy(outputs[:, :SAME_WRITERS], y[n:-OTHER_WRITERS]))
            losses.append(cross_entropy(outputs[:, SAME_WRITERS:], y[-OTHER_WRITERS:]))
        found = {"rates": rates, "loss": losses, "loss_same_writers": same, "fitted_to": self.fitted_to}
        return {name: np.asarray(value) for name, value in found.items()}


def _start(rng: np.random.Generator, n_in: int, width: int, n_out: int, copies: int) -> NetworkCopies:
    shapes = ((n_in, width), (width, n_out))
    weights = [(rng.standard_normal(shape) / shape[0] ** 0.5).astype(np.float32) for shape in shapes]
    return NetworkCopies(weights, copies, "tanh")

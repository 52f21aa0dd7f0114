"""The loss against the learning rate at every width of a ladder, and how far the features move."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..data.digits import OTHER_WRITERS, network_inputs
from ..networks.copies import NetworkCopies, cross_entropy, cross_entropy_slope
from ..networks.descent import Adam, Sgd
from ..networks.parametrizations import Optimizer, Parametrization, width_rule

Arrays = Mapping[str, np.ndarray]
LAST, WATCHED = 10, 100  # steps whose losses are averaged, and held-out rows whose features are watched


class WidthSweep:
    """A ReLU network with two hidden layers, trained for a few steps at all learning rates at once.

    Parameters
    ----------
    kind : {"sp", "ntk", "mup"}
        The parametrisation; see :func:`seedbed.studies.wide_networks.networks.parametrizations.width_rule`.
    optimizer : {"sgd", "adam"}
        Adam with the decays 0.9 and 0.95, which fit a run of few steps.
    lowest, highest : int
        Ends of the grid of learning rates at the base width, as powers of two.
    """

    task = "widths"

    def __init__(
        self, kind: Parametrization = "mup", optimizer: Optimizer = "sgd", lowest: int = -5, highest: int = 4
    ) -> None:
        self.kind: Parametrization = kind
        self.optimizer: Optimizer = optimizer
        self.lowest, self.highest = lowest, highest

    def measure(self, data: Arrays) -> dict[str, np.ndarray]:
        """Of every width and rate.

        Returns
        -------
        dict of ndarray
            ``widths``, ``rates``; ``loss`` (n_widths, n_rates), the mean training loss over the last ten steps,
            infinite where a run has diverged; ``feature_change``, the root mean square change of the last hidden
            layer on held-out rows, relative to its start.
        """
        rates = 2.0 ** np.arange(self.lowest, self.highest + 1)
        x, y = network_inputs(data)
        x /= np.sqrt((x**2).mean())
        losses, changes = [], []
        for width in data["widths"]:
            runs = [self._run(x, y, int(width), rates, seed, data) for seed in range(int(data["n_seeds"]))]
            losses.append(np.mean([loss for loss, _ in runs], axis=0))
            changes.append(np.mean([change for _, change in runs], axis=0))
        found = {"widths": data["widths"], "rates": rates, "loss": losses, "feature_change": changes}
        return {name: np.asarray(value) for name, value in found.items()}

    def _run(
        self, x: np.ndarray, y: np.ndarray, width: int, rates: np.ndarray, seed: int, data: Arrays
    ) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng([int(data["training_seed"]), seed])
        rule = width_rule(self.kind, self.optimizer, width / float(data["widths"][0]))
        shapes = ((x.shape[1], width), (width, width), (width, y.shape[1]))
        weights = [
            (rng.standard_normal(shape) * spread / shape[0] ** 0.5).astype(np.float32)
            for shape, spread in zip(shapes, rule.spread, strict=True)
        ]
        network = NetworkCopies(weights, len(rates))
        method = Sgd(rates, rule.rate) if self.optimizer == "sgd" else Adam(rates, rule.rate, (0.9, 0.95))
        watched, losses, n = x[-WATCHED:], [], len(x) - OTHER_WRITERS
        start = network.features(watched)
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(int(data["n_steps"])):
                rows = rng.integers(0, n, int(data["batch_size"]))
                outputs, gradients = network.gradients(x[rows], y[rows], cross_entropy_slope)
                losses.append(cross_entropy(outputs, y[rows]))
                method.step(network.parameters, gradients)
            moved = ((network.features(watched) - start) ** 2).mean(axis=(1, 2))
        return np.mean(losses[-LAST:], axis=0), np.sqrt(moved / (start**2).mean(axis=(1, 2)))

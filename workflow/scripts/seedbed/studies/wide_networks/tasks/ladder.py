"""From network to kernel: networks of a ladder of widths, trained, against the limit kernel and its linear equation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import spearmanr

from seedbed.wide_networks.kernels.ntk_kernel import ntk_kernel

from ..networks.one_output import OneOutputNetwork

Arrays = Mapping[str, np.ndarray]
TOP, TIMES = 16, 12  # leading components that are followed, and how many steps are kept of them
RATE = 0.5  # of the largest stable learning rate


class FiniteNetworks:
    r"""One network of every width, before, during and after training, beside its limit.

    Full-batch gradient descent on :math:`|f - f_0 - y|^2 / (2N)`, with the network's start :math:`f_0` subtracted, so
    that the limit starts from zero: :math:`f_t = y - U (1 - \eta s/N)^t U^T y`.

    Parameters
    ----------
    subtract_start : bool
        False leaves the start in: the random function at the start is then not what the limit predicts.
    """

    task = "ladder"

    def __init__(self, subtract_start: bool = True) -> None:
        self.subtract_start = subtract_start

    def measure(self, data: Arrays) -> dict[str, np.ndarray]:
        """Of every width: distances to the limit, and what was learned of each component.

        Returns
        -------
        dict of ndarray
            ``widths``; of each ``deviation`` of kernels at the start from their limit, a root mean square over
            networks, and the ``movement`` of one in training, relative in Frobenius' norm; ``ode_error``, of the
            function at fresh points, relative; ``share_slope`` and ``spearman``, realised against predicted learned
            shares of the leading components; ``final_loss`` and
            ``n_steps``. Of the largest width ``shares`` and ``predicted_shares`` (n_times, 16) at ``times``.
        """
        x, x_test, y = data["points"], data["points_test"], data["target"]
        depth, n = int(data["depth"]), len(x)
        limit, limit_test = ntk_kernel(x, depth=depth), ntk_kernel(x_test, x, depth=depth)
        values, axes = np.linalg.eigh(limit)
        rate = RATE * n / values[-1]
        rng = np.random.default_rng(int(data["weights_seed"]))
        found: list[dict[str, float]] = []
        kept: dict[str, np.ndarray] = {}
        for width in data["widths"]:
            deviations = []
            for _ in range(int(data["n_starts"])):
                network = OneOutputNetwork(int(width), depth, x.shape[1], rng)
                before = network.kernel(x)
                deviations.append(_relative(before - limit, limit))
            start, start_test = (network.outputs(z) * self.subtract_start for z in (x, x_test))
            errors = network.train(x, y + start, rate, int(data["n_steps"]), float(data["final_loss"]))
            steps = len(errors) - 1
            decay = np.power(1.0 - rate * values / n, steps)
            predicted = limit_test @ (axes @ ((1.0 - decay) / values * (axes.T @ y)))
            reached = network.outputs(x_test) - start_test
            projected = errors @ axes[:, -TOP:]
            shares, shares_limit = 1.0 - projected / projected[0], 1.0 - decay[-TOP:]
            weights = projected[0] ** 2
            found.append({
                "deviation": float(np.sqrt(np.mean(np.square(deviations)))),
                "movement": _relative(network.kernel(x) - before, before),
                "ode_error": _relative(reached - predicted, predicted),
                "share_slope": float((weights * shares[-1] * shares_limit).sum() / (weights * shares_limit**2).sum()),
                "spearman": float(spearmanr(shares[-1], values[-TOP:]).statistic),
                "final_loss": float((errors[-1] ** 2).mean()),
                "n_steps": steps,
            })  # fmt: skip
            times = np.unique(np.geomspace(1, max(steps, 1), TIMES).round().astype(int))
            decays = np.power(1.0 - rate * values[-TOP:] / n, times[:, None])
            kept = {"times": times, "shares": shares[times], "predicted_shares": 1.0 - decays}
        columns = {key: np.array([one[key] for one in found]) for key in found[0]}
        return {"widths": data["widths"], **columns, **kept}


def _relative(difference: np.ndarray, of: np.ndarray) -> float:
    return float(np.linalg.norm(difference) / np.linalg.norm(of))

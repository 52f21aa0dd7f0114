"""How far from Gaussian the output of a random network is, by the exact law at one input."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedbed.wide_networks.depth_width.criticality import critical_initialization
from seedbed.wide_networks.depth_width.output_law import expected_vertex, sample_output_variance

Arrays = Mapping[str, np.ndarray]
KEPT = 200  # draws that are kept, for figures


class OutputLaw:
    """Draws of the output's variance given the hidden weights, G, at the initial scales of a method.

    Parameters
    ----------
    activation : str
    weight_variance : float, optional
        Times the fan-in; critical by default.
    residual : float, optional
        Share of the branch in a residual stream; a plain network by default.
    """

    task = "gaussianity"

    def __init__(
        self, activation: str = "relu", weight_variance: float | None = None, residual: float | None = None
    ) -> None:
        self.activation, self.weight_variance, self.residual = activation, weight_variance, residual

    def measure(self, data: Arrays) -> dict[str, np.ndarray]:
        """Moments of G over networks, and what the laws of width and depth predict.

        Returns
        -------
        dict of ndarray
            ``relative_variance``, E G^2 / (E G)^2 - 1, ``log_rate``, the mean change of log G a layer, and
            ``log_norm_ratio``, log10 of the median norm over that at the start; ``draws``, a few. Of plain networks at
            the critical scale ``predicted_variance``; of plain ReLU networks ``predicted_log_rate``, and at the
            critical scale ``limit_variance``, of infinite networks of this depth over width.
        """
        width, depth = int(data["width"]), int(data["depth"])
        start = critical_initialization(self.activation).K_star or 1.0  # 0: lengths shrink from anywhere
        G = sample_output_variance(
            width, depth, self.activation, C_W=self.weight_variance, K=start, residual=self.residual,
            n_samples=int(data["n_draws"]), random_state=int(data["draws_seed"]) % 2**32,
        )  # fmt: skip
        mean, is_plain, is_critical = G.mean(), self.residual is None, self.weight_variance is None
        found = {
            "relative_variance": G.var() / mean**2,
            "log_rate": np.log(G / start).mean() / depth,
            "log_norm_ratio": 0.5 * np.log10(np.median(G) / start),
            "draws": G[:KEPT],
        }
        if is_plain and is_critical:
            found["predicted_variance"] = expected_vertex(width, depth, self.activation)
        if is_plain and self.activation == "relu":
            off = 0.0 if self.weight_variance is None else np.log(self.weight_variance / 2.0)
            found["predicted_log_rate"] = off - 2.5 / width
            if is_critical:
                found["limit_variance"] = np.expm1(5.0 * depth / width)
        return {name: np.asarray(value) for name, value in found.items()}

"""Points on a sphere and a ladder of widths: networks of all widths learn the same function of the same points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST_POINTS = 20


@dataclass(frozen=True, kw_only=True)
class SphereLadder:
    r"""Points on the sphere of radius :math:`\sqrt d`, and the target :math:`x_1 + x_2 x_3 / 2`, scaled to unit spread.

    Parameters
    ----------
    n_points, n_test : int
    dimension : int
    widths : list of int
        Rising; with one width there are no slopes along widths.
    depth : int
        Hidden layers.
    n_starts : int
        Networks of each width whose kernels at the start are compared with the limit; the last of them is trained.
    n_steps : int
        Of full-batch gradient descent, or the most steps where ``final_loss`` is set.
    final_loss : float
        Mean squared error at which training ends; 0: after ``n_steps``.
    """

    n_points: int = 48
    n_test: int = 200
    dimension: int = 8
    widths: list[int] = (64, 128, 256, 512)  # pyright: ignore[reportAssignmentType]  # of a config: a list
    depth: int = 2
    n_starts: int = 8
    n_steps: int = 80
    final_loss: float = 0.0

    def messages(self) -> list[str]:
        """Messages for values that the generator cannot work with."""
        messages = []
        if list(self.widths) != sorted(set(self.widths)) or not self.widths or self.widths[0] < 2:
            messages.append(f"widths must be a rising list of numbers from 2, got {list(self.widths)}")
        if self.n_points < FEWEST_POINTS or self.n_test < 1:
            messages.append(f"n_points must be at least {FEWEST_POINTS} and n_test at least 1")
        if self.dimension < 3 or min(self.depth, self.n_starts, self.n_steps) < 1:
            messages.append("dimension must be at least 3, depth, n_starts and n_steps at least 1")
        if self.final_loss < 0:
            messages.append(f"final_loss must be at least 0, got {self.final_loss}")
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own."""
        x = rng.standard_normal((self.n_points + self.n_test, self.dimension))
        x *= np.sqrt(self.dimension) / np.linalg.norm(x, axis=1, keepdims=True)
        y = x[:, 0] + 0.5 * x[:, 1] * x[:, 2]
        y = y / y[: self.n_points].std()
        n = self.n_points
        points = {"points": x[:n], "points_test": x[n:], "target": y[:n], "target_test": y[n:]}
        asked = {"widths": self.widths, "depth": self.depth, "n_starts": self.n_starts, "n_steps": self.n_steps}
        found = {
            "task": "ladder",
            **points,
            **asked,
            "final_loss": self.final_loss,
            "weights_seed": rng.integers(2**63),
        }
        return {name: np.asarray(value) for name, value in found.items()}

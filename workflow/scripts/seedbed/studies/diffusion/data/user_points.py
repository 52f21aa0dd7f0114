"""Generator of a user's own points: their empirical law, smoothed, and samplers that are to follow its flow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.user_data.choices import Choice
from seedbed.user_data.features import describe_features, examine_features, read_features
from seedbed.user_data.kept import origin

from .run_messages import bad_smoothing, run_messages

LARGEST = 1e100


@dataclass(frozen=True, kw_only=True)
class UserPoints(Choice):
    """Rows of a user's table, centred and scaled to E|x|^2 = d, as the atoms of a law.

    Parameters
    ----------
    path : str
        Any table; see ``data/README.md``.
    columns, drop, id_column, missing, categories, dates
        What is asked of the columns; see :class:`seedbed.user_data.choices.Choice`.
    smoothing : float
        Standard deviation of the noise on every row, after scaling.
    n_rows : int
        At most so many rows, drawn at random, are the atoms.
    """

    path: str
    smoothing: float = 0.25
    n_rows: int = 2000
    n_evaluations: int = 10
    grid: str = "karras"
    n_samples: int = 64
    sigma_max: float = 15.0
    sigma_min: float = 0.02

    def messages(self) -> list[str]:
        """Messages for files that the generator cannot read, and values that it cannot work with."""
        messages, found = examine_features(self.path, self, None)
        messages += run_messages(self) + bad_smoothing(self.smoothing)
        if found is not None and np.abs(found.X).max(initial=0.0) > LARGEST:
            messages.append(f"{self.path}: features beyond {LARGEST:g} cannot be squared; rescale them")
        elif found is not None and not np.ptp(found.X, axis=0).any():
            messages.append(f"{self.path}: all rows are the same point")
        if self.n_rows < 2:
            messages.append(f"n_rows must be at least 2, got {self.n_rows}")
        return messages

    def understood(self) -> list[str]:
        """What was understood of a user's file, in parts of a line."""
        return [*describe_features(self.path, self, None), f"at most {self.n_rows} rows are the atoms of the law"]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate: rows, noise, and the flow's own end."""
        from .sampling import of_run  # with solvers and laws, which planning a run does without

        found = read_features(self.path, self, None)
        rows = rng.permutation(len(found.X))[: self.n_rows]
        X = found.X[rows] - found.X[rows].mean(axis=0)
        size = np.sqrt((X**2).sum(1).mean() / X.shape[1])
        if not size > 0:
            raise ValueError(f"the {len(rows)} rows that were drawn are one point")
        X = X / size
        described = {"law": "points", "X": X, "smoothing": self.smoothing}
        data = of_run(self, described, rng, np.abs(X).max(axis=0).clip(0.5), np.zeros(X.shape[1]))
        return {**data, **origin(found.table, self, rows)}

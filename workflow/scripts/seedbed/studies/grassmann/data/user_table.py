"""Generator of a user's own features and labels, split anew in every replicate, or as the table says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.user_data.columns import distinct_rows
from seedbed.user_data.features import Features, describe_features, examine_features, read_features
from seedbed.user_data.kept import origin
from seedbed.user_data.recipe import fitted_text
from seedbed.user_data.sampling import SHARE
from seedbed.user_data.splits import SplitChoice, split_messages, split_rows_of, split_text

from .features import check_share, scaled
from .splitting import choose_per_class, training_seed

__all__ = ["FeatureClasses"]


@dataclass(frozen=True, kw_only=True)
class FeatureClasses(SplitChoice):
    """A user's own features and labels, for instance of a network's last layer.

    Parameters
    ----------
    path : str
        ``.npz`` with ``X`` (or ``features``) and ``labels`` (or ``y``), or any table; see ``data/README.md``.
    label_column : str, optional
        The column (NPZ: array) with the classes; needed for a table.
    columns, drop, id_column, missing, categories, dates
        What is asked of the columns; see :class:`seedbed.user_data.choices.Choice`.
    split_column, group_column, time_column
        What the rows are split by, if not at random; see :class:`seedbed.user_data.splits.SplitChoice`.
    standardise : bool
        Mean zero and variance one on the training rows; off by default, since the direction of a network's features
        means something.
    train_share : float
        Share of each class that trains; of a table with groups or times, share of the rows.
    """

    path: str
    label_column: str | None = None
    standardise: bool = False
    train_share: float = 0.5

    def messages(self) -> list[str]:
        """Messages for files that the generator cannot read, and values that they do not allow."""
        messages, found = examine_features(self.path, self, self.label_column, needs_labels=True, **self.split_roles)
        if messages or found is None or found.labels is None:
            return messages
        sizes = np.bincount(found.labels)
        if sizes.min() < 2:
            said = f"has {len(sizes)} classes, the rarest with {sizes.min()} rows"
            return [f"{self.path}: {said}; at least 2 of 2 are needed"]
        if distinct_rows(found.X, 2) < 2:
            return [f"{self.path}: all rows have the same features; there is nothing to learn from"]
        if self.is_plain:
            return check_share(self.train_share, int(sizes.min()))
        if not 0 < self.train_share < 1:
            return [f"train_share must lie between 0 and 1, got {self.train_share}"]
        wrong = split_messages(self, found.table, 1 - self.train_share, np.array(found.classes)[found.labels])
        return [f"{self.path}: {text}" for text in wrong]

    def understood(self) -> list[str]:
        """What was understood of a user's file, in parts of a line."""
        said = describe_features(self.path, self, self.label_column, **self.split_roles)
        how = split_text(self) or [f"{100 * self.train_share:g} % of each class train, drawn anew in every replicate"]
        return [*said, *how]

    def overlap(self) -> float:
        """The expected share of test rows that two replicates have in common."""
        return 1.0 - self.train_share if self.split_column is None and self.time_column is None else SHARE

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            With ``rows``, ``rows_test`` and ``ids``, ``ids_test``, which rows of the file they are.
        """
        found, y = self._read()
        if self.is_plain:
            mask = choose_per_class(rng, y, self.train_share)
            train, test = np.flatnonzero(mask), np.flatnonzero(~mask)
        else:
            train, test = split_rows_of(rng, self, found.table, 1 - self.train_share, y)
        data = {"X": found.X[train], "y": y[train], "X_test": found.X[test], "y_test": y[test]}
        data = {**scaled(data, self.standardise), "training_seed": training_seed(rng)}
        held_out = {f"{key}_test": value for key, value in origin(found.table, self, test).items()}
        return {**data, **origin(found.table, self, train), **held_out}

    def whole(self) -> dict[str, np.ndarray]:
        """All rows, to learn from and to name the classes of, and the recipe that makes the same features of others."""
        found, y = self._read()
        data = scaled({"X": found.X, "y": y, "X_test": found.X, "y_test": y}, self.standardise)
        largest = float(np.abs(found.X).max()) or 1.0
        recipe = fitted_text(found.table.recipe, found.X, True, None if self.standardise else largest)
        more = {"classes": np.array(found.classes), "recipe": np.asarray(recipe)}
        return {**data, **more, "training_seed": np.asarray(0), **origin(found.table, self, np.arange(len(y)))}

    def _read(self) -> tuple[Features, np.ndarray]:
        found = read_features(self.path, self, self.label_column, **self.split_roles)
        assert found.labels is not None  # the check asks for labels
        return found, found.labels

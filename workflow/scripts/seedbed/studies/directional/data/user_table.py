"""Generators of a user's own feature vectors, to be clustered, or fitted by one law, as the paper does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedbed.clustering.partitions.internal_criteria import without_clusters
from seedbed.directional.sphere.rows import unit_rows
from seedbed.user_data.choices import Choice
from seedbed.user_data.columns import distinct_rows
from seedbed.user_data.features import Features, describe_features, examine_features, read_features
from seedbed.user_data.formats.messages import row_text
from seedbed.user_data.kept import origin
from seedbed.user_data.recipe import centre_and_scale, fitted_text, read_recipe
from seedbed.user_data.sampling import rows_of, share_taken

from .features import one_law


@dataclass(frozen=True, kw_only=True)
class _FeatureRows(Choice):
    """What is asked of a user's feature file, whatever for."""

    path: str
    standardise: bool = False
    n_samples: int = 1000

    def overlap(self) -> float:
        """The share of the rows that a replicate takes, which two have in common on average."""
        n_rows = rows_of(self.path, self, getattr(self, "label_column", None))
        return share_taken(self._rows_to_fit(n_rows), n_rows)

    def _directions(self, label_column: str | None) -> tuple[list[str], Features | None]:
        """What is wrong with features that are to be directions; else the features and the labels."""
        messages, found = examine_features(self.path, self, label_column)
        if found is None:
            return messages, None
        zero = found.rows[~found.X.any(axis=1)]
        messages = [f"{self.path}: {row_text(zero)}: zero, which has no direction"] if len(zero) else []
        if found.X.shape[1] < 2:
            messages.append(f"{self.path}: directions need at least two columns")
        return messages, found

    def _parts(self, rng: np.random.Generator, found: Features) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Rows to fit and rows held out, standardised by the former if that is asked for; and which they are."""
        n_rows = len(found.X)
        order, n_fit = rng.permutation(n_rows), self._rows_to_fit(n_rows)
        fit, test = order[:n_fit], order[n_fit : 2 * n_fit]
        data = {"X": found.X[fit], "X_test": found.X[test]}
        if self.standardise:
            centre, scale = centre_and_scale(data["X"])
            data = {name: (rows - centre) / scale for name, rows in data.items()}
        return {**data, **origin(found.table, self, fit)}, fit

    def _rows_to_fit(self, n_rows: int) -> int:
        return min(self.n_samples, max(1, 2 * n_rows // 3))

    def _sample_text(self) -> str:
        return f"replicates fit {self.n_samples} rows drawn at random, or two thirds if there are fewer"


@dataclass(frozen=True, kw_only=True)
class FeatureFile(_FeatureRows):
    """Rows of a user's feature file, for instance ResNet50 features of CIFAR-10 (p = 2048, 8192, 32768).

    Parameters
    ----------
    path : str
        An ``.npz`` file with ``X`` (n, p) and, if known, ``labels`` (n,); an ``.npy`` file with X alone; or any table,
        see ``data/README.md``.
    label_column : str, optional
        The column (NPZ: array) with the classes.
    columns, drop, id_column, missing, categories, dates
        What is asked of the columns; see :class:`seedbed.user_data.choices.Choice`.
    standardise : bool
        Mean zero and variance one on the rows to fit; off by default, since it turns directions.
    n_clusters : int
        Used where there are no labels.
    n_samples : int
        Rows to fit, drawn at random; up to as many more are held out.
    """

    label_column: str | None = None
    n_clusters: int = 10

    def messages(self) -> list[str]:
        """Messages for files that the generator cannot read."""
        messages, found = self._directions(self.label_column)
        if self.n_samples < 1 or self.n_clusters < 1:
            messages.append("n_samples and n_clusters must be positive")
        if messages or found is None:
            return messages
        n_fit = self._rows_to_fit(len(found.X))
        wanted = self._clusters(found)
        if wanted > n_fit:
            said = f"{wanted} clusters are looked for in the {n_fit} rows to fit"
            return [f"{self.path}: {said}; at most as many as rows"]
        if (differ := distinct_rows(unit_rows(found.X), max(2, wanted))) < max(2, wanted):
            said = "all rows have the same direction" if differ == 1 else f"only {differ} directions differ"
            return [f"{self.path}: {said}; {wanted} clusters are looked for"]
        return []

    def understood(self) -> list[str]:
        """What was understood of a user's file, in parts of a line."""
        return [*describe_features(self.path, self, self.label_column), self._sample_text()]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict
            ``X``, ``X_test``, ``n_clusters`` and, if known, ``labels``, or else ``X_reference``, rows of the same
            spread without clusters; with ``rows`` and ``ids``, which they are.
        """
        found = read_features(self.path, self, self.label_column)
        data, fit = self._parts(rng, found)
        data["n_clusters"] = np.array(self._clusters(found))
        if found.labels is not None:
            return {**data, "labels": found.labels[fit]}
        return {**data, "X_reference": without_clusters(rng, unit_rows(data["X"]))}

    def whole(self) -> dict[str, np.ndarray]:
        """All rows, in the order of the file, and the recipe that makes the same features of others."""
        found = read_features(self.path, self, self.label_column)
        recipe = fitted_text(found.table.recipe, found.X, self.standardise)
        X = read_recipe(recipe).scaled(found.X)
        kept = origin(found.table, self, np.arange(len(X)))
        return {
            "X": X,
            "X_test": X,
            "n_clusters": np.array(self._clusters(found)),
            "recipe": np.asarray(recipe),
            **kept,
        }

    def _clusters(self, found: Features) -> int:
        return self.n_clusters if found.labels is None else int(found.labels.max()) + 1


@dataclass(frozen=True, kw_only=True)
class FeatureLaw(_FeatureRows):
    """Rows of a user's feature file, to fit one law to; see :class:`FeatureFile` and :class:`.features.DigitLaw`.

    The paper does this with ResNet50 features of CIFAR-10. The parameters are those of :class:`FeatureFile`, without
    ``label_column`` and ``n_clusters``.
    """

    def messages(self) -> list[str]:
        """Messages for files that the generator cannot read."""
        messages, found = self._directions(None)
        if messages or found is None:
            return messages
        if self.n_samples < 2 or len(found.X) < 3:
            return [f"{self.path}: one law needs at least two rows to fit and one to test, and n_samples of 2"]
        if distinct_rows(unit_rows(found.X), 2) < 2:
            return [f"{self.path}: all rows have the same direction; no concentration is large enough"]
        return []

    def understood(self) -> list[str]:
        """What was understood of a user's file, in parts of a line."""
        return [*describe_features(self.path, self), self._sample_text()]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own. Returns what :meth:`.features.DigitLaw.draw` does."""
        data, _ = self._parts(rng, read_features(self.path, self))
        return {**data, **one_law(data)}

"""The real data sets that scikit-learn ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .subsampling import draw_rows, principal_components, standardise_columns

DatasetName = Literal["iris", "wine", "breast_cancer", "digits"]

# Features, and rows per class in the order of their numbers: the config is checked against these without loading
# scikit-learn. A test compares them with what it ships.
SHIPPED: dict[str, tuple[int, dict[str, int]]] = {
    "iris": (4, {"setosa": 50, "versicolor": 50, "virginica": 50}),
    "wine": (13, {"class_0": 59, "class_1": 71, "class_2": 48}),
    "breast_cancer": (30, {"malignant": 212, "benign": 357}),
    "digits": (
        64,
        {"0": 178, "1": 182, "2": 177, "3": 183, "4": 181, "5": 182, "6": 181, "7": 179, "8": 174, "9": 180},
    ),
}


@dataclass(frozen=True, kw_only=True)
class ShippedDataset:
    """A stratified random subsample of a data set that scikit-learn ships.

    Rows are chosen first; standardising and principal components then use the chosen rows alone, as if
    the user had no others.

    Parameters
    ----------
    name : {"iris", "wine", "breast_cancer", "digits"}
        The data set.
    classes : list of int or str, optional
        Classes to keep, by number or by name (``setosa``); all by default.
    standardise : bool
        Give every feature mean zero and variance one (a constant feature becomes zero).
    pca_dim : int, optional
        Replace the features by the scores of this many principal components.
    sample_size : int, optional
        Rows of the stratified subsample, drawn without replacement. None takes all rows; replicates then
        differ in the methods' own random streams alone.
    """

    name: DatasetName
    classes: list[int | str] | None = None
    standardise: bool = True
    pca_dim: int | None = None
    sample_size: int | None = None

    def messages(self) -> list[str]:
        """What is wrong with the parameters, one message each."""
        n_features, sizes = SHIPPED[self.name]
        known = list(sizes)
        unknown = [label for label in self.classes or [] if str(label) not in known and label not in range(len(known))]
        if unknown:
            return [f"{self.name} has no class {label!r} (known: {', '.join(known)})" for label in unknown]
        messages = []
        kept = _class_codes(self.classes, known)
        if self.classes is not None and len(kept) < max(2, len(self.classes)):
            messages.append(f"classes is {self.classes}; at least two different ones are needed, each named once")
        n_rows = sum(sizes[known[code]] for code in kept)
        if self.sample_size is not None and not len(kept) <= self.sample_size <= n_rows:
            messages.append(
                f"sample_size is {self.sample_size}; {self.name} with these classes allows {len(kept)} to {n_rows}"
            )
        largest = min(n_features, self.sample_size or n_rows)
        if self.pca_dim is not None and not 1 <= self.pca_dim <= largest:
            messages.append(
                f"pca_dim is {self.pca_dim}; {self.name} allows 1 to {largest} "
                "(its features, and no more than its rows)"
            )
        return messages

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            ``X`` (n, p), ``labels`` (n,) numbered from zero, ``n_clusters`` (), the number of classes.
        """
        points, codes = _load(self.name)
        kept = _class_codes(self.classes, list(SHIPPED[self.name][1]))
        chosen = np.isin(codes, kept)
        points, labels = points[chosen], np.searchsorted(kept, codes[chosen])
        rows = draw_rows(rng, len(points), self.sample_size, labels)
        points, labels = points[rows], labels[rows]
        if self.standardise:
            points = standardise_columns(points)
        if self.pca_dim is not None:
            points = principal_components(points, self.pca_dim)
        return {"X": points, "labels": labels, "n_clusters": np.asarray(len(kept))}


def share_of_rows(
    *, name: DatasetName, classes: list[int | str] | None = None, sample_size: int | None = None, **_params: object
) -> float:
    """The share of the rows that a subsample takes; 1 if it takes all, so that every replicate has the same data."""
    sizes = list(SHIPPED[name][1].values())
    n_rows = sum(sizes[code] for code in _class_codes(classes, list(SHIPPED[name][1])))
    return 1.0 if sample_size is None else min(1.0, sample_size / n_rows)


def _load(name: str) -> tuple[np.ndarray, np.ndarray]:
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")()
    return bunch.data.astype(float), bunch.target


def _class_codes(classes: list[int | str] | None, known: list[str]) -> np.ndarray:
    """Codes of the classes to keep, ascending, each once."""
    if classes is None:
        return np.arange(len(known))
    return np.unique([known.index(str(label)) if str(label) in known else int(label) for label in classes])

"""How the columns of a table become features: found out on one table, done to it and to any other alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from seedbed.user_data.formats.messages import cell_text, name_text, row_text

from .dates import days_since, holds_dates, moments, order_of

NUMBER, DAYS, LEVELS = "number", "days", "levels"


@dataclass(frozen=True)
class Feature:
    """One column of the user's, and what becomes of it.

    ``kind`` is ``number``, ``days`` (since ``first``, of dates in the ``order``), or ``levels``: a column of 0 and 1
    for each text, of two texts for the second alone. ``fill`` is what stands for an empty cell, if anything does.
    """

    name: str
    kind: str = NUMBER
    fill: float | None = None
    first: str = ""
    order: str = ""
    levels: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """The features that the column becomes."""
        shown = self.levels[1:] if len(self.levels) == 2 else self.levels
        return [f"{self.name}={level}" for level in shown] if self.kind == LEVELS else [self.name]

    def columns(self, column: pd.Series) -> dict[str, pd.Series]:
        """The features of a column; NaN where a cell is empty and nothing fills it."""
        if self.kind == LEVELS:
            text = column.astype(object).where(column.notna(), None).astype(str)
            names = zip(self.names, self.levels[1:] if len(self.levels) == 2 else self.levels, strict=True)
            return {name: (text == level).astype(float).where(column.notna(), np.nan) for name, level in names}
        if self.kind == DAYS:
            column = days_since(column, pd.Timestamp(self.first), self.order)
        if self.fill is not None and column.isna().any():
            column = column.astype(float).fillna(self.fill)
        return {self.name: column}


@dataclass(frozen=True)
class Recipe:
    """All features of a table, in their order; ``centre`` and ``scale`` are what they are standardised by."""

    features: tuple[Feature, ...]
    centre: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()

    @property
    def names(self) -> list[str]:
        """The features, as methods see them."""
        return [name for feature in self.features for name in feature.names]

    def to_json(self) -> str:
        """As text; see :func:`read_recipe`."""
        return json.dumps(asdict(self), allow_nan=False)

    def matrix(self, frame: pd.DataFrame) -> np.ndarray:
        """The features of other rows, (n, p), as they were made of the rows that the recipe was found on.

        Raises
        ------
        ValueError
            If a column is missing, holds a text that was none of the categories, or no numbers.
        """
        if absent := [feature.name for feature in self.features if feature.name not in frame]:
            raise ValueError(f"the rows lack the column{'s' if len(absent) > 1 else ''} {name_text(absent)}")
        parts = [feature.columns(self._sound(feature, frame[feature.name])) for feature in self.features]
        values = np.column_stack([part.to_numpy(float) for columns in parts for part in columns.values()])
        bad = ~np.isfinite(values)
        if bad.any():
            row, place = np.argwhere(bad)[0]
            raise ValueError(f"{row_text([row + 1])}: '{self.names[place]}' is empty or infinite; fill it in")
        return self.scaled(values)

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Features centred and divided as the recipe says."""
        return values if not self.scale else (values - np.array(self.centre)) / np.array(self.scale)

    def _sound(self, feature: Feature, column: pd.Series) -> pd.Series:
        if feature.kind == LEVELS:
            cells = column[column.notna()].astype(object).astype(str)
            if len(new := cells[~cells.isin(feature.levels)]):
                said = f"{cell_text(new.iloc[0])} was no category of '{feature.name}' when the method was fitted"
                raise ValueError(f"{said} (there: {name_text(list(feature.levels), 12)})")
        elif feature.kind == DAYS:
            if column.notna().any() and not holds_dates(column):
                raise ValueError(f"column '{feature.name}' holds no dates, as it did when the method was fitted")
        elif not pd.api.types.is_numeric_dtype(column):
            numbers = pd.to_numeric(column, errors="coerce")
            if (numbers.isna() & column.notna()).any():
                raise ValueError(f"column '{feature.name}' is not numeric, as it was when the method was fitted")
            return numbers
        return column


def read_recipe(text: str) -> Recipe:
    """What :meth:`Recipe.to_json` wrote."""
    found = json.loads(text)
    features = tuple(Feature(**{**one, "levels": tuple(one["levels"])}) for one in found["features"])
    return Recipe(features, tuple(found["centre"]), tuple(found["scale"]))


def plain(names: Iterable[str]) -> tuple[Feature, ...]:
    """Columns of numbers as they are."""
    return tuple(Feature(name) for name in names)


def of_dates(column: pd.Series) -> Feature:
    """Days since the first day of the column."""
    order = order_of(column)
    first = moments(column, order).min()
    return Feature(str(column.name), DAYS, first=first.normalize().isoformat(), order=order)


def fitted_text(recipe: Recipe, X: np.ndarray, standardise: bool, divisor: float | None = None) -> str:
    """The recipe as text, with what features are centred and divided by: means and deviations of all rows of a fit.

    Parameters
    ----------
    recipe : Recipe
    X : ndarray of shape (n, p)
        All rows that the method is fitted to.
    standardise : bool
    divisor : float, optional
        One number that features are divided by, in place of that.
    """
    if not standardise:
        return recipe.to_json()
    if divisor is not None:
        return Recipe(recipe.features, (0.0,) * X.shape[1], (divisor,) * X.shape[1]).to_json()
    centre, scale = centre_and_scale(X)
    return Recipe(recipe.features, tuple(centre.tolist()), tuple(scale.tolist())).to_json()


def centre_and_scale(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means and deviations of columns, shape (p,) each; what is constant but for rounding is divided by one.

    Rounding is told by the column's own size: beside a column of billions a share of a thousandth varies all the same.
    """
    centre, deviations = X.mean(axis=0), X.std(axis=0)
    constant = deviations <= 1e-12 * np.abs(X).max(axis=0, initial=0.0)
    return centre, np.where(constant, 1.0, deviations)


def made(features: Sequence[Feature], frame: pd.DataFrame) -> dict[str, pd.Series]:
    """The features of the table that the recipe was found on; faults are left as they are."""
    return {name: column for one in features for name, column in one.columns(frame[one.name]).items()}

"""Rows that train and rows that test, where a table says more of its rows than that they are rows.

A split may be given (``split_column``), may keep rows together (``group_column``), or may follow time
(``time_column``): then the rows that train all come before those that test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from seedbed.user_data.formats.messages import SHOWN, cell_text, name_text, row_text
from seedbed.user_data.formats.table import Table

from .choices import Choice
from .dates import holds_dates, moments
from .sampling import SHARE

_TRAIN, _TEST = {"train", "training", "fit"}, {"test", "testing", "holdout", "held out"}


@dataclass(frozen=True, kw_only=True)
class SplitChoice(Choice):
    """What is asked of the columns of a table that is split; at most one of these three is given.

    Parameters
    ----------
    split_column : str, optional
        The column that says ``train`` or ``test`` of every row; a replicate takes 80 % of each, drawn anew.
    group_column : str, optional
        The column that tells which rows belong together, of one patient say: whole groups are held out.
    time_column : str, optional
        The column with the times of the rows, dates or numbers: a replicate is 80 % of the rows, those between two
        moments, of which the earlier ones train and the later ones test.
    """

    split_column: str | None = None
    group_column: str | None = None
    time_column: str | None = None

    @property
    def split_roles(self) -> dict[str, str | None]:
        """The columns that say how to split, by their parameters."""
        names = ("split_column", "group_column", "time_column")
        return {name: getattr(self, name) for name in names}

    @property
    def is_plain(self) -> bool:
        """Whether rows are rows, and any of them may train."""
        return not any(self.split_roles.values())


def split_messages(choice: SplitChoice, table: Table, test_share: float, classes: np.ndarray | None) -> list[str]:
    """Why rows cannot be split as is asked for, each text about the table.

    Parameters
    ----------
    choice : SplitChoice
    table : Table
    test_share : float
        Of the rows, to be held out.
    classes : ndarray of shape (n,), optional
        Classes of the rows, each of which training needs.
    """
    given = [name for name, column in choice.split_roles.items() if column is not None]
    if len(given) != 1:
        return [f"{' and '.join(given)} are given; a split follows one of them"] if given else []
    name = str(choice.split_roles[given[0]])
    empty = table.row_numbers[table.frame[name].isna()]
    if len(empty):
        return [f"{given[0]} '{name}', {row_text(empty)}: empty; fill it in, or leave such rows out"]
    if choice.split_column is not None:
        return _bad_words(table.frame[name], table.row_numbers)
    if choice.group_column is not None and len(np.unique(_texts(table.frame[name]))) < 2:
        return [f"group_column '{name}' holds one group; at least 2 are needed, so that one can be held out"]
    if choice.time_column is not None and (messages := _bad_times(table.frame[name])):
        return messages
    try:
        if choice.time_column is not None:
            _check_windows(_order(table.frame[name]), test_share, classes)
        else:
            split_rows_of(np.random.default_rng(0), choice, table, test_share, classes)
    except ValueError as error:
        return [str(error)]
    return []


def split_rows_of(
    rng: np.random.Generator, choice: SplitChoice, table: Table, test_share: float, classes: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The rows of one replicate that train and those that test; see :func:`split_messages`.

    Raises
    ------
    ValueError
        If no rows can be held out so that training has all classes.
    """
    if choice.split_column is not None:
        words = np.char.lower(_texts(table.frame[choice.split_column]))
        sides = [np.flatnonzero(np.isin(words, list(side))) for side in (_TRAIN, _TEST)]
        train, test = (np.sort(rng.permutation(side)[: max(1, round(SHARE * len(side)))]) for side in sides)
        return _with_classes(train, test, sides[0], classes)
    if choice.group_column is not None:
        return _by_groups(rng, _texts(table.frame[choice.group_column]), test_share, classes)
    times = _order(table.frame[str(choice.time_column)])
    size, latest = _window(len(times[0]))
    start = int(rng.integers(latest + 1))
    return _cut(times, start, size, test_share)


def _with_classes(train: np.ndarray, test: np.ndarray, all_train: np.ndarray, classes: np.ndarray | None):
    """Rows to train on in which no class is lost that the whole side has."""
    if classes is None:
        return train, test
    lost = [label for label in np.unique(classes[all_train]) if label not in classes[train]]
    more = [all_train[classes[all_train] == label][0] for label in lost]
    return np.sort(np.concatenate([train, np.array(more, int)])), test


def _by_groups(rng: np.random.Generator, groups: np.ndarray, test_share: float, classes: np.ndarray | None):
    """Groups in a random order, held out while they fit in and training keeps a row of every class."""
    names, places = np.unique(groups, return_inverse=True)
    sizes, wanted = np.bincount(places), max(1, round(test_share * len(groups)))
    labels = np.zeros(len(groups), int) if classes is None else np.unique(classes, return_inverse=True)[1]
    left = np.zeros((len(names), labels.max() + 1), int)
    np.add.at(left, (places, labels), 1)
    remaining, held, count = left.sum(axis=0), [], 0
    for group in rng.permutation(len(names)):
        fits = not held or abs(count + sizes[group] - wanted) <= abs(count - wanted)
        if fits and (remaining - left[group] > 0).all():
            held.append(group)
            count += sizes[group]
            remaining = remaining - left[group]
    if not held:
        alone = [str(name) for name, own in zip(names, left, strict=True) if (left.sum(axis=0) - own == 0).any()]
        raise ValueError(
            f"no group can be held out: each of {name_text(alone)} holds a class that no other group has; "
            "give such classes rows of other groups, or leave group_column out"
        )
    test = np.isin(places, held)
    return np.flatnonzero(~test), np.flatnonzero(test)


def _window(n_rows: int) -> tuple[int, int]:
    """How many rows a replicate takes, and the latest row that it can begin with."""
    size = max(2, round(SHARE * n_rows))
    return size, n_rows - size


def _cut(times: tuple[np.ndarray, np.ndarray], start: int, size: int, test_share: float):
    """The rows from the ``start``-th on, by time, cut where a moment ends: the nearest such place to the share."""
    order, values = times
    rows, moments_ = order[start : start + size], values[start : start + size]
    places = np.flatnonzero(moments_[1:] > moments_[:-1]) + 1
    if not len(places):
        raise ValueError("all rows of a replicate have the same time, so that none comes before the others")
    wanted = round((1 - test_share) * size)
    cut = int(places[np.argmin(np.abs(places - wanted))])
    return rows[:cut], rows[cut:]


def _check_windows(times: tuple[np.ndarray, np.ndarray], test_share: float, classes: np.ndarray | None) -> None:
    """Every replicate that can be drawn has two times, and trains on every class."""
    size, latest = _window(len(times[0]))
    known = None if classes is None else np.unique(classes)
    for start in range(latest + 1) if latest < 2000 else np.linspace(0, latest, 2000).astype(int):
        train, _ = _cut(times, int(start), size, test_share)
        if known is not None and len(lost := np.setdiff1d(known, classes[train])):  # type: ignore[index]
            raise ValueError(
                f"in time order the class {cell_text(lost[0])} is not among the rows that train, all of which come "
                "before those that test; leave its rows out, or hold fewer rows out"
            )


def _order(column: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Rows by time, and their times."""
    values = (moments(column) if holds_dates(column) else column).to_numpy()
    order = np.argsort(values, kind="stable")
    return order, values[order]


def _bad_times(column: pd.Series) -> list[str]:
    if holds_dates(column):
        try:
            moments(column)
        except ValueError as error:
            return [str(error)]
        return []
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_complex_dtype(column):
        cells = column[pd.to_numeric(column, errors="coerce").isna()]
        shown = cell_text(cells.iloc[0]) if len(cells) else str(column.dtype)
        return [f"time_column '{column.name}' holds neither numbers nor dates, such as 2024-01-31: {shown}"]
    if not np.isfinite(column.to_numpy(float)).all():
        return [f"time_column '{column.name}' holds infinite times"]
    return []


def _bad_words(column: pd.Series, rows: np.ndarray) -> list[str]:
    words = np.char.lower(_texts(column))
    unknown = ~np.isin(words, [*_TRAIN, *_TEST])
    if unknown.any():
        shown = name_text(sorted({str(cell) for cell in column[unknown]})[:SHOWN])
        return [
            f"split_column '{column.name}', {row_text(rows[unknown])}: {shown}; write train or test (of three parts, "
            "call the one for choosing settings train)"
        ]
    for side, word in ((_TRAIN, "train"), (_TEST, "test")):
        if not np.isin(words, list(side)).any():
            return [f"split_column '{column.name}' says {word} of no row"]
    return []


def _texts(column: pd.Series) -> np.ndarray:
    return np.char.strip(column.astype(str).to_numpy().astype(str))


def split_text(choice: SplitChoice) -> list[str]:
    """How rows are split, in words, where a table says so."""
    said = {
        "split_column": f"replicates take {100 * SHARE:g} % of the rows of either side",
        "group_column": "whole groups are held out",
        "time_column": f"replicates take {100 * SHARE:g} % of the rows, in time order; later ones test",
    }
    return [said[name] for name, column in choice.split_roles.items() if column is not None]

"""Feature matrices with or without labels, for instance the last layer of a network, from any table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seedbed.user_data.formats.npz import LABELS
from seedbed.user_data.formats.table import Table

from .choices import PLAIN, Choice
from .columns import bad_classes, class_texts, describe, missing_labels
from .columns import class_text as text_of_classes
from .tables import check_table, feature_matrix, feature_names, left_out, read_chosen, with_path

_ARRAYS = (".npy", ".npz")


@dataclass(frozen=True)
class Features:
    """What is read of a table of features: the matrix in float64, the labels if there are any, and what each row is.

    ``labels`` are numbered from zero in the order of the sorted values, which are ``classes``.
    """

    X: np.ndarray
    labels: np.ndarray | None
    classes: tuple[str, ...]
    table: Table

    @property
    def rows(self) -> np.ndarray:
        """The rows of the file, counted from one."""
        return self.table.row_numbers


def read_features(path: str, choice: Choice = PLAIN, label_column: str | None = None, **others: str | None) -> Features:
    """Features and, if the file has them, labels.

    Parameters
    ----------
    path : str
        A table, see :func:`seedbed.user_data.tables.read_table`. Of arrays (``.npz``, ``.npy``) the axes after the
        first are flattened. Nothing in a file is executed: no pickled objects.
    choice : Choice
        What is asked of its columns.
    label_column : str, optional
        The column, or the array of an ``.npz``, with the labels; by default the array ``labels`` or ``y``.
    **others : str or None
        Columns that are no features, by the parameter that names them.

    Returns
    -------
    Features

    Raises
    ------
    ValueError
        For what :func:`check_features` reports.
    """
    return _features(path, read_chosen(path, choice, label_column, *others.values()), choice, label_column)


def _features(path: str, table: Table, choice: Choice, label_column: str | None) -> Features:
    label = _label(path, table, label_column)
    X = feature_matrix(table, feature_names(table, choice, label))
    if label is None:
        return Features(X, None, (), table)
    classes, numbers = np.unique(_values(table.frame[label]), return_inverse=True)
    return Features(X, numbers, tuple(map(str, classes)), table)


def check_features(path: str, *, needs_labels: bool = False, **asked: Any) -> list[str]:
    """What is wrong with a file, one message each; see :func:`examine_features`."""
    return examine_features(path, needs_labels=needs_labels, **asked)[0]


def examine_features(
    path: str,
    choice: Choice = PLAIN,
    label_column: str | None = None,
    *,
    needs_labels: bool = False,
    **others: str | None,
) -> tuple[list[str], Features | None]:
    """What is wrong, and, if nothing is, the features: one reading for a check and what it checks."""
    messages, table = check_table(path, choice, hint="", label_column=label_column, **others)
    if table is None:
        return messages, None
    label = _label(path, table, label_column)
    more = [] if label is None else missing_labels(table.frame[label]) or bad_classes(table.frame[label])
    if label is None:
        unfit = [f"'{name}' {reason}" for name, reason in table.unfit.items() if name in LABELS]
        more += unfit or ([_no_labels(path)] if needs_labels else [])
    messages = [*messages, *with_path(path, more, table)]
    return messages, None if messages else _features(path, table, choice, label_column)


def describe_features(
    path: str, choice: Choice = PLAIN, label_column: str | None = None, **others: str | None
) -> list[str]:
    """What was understood of a file."""
    table = read_chosen(path, choice, label_column, *others.values())
    label = _label(path, table, label_column)
    names = feature_names(table, choice, label)
    classes = ["no classes"] if label is None else [text_of_classes(table.frame[label])]
    said = [*classes, *roles_text(choice, others), *table.notes]
    return describe(table.frame, names, left_out(table, names, label, choice.id_column, *others.values()), said)


def roles_text(choice: Choice, others: Mapping[str, str | None]) -> list[str]:
    """The columns that tell which row is which, in words."""
    roles = {"id_column": choice.id_column, **others}
    return [f"{role.partition('_')[0]}: '{name}'" for role, name in roles.items() if name is not None]


def _label(path: str, table: Table, label_column: str | None) -> str | None:
    if label_column is not None or not path.lower().endswith(_ARRAYS):
        return label_column
    return next((name for name in LABELS if name in table.apart), None)


def _no_labels(path: str) -> str:
    if path.lower().endswith(_ARRAYS):
        return "there are no labels; an array named 'labels' is needed, one entry per row"
    return "there are no labels; name the column that holds them as label_column"


def _values(labels: pd.Series) -> np.ndarray:
    """Numbers keep their order; all else is sorted as text."""
    values = labels.to_numpy()
    return values if values.dtype.kind in "iufb" else class_texts(labels)

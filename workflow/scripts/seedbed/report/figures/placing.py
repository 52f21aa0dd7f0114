"""Where values stand on a logarithmic axis, which has no zero: beside the values, not in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd


def placed(rows: pd.DataFrame, columns: Sequence[str], floor: float | None) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows, and by column the field that says where its values are drawn.

    What is smaller than ``floor`` is drawn there, by a field ``drawn_<column>`` beside the value itself, which tips
    and downloads keep. If nothing is, values stand where they are.
    """
    fields = {name: name for name in columns}
    if floor is not None and bool((rows[list(columns)] < floor).any(axis=None)):
        fields = {name: f"drawn_{name}" for name in columns}
        rows = rows.assign(**{field: rows[name].clip(lower=floor) for name, field in fields.items()})
    return rows, fields


def least_positive(rows: pd.DataFrame, columns: Sequence[str]) -> float:
    """Where an axis of costs begins: at the smallest, or at half of it if some are zero."""
    values = rows[list(columns)].to_numpy(float)
    positive = values[values > 0]
    return float(positive.min()) / (2.0 if (values <= 0).any() else 1.0) if len(positive) else 1.0


def with_zero(title: str, drawn: Mapping[str, str]) -> str | list[str]:
    """The title of an axis of costs, which says where zero is if there is one."""
    moved = any(name != field for name, field in drawn.items())
    return [title, "zero is drawn at the edge"] if moved else title

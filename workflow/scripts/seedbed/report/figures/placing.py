"""Where values stand on a logarithmic axis, which has no zero: beside the values, not in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seedbed.report.notation import power

from .rows import Row


def placed(rows: list[Row], columns: Sequence[str], floor: float | None) -> tuple[list[Row], dict[str, str]]:
    """The rows, and by column the field that says where its values are drawn.

    What is smaller than ``floor`` is drawn there, by a field ``drawn_<column>`` beside the value itself, which tips
    and downloads keep. If nothing is, values stand where they are.
    """
    fields = {name: name for name in columns}
    if floor is not None and any(row[name] < floor for row in rows for name in columns):
        fields = {name: f"drawn_{name}" for name in columns}
        rows = [
            row | {field: floor if row[name] < floor else row[name] for name, field in fields.items()} for row in rows
        ]
    return rows, fields


def least_positive(rows: Sequence[Row], columns: Sequence[str]) -> float:
    """Where an axis of costs begins: at the smallest, or at half of it if some are zero."""
    values = [row[name] for row in rows for name in columns]
    least = min((value for value in values if value > 0), default=None)
    if least is None:
        return 1.0
    return float(least) / (2.0 if any(value <= 0 for value in values) else 1.0)


def with_floor(title: Sequence[str], floor: float | None, drawn: Mapping[str, str]) -> list[str]:
    """The title of an axis of scores, which says so where small ones are drawn, and compared, as the floor."""
    *lines, last = title
    if floor is None or all(name == field for name, field in drawn.items()):
        return [*title]
    return [*lines, f"what is below {power(floor, 1)} is drawn and compared as that", last]


def with_zero(title: str, drawn: Mapping[str, str]) -> str | list[str]:
    """The title of an axis of costs, which says where zero is if there is one."""
    moved = any(name != field for name, field in drawn.items())
    return [title, "zero is drawn at the edge"] if moved else title

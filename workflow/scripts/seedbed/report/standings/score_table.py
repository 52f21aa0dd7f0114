"""The table of one scenario in five columns, the other metrics on demand; a column has one notation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seedbed.core.labels import MetricLabel
from seedbed.core.statuses import STATUSES, USABLE
from seedbed.report.notation import Notation, duration, notation
from seedbed.report.numbers import MISSING, better_end, known

LAST = 1e300  # where a table puts what is unknown, when it is sorted
_TOLD = (*(status for status in STATUSES if status != "ok"), "not_reproducible")


@dataclass(frozen=True)
class Column:
    """What stands above the cells: ``note`` in small letters; ``more`` are shown when a reader asks for them."""

    head: str
    note: str = ""
    more: bool = False


@dataclass(frozen=True)
class Cell:
    """A text with its interval or remark in small letters, and the number by which the column is sorted."""

    text: str
    small: str
    order: float


def score_columns(metrics: Sequence[MetricLabel], level: float) -> list[Column]:
    """Of the table of :func:`score_cells`: the main metric, time, memory and answers; then the other metrics."""
    interval = f"median [{100 * level:g} %]"
    main, *others = [_metric_column(metric, level) for metric in metrics]
    return [
        main,
        Column("CPU time", interval),
        Column("Memory", f"MiB, {interval}"),
        Column("Answered", "replicates"),
        *(Column(column.head, column.note, more=True) for column in others),
    ]


def score_cells(rows: Sequence[Mapping[str, Any]], metrics: Sequence[MetricLabel], replicates: int) -> list[list[Cell]]:
    """For each row, a method with its ``cells`` by metric and its ``cost``, the cells of :func:`score_columns`."""
    written = [_written((row["cells"][place] for row in rows), metric) for place, metric in enumerate(metrics)]
    memory = notation(
        row["cost"][f"peak_memory_mb{end}"] for row in rows if row["cost"] for end in ("", "_low", "_high")
    )
    return [_cells(row, written, memory, replicates) for row in rows]


def _metric_column(metric: MetricLabel, level: float) -> Column:
    unit = f"{metric.unit}; " if metric.unit else ""
    return Column(metric.label, f"{unit}{better_end(metric.direction)}; mean [{100 * level:g} %]")


def _written(cells: Iterable[Mapping[str, float]], metric: MetricLabel) -> Notation:
    values = (cell[end] for cell in cells for end in ("mean", "low", "high"))
    return notation(values, logarithmic=metric.log_floor is not None)


def _cells(row: Mapping[str, Any], written: Sequence[Notation], memory: Notation, replicates: int) -> list[Cell]:
    main, *others = [_score(cell, shown) for cell, shown in zip(row["cells"], written, strict=True)]
    return [main, *_costs(row["cost"], memory, replicates), *others]


def _score(cell: Mapping[str, float], shown: Notation) -> Cell:
    interval = shown.interval(cell["low"], cell["high"])
    return Cell(shown.number(cell["mean"]), "" if interval == MISSING else interval, _order(cell["mean"]))


def _costs(cost: Mapping[str, Any] | None, memory: Notation, replicates: int) -> list[Cell]:
    if cost is None:
        return [Cell(MISSING, "", LAST), Cell(MISSING, "", LAST), Cell(f"0 of {replicates}", "no row", 0.0)]
    time, interval = duration(*(cost[f"cpu_seconds{end}"] for end in ("", "_low", "_high")))
    answered = sum(int(cost[status]) for status in USABLE)
    told = ", ".join(f"{cost[status]:.0f} {status.replace('_', ' ')}" for status in _TOLD if cost.get(status))
    room = memory.interval(cost["peak_memory_mb_low"], cost["peak_memory_mb_high"])
    return [
        Cell(time, interval, _order(cost["cpu_seconds"])),
        Cell(memory.number(cost["peak_memory_mb"]), "" if room == MISSING else room, _order(cost["peak_memory_mb"])),
        Cell(f"{answered} of {replicates}", told, float(answered)),
    ]


def _order(value: float) -> float:
    """As far as two rows can be told apart; a page has tens of thousands of them."""
    return float(f"{value:.6g}") if known(value) else LAST

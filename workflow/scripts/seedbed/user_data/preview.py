"""What is understood of a user's file, and a config that runs on it: ``make preview FILE=...``, which calls this."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import yaml

from seedbed.user_data.formats.messages import missing_file, printable, unreadable
from seedbed.user_data.formats.npz import LABELS
from seedbed.user_data.formats.table import Table

from .choices import MOST_CATEGORIES
from .columns import FEWEST_IDS
from .dates import holds_dates, moments
from .tables import SUFFIXES, read_table

_SHOWN = 40  # columns
_WIDTH = 34  # letters of examples
_LOST = 0.3  # share of the rows beyond which rows with empty cells are not left out
_METHODS = ("kmeans", "em", "ward", "random_labels")


@dataclass(frozen=True)
class Seen:
    """One column: what it looks like, and what it is taken as: a feature, category, date, id, labels, or to be dropped.

    ``use`` is ``feature``, ``category``, ``date``, ``id``, ``labels`` or ``drop``.
    """

    name: str
    looks: str
    use: str
    empty: int
    examples: str


def main(path: str = "") -> int:
    """Print the preview of a file; a mistake is one message."""
    if not path:
        print("Say which file: make preview FILE=data/mine.csv", file=sys.stderr)
        return 1
    if wrong := missing_file(path, SUFFIXES):
        print(printable(wrong[0]), file=sys.stderr)
        return 1
    try:
        table = read_table(path)
    except Exception as error:  # a broken file can fail in any way its reader knows
        print(printable(unreadable(path, error)), file=sys.stderr)
        return 1
    print("\n".join(preview(path, table)))
    return 0


def preview(path: str, table: Table) -> Iterator[str]:
    """The lines: the file, its columns, and a config to paste."""
    seen = columns_of(table)
    how = f" ({'; '.join(table.notes)})" if table.notes else ""
    yield printable(f"{path}: {len(table)} rows, {len(seen)} columns{how}")
    yield ""
    head = Seen("column", "looks like", "taken as", 0, "examples")
    wide = max(len(printable(one.name)[:30]) for one in [head, *seen[:_SHOWN]])
    yield f"  {head.name:<{wide}}  {head.looks:<30}  {head.use:<9}  empty  {head.examples}"
    for one in seen[:_SHOWN]:
        name = printable(one.name)[:30]
        yield f"  {name:<{wide}}  {one.looks:<30}  {one.use:<9}  {one.empty:>5}  {one.examples}"
    if len(seen) > _SHOWN:
        yield f"  ... and {len(seen) - _SHOWN} more columns"
    yield ""
    yield "To cluster the rows, put this into config.yaml, change what you know better, and run snakemake --cores 2:"
    yield ""
    yield yaml.safe_dump(config_of(path, table, seen), sort_keys=False, allow_unicode=True, width=110).rstrip()
    if truths := [one.name for one in seen if one.use == "category"]:
        yield ""
        yield printable(f"# If {' or '.join(truths)} is the truth that clusters are to find, write label_column: NAME,")
        yield "# and leave grid out: methods are then ranked. Without a truth there is no ranking."
    yield "# What the parameters mean, and which classifier or which variables: data/README.md"


def columns_of(table: Table) -> list[Seen]:
    """Every column, with what it looks like; one of them at most names the rows."""
    seen: list[Seen] = []
    for name in table.names:
        has_id = any(one.use == "id" for one in seen)
        seen.append(_seen(table.frame[name], name in table.apart, has_id))
    return seen


def _seen(column: pd.Series, apart: bool, has_id: bool) -> Seen:
    cells = column[column.notna()]
    differ = cells.astype(str).nunique()
    looks, use = _looks(column, cells, differ, has_id)
    if apart:
        use = "labels" if column.name in LABELS else "drop"
    examples = ", ".join(dict.fromkeys(str(cell) for cell in cells.head(20)))
    shown = examples if len(examples) <= _WIDTH else examples[: _WIDTH - 3] + "..."
    return Seen(str(column.name), looks, use, int(column.isna().sum()), printable(shown))


def _looks(column: pd.Series, cells: pd.Series, differ: int, has_id: bool) -> tuple[str, str]:
    whole = len(cells) == len(column)
    unlike = differ == len(cells) and len(cells) >= FEWEST_IDS
    if not len(cells):
        return "empty", "drop"
    if holds_dates(column):
        return ("dates", "date") if _tells_days(column) else ("dates, day or month first?", "drop")
    if differ == 1:
        return "the same in all rows", "drop"
    names_rows = unlike and whole and not has_id
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = cells.to_numpy(float)
        if unlike and (values == values.round()).all():
            return "whole numbers, all different", "id" if names_rows else "drop"
        return f"numbers, {differ} different", "feature"
    if unlike:
        return "text, all different", "id" if names_rows else "drop"
    if differ <= MOST_CATEGORIES:
        return f"text, {differ} categories", "category"
    return f"text, {differ} different", "drop"


def _tells_days(column: pd.Series) -> bool:
    try:
        return bool(len(moments(column)))
    except ValueError:
        return False


def config_of(path: str, table: Table, seen: list[Seen]) -> dict:
    """A whole config that runs on the file."""
    used = [one for one in seen if one.use in ("feature", "category", "date")]
    params: dict[str, object] = {"path": path}
    ids, labelled = ([one.name for one in seen if one.use == use] for use in ("id", "labels"))
    params |= {"id_column": ids[0]} if ids else {}
    params |= {"label_column": labelled[0]} if labelled else {}
    gone = [one.name for one in seen if one.use == "drop" and one.name not in table.apart]
    params |= {"drop": gone} if gone else {}
    params |= {"missing": _missing(table, used)} if any(one.empty for one in used) else {}
    params |= {"categories": "one_hot"} if any(one.use == "category" for one in used) else {}
    params |= {"dates": "days"} if any(one.use == "date" for one in used) else {}
    scenario: dict[str, object] = {"scenario": "user_table", "params": params}
    scenario |= {} if labelled else {"grid": {"n_clusters": [2, 3, 4, 5]}}
    methods = {name: {} for name in _METHODS}
    study = {"replicates": 10, "replicates_per_job": 10, "scenarios": {"mine": scenario}, "methods": methods}
    return {"seed": 1, "studies": {"clustering": study}}


def _missing(table: Table, used: list[Seen]) -> str:
    """Rows with empty cells are left out, unless they are many and all of their gaps can be filled."""
    lost = table.frame[[one.name for one in used]].isna().any(axis=1).mean()
    fillable = not any(one.empty for one in used if one.use == "category")
    return "median" if lost > _LOST and fillable else "drop_rows"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))

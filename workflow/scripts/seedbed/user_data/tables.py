"""Tables of a user's own, one row per case, numeric features: one reader and one check for all formats and studies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from unicodedata import normalize

import numpy as np

from seedbed.user_data.formats.delimited import read_delimited
from seedbed.user_data.formats.messages import SHOWN, missing_file, printable, repeated, similar, unreadable
from seedbed.user_data.formats.npz import read_array, read_arrays
from seedbed.user_data.formats.parquet import read_parquet
from seedbed.user_data.formats.table import Table
from seedbed.user_data.formats.workbook import read_workbook

from .choices import PLAIN, Choice, choose
from .columns import bad_ids, bad_numbers

_READERS: dict[str, Callable[[Path], Table]] = {
    ".csv": lambda file: read_delimited(file, ","),
    ".tsv": lambda file: read_delimited(file, "\t"),
    ".parquet": read_parquet,
    ".npz": read_arrays,
    ".npy": read_array,
    ".xlsx": read_workbook,
}
SUFFIXES = tuple(_READERS)


def read_table(path: str) -> Table:
    """The table of a file; see ``data/README.md`` for the formats. Nothing in a file is executed.

    Raises
    ------
    ValueError
        If the file cannot be read as it was meant; the message says where it is to be mended, and how.
    """
    file = Path(path)
    return _READERS[file.suffix.lower()](file)


def check_table(
    path: str, choice: Choice = PLAIN, *, hint: str = "", **targets: str | None
) -> tuple[list[str], Table | None]:
    """What is wrong with a file or with the columns asked of it, and the table itself.

    Parameters
    ----------
    path : str
        The file.
    choice : Choice
        What is asked of the columns, and what becomes of empty cells, texts and dates.
    hint : str
        What to do with a feature that is not numeric, where the user has no choice.
    **targets : str or None
        Columns that are no features either, by the parameter that names them, such as ``label_column="kind"``.

    Returns
    -------
    messages : list of str
        One per mistake, each with the path in front, and how the file was read where that is not plain.
    table : Table or None
        None if the file or its columns are not what was asked for; then nothing more can be said of it.
    """
    if messages := missing_file(path, SUFFIXES):
        return messages, None
    try:
        table = read_table(path)
    except Exception as error:  # a broken file can fail in any way its reader knows
        return [printable(unreadable(path, error))], None
    messages = _missing_columns(table, choice, {**targets, "id_column": choice.id_column})
    if len(table) < 2:  # a column without rows has no type, so that nothing more can be said
        messages.append(f"has {len(table)} rows; at least 2 are needed")
    usable = not messages
    if usable:
        try:
            table = _chosen(table, choice, *targets.values())
        except ValueError as error:
            return with_path(path, [str(error)], table), None
        free = next((f"name it as {parameter}, or " for parameter, name in targets.items() if name is None), "")
        messages = bad_numbers(
            table.frame[feature_names(table, choice)], free + (hint or "leave it out with drop"), not hint
        )
        messages += bad_ids(table.frame[choice.id_column], table.row_numbers) if choice.id_column else []
    return with_path(path, messages, table), table if usable else None


def read_chosen(path: str, choice: Choice, *targets: str | None) -> Table:
    """The table of a file that :func:`check_table` has found to be right, with the user's choices made."""
    return _chosen(read_table(path), choice, *targets)


def _chosen(table: Table, choice: Choice, *targets: str | None) -> Table:
    names = feature_names(table, choice, *targets)
    others = [name for name in (*targets, choice.id_column) if name is not None]
    return choose(table, names, list(dict.fromkeys(others)), choice)


def with_path(path: str, messages: Sequence[str], table: Table) -> list[str]:
    """Messages that begin with the file and how it was read."""
    where = f"{path} ({'; '.join(table.notes)})" if table.notes else path
    return [printable(f"{where}: {message}") for message in messages]


def feature_names(table: Table, choice: Choice, *targets: str | None) -> list[str]:
    """The columns that hold features."""
    if table.features is not None:
        return list(table.features)
    others = {*targets, choice.id_column, *(choice.drop or ()), *table.apart}
    return list(choice.columns) if choice.columns else [name for name in table.names if name not in others]


def left_out(table: Table, features: Sequence[str], *targets: str | None) -> list[str]:
    """The columns that are neither features nor targets."""
    used = {*features, *targets}
    return list(dict.fromkeys([*table.unused, *(name for name in table.names if name not in used)]))


def _missing_columns(table: Table, choice: Choice, targets: dict[str, str | None]) -> list[str]:
    known, there, columns, drop = table.names, set(table.names), choice.columns or [], choice.drop or []
    messages = [f"the name '{name}' is given to several columns; names must differ" for name in repeated(known)[:SHOWN]]
    roles: dict[str, str] = {}
    for parameter, target in targets.items():
        if target is not None and target in roles:
            messages.append(f"'{target}' is named as {roles[target]} and as {parameter}; it can be one of them")
        elif target is not None:
            roles[target] = parameter
    asked = [(f"{parameter} is '{name}'", name) for name, parameter in roles.items()]
    asked += [(f"columns names '{name}'", name) for name in columns]
    asked += [(f"drop names '{name}'", name) for name in drop]
    absent = [(said, name) for said, name in asked if name not in there]
    for said, name in absent[:SHOWN]:
        reason = table.unfit.get(name)
        messages.append(f"{said}, which {reason}" if reason else _unknown(said, name, known))
    messages += [f"{len(absent) - SHOWN} more names are not in the file"] if len(absent) > SHOWN else []
    for name in columns:
        if name in roles:
            messages.append(f"columns names '{name}', which is the {roles[name]}; {_no_feature(roles[name])}")
    messages += [f"drop names '{name}', which is the {roles[name]}" for name in drop if name in roles]
    messages += [f"columns names '{name}' more than once" for name in repeated(columns)]
    if columns and drop and (both := sorted({*columns} & {*drop})):
        messages.append(f"columns and drop both name '{both[0]}'")
    if not messages and not feature_names(table, choice, *roles):
        messages.append("no feature column is left; at least one is needed")
    return messages


def _no_feature(role: str) -> str:
    """Why what a column is keeps it from being a feature."""
    if role in ("id_column", "split_column", "group_column", "time_column"):
        return "it says which row is which, and can be no feature"
    return "the truth cannot be a feature"


def _unknown(said: str, name: str, known: list[str]) -> str:
    if len(known) == 1 and name in known[0]:
        return f"{said}; the file has one column, '{known[0][:60]}': separate its fields by commas"
    if f"'{name}'" in known:
        return f'{said}: there it stands in single quotes; write quotes as ", or leave them out'
    if same := [other for other in known if normalize("NFC", other) == normalize("NFC", name)]:
        return f"{said}: '{same[0]}' there is written in other letters that look alike; copy the name from the file"
    stripped = f"; the file has '{name.strip()}'" if name != name.strip() and name.strip() in known else ""
    return f"{said}, which the file does not have{stripped or similar(name, known)}"


def feature_matrix(table: Table, names: Sequence[str]) -> np.ndarray:
    """The features in float64, (n, p)."""
    return table.frame[list(names)].to_numpy(float)

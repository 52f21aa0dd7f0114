"""Arrays as files that any language reads, and the answer of a program as arrays."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from seedbed.core.messages import one_line

_WHOLE = re.compile(r"[+-]?\d{1,18}")
_NUMBERS = {"NA": np.nan, "": np.nan, "NaN": np.nan, "Inf": np.inf, "-Inf": -np.inf}  # as R writes them
_TRUTH = {"TRUE": True, "FALSE": False}


class ProgramError(RuntimeError):
    """A program that failed, or whose answer cannot be read."""


class Answer(dict[str, np.ndarray]):
    """The columns of what a program wrote; one that is asked for and not there is named."""

    def __init__(self, columns: Mapping[str, np.ndarray], source: str) -> None:
        super().__init__(columns)
        self.source = source

    def __missing__(self, name: str) -> np.ndarray:
        raise ProgramError(f"{self.source} wrote no column '{name}'; it wrote {', '.join(map(repr, self))}")


def write_array(path: Path, name: str, array: np.ndarray) -> None:
    """One array as CSV: a head (``y``, or ``x1``, ``x2``, ... for the columns of ``X``), and a line per row.

    Numbers are written so that reading gives the same double again.

    Raises
    ------
    ValueError
        For arrays of more than two dimensions, which are no table.
    """
    array = np.asarray(array)
    if array.ndim > 2:
        raise ValueError(f"{name} has {array.ndim} dimensions, and CSV has rows and columns: use {{arrays.npz}}")
    rows = np.atleast_1d(array) if array.ndim < 2 else array
    head = [name] if rows.ndim == 1 else [f"{name.lower()}{number}" for number in range(1, rows.shape[1] + 1)]
    rows = rows.reshape(len(rows), -1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join(head) + "\n")
        if rows.dtype.kind == "f":
            np.savetxt(stream, rows, fmt="%.17g", delimiter=",")
        else:
            csv.writer(stream, lineterminator="\n").writerows(rows.tolist())


def read_answer(path: Path, source: str) -> Answer:
    """The columns of a CSV file: whole numbers, other numbers (``NA`` is NaN), TRUE and FALSE, or text.

    Parameters
    ----------
    path : Path
        Commas, one line of names, as many fields in every line; a first column without a name is R's row names, and
        left out.
    source : str
        What the program is called in messages.

    Raises
    ------
    ProgramError
        If there is no such file, or if it is anything else.
    """
    if not path.is_file():
        raise ProgramError(f"{source} ended well and wrote no {path.name}, the file that it was told to write")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = [line for line in csv.reader(stream) if line]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ProgramError(f"{source}: what it wrote is no CSV in UTF-8: {error}") from None
    if not lines:
        raise ProgramError(f"{source} wrote an empty file")
    head, *rows = lines
    for wrong in _shape_errors(head, rows):
        raise ProgramError(f"{source}: {wrong}")
    columns = zip(*rows, strict=True) if rows else [()] * len(head)
    named = [(name, _typed([*column])) for name, column in zip(head, columns, strict=True)]
    return Answer(dict(named[1:] if named[0][0] == "" else named), source)


def _shape_errors(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    if len(head) == 1 and ";" in head[0]:
        yield "the first line of what it wrote has no comma, but semicolons: separate by commas (in R: write.csv)"
    if rows and {len(row) for row in rows} == {len(head) + 1}:
        yield "each line has one field more than the head; in R: write.csv(..., row.names = FALSE)"
    for number, row in enumerate(rows, start=2):
        if len(row) != len(head):
            yield f"line {number} of what it wrote has {len(row)} fields, and the head has {len(head)}"
    names = head[1:] if head[0] == "" else head
    if "" in names or len({*names}) != len(names):
        yield f"the first line must name each column once, and is: {one_line(','.join(head))}"


def _typed(column: list[str]) -> np.ndarray:
    texts = [text.strip() for text in column]
    if all(map(_WHOLE.fullmatch, texts)):
        return np.array([int(text) for text in texts], np.int64)
    if all(text in _TRUTH for text in texts):
        return np.array([_TRUTH[text] for text in texts])
    try:
        return np.array([_NUMBERS[text] if text in _NUMBERS else float(text) for text in texts])
    except ValueError:
        return np.array(column)

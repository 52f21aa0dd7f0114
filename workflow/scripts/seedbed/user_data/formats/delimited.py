"""Tables as text, CSV and TSV: read as they were meant where that is plain, else refused with line and cure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from .bounds import MOST_LETTERS, too_many_bytes, too_many_cells
from .header import check_first_line, is_index, name_columns
from .kinds import other_kind
from .messages import cell_text
from .table import Table
from .text_numbers import holds_long, long_whole_numbers, numbers_of

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_SAMPLE = 100_000  # letters that the separator is found out by
_ABOVE = 30  # lines down to which a first line of one field is a title or a comment above the table
_SAVE = "save it as UTF-8 (spreadsheets call it 'CSV UTF-8')"


def read_delimited(file: Path, usual: str) -> Table:
    """The table of a text file.

    Parameters
    ----------
    file : Path
    usual : str
        The separator that the file's name promises. Another one is taken, with a note, if it divides all lines alike
        and the usual one does not.

    Raises
    ------
    ValueError
        If lines have more or fewer fields than the header, the text is not UTF-8, or names are missing.
    """
    too_many_bytes(file)
    text, notes = _text(file), []
    if said := re.match(r'"?sep=(.)"?(\r\n|\n|\r)', text):  # a line that Excel writes and hides
        separator, text = said[1], text[said.end() :]
    else:
        separator = _separator(text, usual)
    if separator != usual:
        notes.append(f"separated by {SEPARATORS.get(separator, repr(separator))}")
    header, body, n_rows, row_names = _shape(text, separator)
    too_many_cells(n_rows, len(header))
    columns = _columns(body, separator, len(header) + row_names, n_rows)
    if row_names:
        columns = columns.iloc[:, 1:]
        notes.append("the first field of each line, a row name that the header does not count, is left out")
    columns, more = numbers_of(columns)
    if separator == ";" and not more and any(pd.api.types.is_float_dtype(dtype) for dtype in columns.dtypes):
        more = ["decimal points"]
    frame, named = name_columns(columns, header)
    check_first_line(frame)
    return Table(frame, (*notes, *more, *named))


def _text(file: Path) -> str:
    if other := other_kind(file):
        raise ValueError(other)
    raw = file.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError(f"it is in UTF-16; {_SAVE}")
    if 0 in raw:
        raise ValueError(f"line {_line(raw, raw.index(0))} holds the byte 0, as UTF-16 does; {_SAVE}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line(raw, error.start)
        around = raw[max(0, error.start - 12) : error.start + 12].decode("latin-1").split("\n")
        shown = next((part for part in around if not part.isascii()), around[0])
        raise ValueError(f"line {line} is not UTF-8 ({cell_text(shown)} if it is Latin-1); {_SAVE}") from None


def _line(raw: bytes, place: int) -> int:
    return raw.count(b"\n", 0, place) + 1


def _rows(text: str, separator: str) -> tuple[Iterator[tuple[int, list[str]]], io.StringIO]:
    """Lines with something on them, as fields; and the text, which stands where the next line begins."""
    stream = io.StringIO(text, newline="")
    csv.field_size_limit(MOST_LETTERS)
    reader = csv.reader(stream, delimiter=separator, skipinitialspace=True, strict=True)

    def rows() -> Iterator[tuple[int, list[str]]]:
        try:
            for row in reader:
                if len(row) > 1 or (row and row[0]):
                    yield reader.line_num, row
        except csv.Error as error:
            raise ValueError(f"line {max(1, reader.line_num)}: {error}; is a quote not closed?") from None

    return rows(), stream


def _separator(text: str, usual: str) -> str:
    """The usual one, unless it does not divide the first lines alike and another does."""
    sample = text if len(text) <= _SAMPLE else text[:_SAMPLE].rpartition("\n")[0] or text
    widths = {separator: _widths(sample, separator) for separator in dict.fromkeys([usual, *SEPARATORS])}
    for separator, found in widths.items():
        if len(found) == 1 and found != {1}:
            return separator
    # the first of those that divide the most poorly divided line best
    best = max(widths, key=lambda separator: min(widths[separator], default=0))
    if min(widths[best], default=0) > 1:
        return best
    lines = [line for line in sample.splitlines() if line.strip()][:2]
    for separator in widths:
        if lines and separator in lines[0]:
            return separator
    pieces = [line.split() for line in lines]
    if len(lines) == 2 and len(pieces[0]) == len(pieces[1]) > 1 and any(map(_is_number, pieces[1])):
        raise ValueError("the fields are separated by blanks; separate them by commas")
    return usual


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _widths(sample: str, separator: str) -> set[int]:
    rows, _ = _rows(sample, separator)
    try:
        return {len(row) for _, row in rows}
    except ValueError:  # a quote that this separator leaves open
        return set()


def _shape(text: str, separator: str) -> tuple[list[str], str, int, bool]:
    """Header, body, number of rows, and whether each row begins with a name that the header does not count."""
    rows, stream = _rows(text, separator)
    try:
        _, header = next(rows)
    except StopIteration:
        raise ValueError("it is empty") from None
    body_starts = stream.tell()
    n_rows, wrong, firsts = 0, None, []
    longer = True
    for line, row in rows:
        n_rows += 1
        if len(row) != len(header) and wrong is None:
            wrong = (line, row)
        longer = longer and len(row) == len(header) + 1
        if longer:
            firsts.append(row[0])
        if len(row) > 1 and not any(map(str.strip, row)):
            raise ValueError(f"line {line} holds separators alone; remove it")
    if wrong is None:
        return header, text[body_starts:], n_rows, False
    if longer and n_rows:
        if not any(_last_fields(text, separator)):
            return [*header, ""], text[body_starts:], n_rows, False
        names = pd.DataFrame({"name": firsts})
        if is_index(names) and not pd.to_numeric(names["name"], errors="coerce").notna().any():
            return header, text[body_starts:], n_rows, True
    raise ValueError(_wrong_width(*wrong, header, separator))


def _last_fields(text: str, separator: str) -> Iterator[str]:
    rows, _ = _rows(text, separator)
    next(rows)
    return (row[-1].strip() for _, row in rows)


def _wrong_width(line: int, row: list[str], header: list[str], separator: str) -> str:
    cells = ", ".join(cell_text(cell) for cell in row[:4]) + (", ..." if len(row) > 4 else "")
    said = f"line {line} has {len(row)} fields ({cells}); the header has {len(header)}"
    if len(row) < len(header):
        return f"{said}: fill the line up, or remove it"
    if len(header) == 1 < len(row) and line <= _ABOVE:
        return f"{said}: the first line must name the columns; remove what stands above the line of names"
    numbers = sum(cell.strip().lstrip("+-").isdecimal() for cell in row)
    if separator == "," and numbers >= 2:
        return f"{said}: write numbers with a decimal point and without separators of thousands, or put them in quotes"
    return f"{said}: put text that holds a separator in quotes, and give row names a name in the header"


def _columns(body: str, separator: str, width: int, n_rows: int) -> pd.DataFrame:
    if not n_rows:
        return pd.DataFrame({place: pd.Series([], dtype=object) for place in range(width)})
    options = {"sep": separator, "header": None, "names": range(width), "index_col": False, "na_values": []}
    options |= {"keep_default_na": False, "skipinitialspace": True, "low_memory": False}
    frame = pd.read_csv(io.StringIO(body), **options).copy()  # in a few blocks, where read_csv makes one per column
    if len(frame) != n_rows:
        raise ValueError(f"of {n_rows} lines with data {len(frame)} can be told apart; are all quotes closed?")
    if doubtful := long_whole_numbers(frame):
        texts = pd.read_csv(io.StringIO(body), usecols=doubtful, dtype=str, **options)
        for place in doubtful:
            if holds_long(texts[place]):
                frame[place] = texts[place].astype(object)
    if re.search(rf'(?:^|[{re.escape(separator)}"\s])[+-]?0\d', body):
        whole = [place for place, dtype in enumerate(frame.dtypes) if pd.api.types.is_integer_dtype(dtype)]
        texts = pd.read_csv(io.StringIO(body), usecols=whole, dtype=str, **options)
        for place in whole:  # which of them are codes is seen when the text is made numbers
            if texts[place].str.strip().nunique() > frame[place].nunique():
                frame[place] = texts[place].astype(object)
    return frame

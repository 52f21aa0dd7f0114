"""Numbers that a table holds as text: with decimal commas, beside empty cells, or too long for a double."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

# what pandas would take for an empty cell without being asked; the empty text is the first
_SPELT = "|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|NaT|None|n/a|nan|null"
MISSING = frozenset(_SPELT.split("|"))
EXACT = 2**53  # whole numbers up to here are doubles
_COMMA = r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?"
_THOUSANDS = r"[+-]?[1-9]\d{0,2}(,\d{3})+"  # 1,500: one and a half, or a thousand and a half
CODE = r"[+-]?0\d+"
LONG = r"[+-]?\d{16,}(\.0*)?"
_WHOLE = rf"\s*{LONG}\s*"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # letters of no width, which other programs leave behind


def numbers_of(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Turn the columns of text that hold numbers into numbers; see the module.

    Returns
    -------
    frame : DataFrame
        The same object. Cells of the columns that stay text are stripped of blanks, and empty ones are None.
    notes : list of str
    """
    texts = {i: _stripped(frame.iloc[:, i]) for i, dtype in enumerate(frame.dtypes) if not _is_number(dtype)}
    commas = {i for i, cells in texts.items() if _has_commas(cells)}
    written = any(not _with_comma(texts[i]).str.fullmatch(_THOUSANDS).all() for i in commas)
    plain = any(pd.api.types.is_float_dtype(dtype) for dtype in frame.dtypes)
    decimal = written and not plain
    for place, cells in texts.items():
        points = cells.str.replace(",", ".", regex=False) if place in commas and decimal else cells
        frame.isetitem(place, _converted(points))
    return frame, ["decimal commas"] if decimal else []


def bare(text: str) -> str:
    """A name without what nobody sees around it: blanks, and letters of no width."""
    while text != (text := text.strip().strip(_UNSEEN)):
        pass
    return text


def _is_number(dtype: object) -> bool:
    return pd.api.types.is_numeric_dtype(dtype)


def _stripped(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), "").astype(str).str.strip()


def _filled(cells: pd.Series) -> pd.Series:
    return cells[~cells.isin(MISSING)]


def _with_comma(cells: pd.Series) -> pd.Series:
    return cells[cells.str.contains(",", regex=False)]


def _has_commas(cells: pd.Series) -> bool:
    return len(_with_comma(cells)) > 0 and bool(_filled(cells).str.fullmatch(_COMMA).all())


def _converted(cells: pd.Series) -> pd.Series:
    """Numbers, with NaN for empty cells, if all others are numbers that doubles can hold; else the text."""
    filled = _filled(cells)
    if len(filled) and not filled.str.fullmatch(_WHOLE).any():
        numbers = pd.to_numeric(filled, errors="coerce")
        if numbers.notna().all() and not _two_spellings(filled, numbers):
            return numbers.astype(float).reindex(cells.index) if len(numbers) < len(cells) else numbers
    if not len(filled) and (cells == "").all():
        return pd.Series(np.nan, index=cells.index, dtype=float)
    return cells.astype(object).where(cells != "", None)


def _two_spellings(cells: pd.Series, numbers: pd.Series) -> bool:
    """Whether zeros before some of the numbers tell cells apart: 01 and 1 are two codes, not twice the same number."""
    return bool(cells.str.fullmatch(CODE).any()) and cells.nunique() > numbers.nunique()


def long_whole_numbers(frame: pd.DataFrame) -> list[int]:
    """Places of columns of doubles that may have been whole numbers too long for one."""
    floats = [i for i, dtype in enumerate(frame.dtypes) if pd.api.types.is_float_dtype(dtype)]
    if not floats or not len(frame):
        return []
    large = np.abs(frame.iloc[:, floats].to_numpy(float)).max(axis=0) >= EXACT
    return [place for place, is_large in zip(floats, large, strict=True) if is_large]


def holds_long(cells: pd.Series) -> bool:
    """Whether some cell is a whole number of so many digits that a double may not hold it."""
    return bool(_stripped(cells).str.fullmatch(_WHOLE).any())


def cure(cell: object) -> str:
    """What a cell that is no number may have been meant to be, and how to write it."""
    text = str(cell).strip()
    for pattern, advice in _CURES.items():
        if re.fullmatch(pattern, text):
            return advice
    return ""


_CURES = {
    LONG: "a whole number beyond 2^53 is no exact double: as a size write it with an exponent, 1.5e18",
    r"[+-]?\d{1,3}([.,' ’\u00a0\u202f]\d{3})+([.,]\d*)?": "write thousands without a separator: 1500 or 1500.5",
    r"\d+(_\d+)+": "write thousands without a separator: 1500",
    r"[+-]?[\d.]+[dD][+-]?\d+": "write the exponent with an e: 1e5",
    r"[+-]?0\d+": "it is written in two ways, with and without zeros before it; write numbers without",
    r"[+-]?\d+,\d+([eE][+-]?\d+)?": "write decimals with a point, and in the same way in all columns: 1.5",
    r"[+-]?[\d.,]+\s*%": "write shares without the sign: 0.15",
    r"[$€£¥]\s*[\d.,]+|[\d.,]+\s*[$€£¥]": "write amounts without the sign of the currency",
    r"\d{4}-\d\d?-\d\d?.*|\d\d?[./]\d\d?[./]\d{2,4}.*": "of a date make a number, such as days since a first day",
    r"'.*'|[“„«].*[”“»]": 'write quotes as ", or leave them out',
    r"[-?.*]+|#.*": "an empty or failed cell: remove the row or fill it in",
    "\u2212.*": "write the minus as the hyphen of the keyboard",
}

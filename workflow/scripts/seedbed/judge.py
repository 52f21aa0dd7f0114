"""Judge paired effects that lie in a file, by the rule of the ledger: ``python -m seedbed.judge FILE.csv``.

For people who have effects and no workflow: one number per replicate, how much better ours is than the peer on the same
data. The answer is printed as JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from seedbed.core.errors import UserError, printable
from seedbed.core.statistics.mean_test import MeanTest, fewest, mean_test, verdict_of
from seedbed.core.statistics.over_scenarios import prediction_interval
from seedbed.core.statistics.sample_size import sizes_needed

_MISSING = ("", "na", "n/a", "nan", "none", "null", "inf", "-inf", "+inf")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 if there is a verdict, whichever it is, and 2 with one message for a mistake."""
    try:
        chosen = _parser().parse_args(_joined(sys.argv[1:] if arguments is None else arguments))
        region = _region(chosen.low, chosen.high)
        table = _read(chosen.file, [chosen.column, *([chosen.by] if chosen.by is not None else [])])
        effects = _numbers(table[chosen.column], chosen.file, chosen.column)
        groups = None if chosen.by is None else _groups(table[chosen.by], chosen.file, chosen.by)
        result = judge(effects, *region, level=chosen.level, family_size=chosen.family_size, groups=groups)
    except UserError as error:
        print(f"seedbed.judge: {error}", file=sys.stderr)
        return 2
    print(json.dumps(result, indent=2, allow_nan=False))
    return 0


def judge(
    effects: np.ndarray,
    low: float = 0.0,
    high: float = math.inf,
    *,
    level: float = 0.95,
    family_size: int = 1,
    groups: pd.Series | None = None,
) -> dict[str, Any]:
    """The verdict on ``low < mean effect < high``.

    Parameters
    ----------
    effects : ndarray of shape (n,)
        One number per replicate, at least two, all finite.
    low, high : float
        The region; without ``high`` a one-sided claim, with both an equivalence.
    level : float
        Of the interval; the p-value must be below 1 - level.
    family_size : int
        How many claims are judged together: the p-value is multiplied by it (Bonferroni; Holm's first step).
    groups : Series of shape (n,), optional
        Scenarios. Every row counts the same for the verdict; each group's effect stands beside it, and the interval in
        which that of one more group would lie.

    Returns
    -------
    dict
        ``verdict``, ``mean``, ``interval``, ``p_inside``, ``p_outside`` (two-sided, of one claim), ``p_adjusted``,
        ``n`` and what bears on them, ready for JSON: null is unknown, or without bound.
    """
    alpha = 1 - level
    test = mean_test(effects, low, high, level=level)
    p_adjusted = min(1.0, family_size * min(test.p_inside, test.p_outside))
    found = verdict_of(test.p_inside, test.p_outside, alpha, p_adjusted) if test.n >= fewest(alpha) else "inconclusive"
    result = {
        "verdict": found,
        "mean": test.mean,
        "interval": [test.low, test.high],
        "p_inside": test.p_inside,
        "p_outside": test.p_outside,
        "p_adjusted": p_adjusted,
        "n": test.n,
        "low": low,
        "high": high,
        "level": level,
        "family_size": family_size,
        "student_interval": [test.student_low, test.student_high],
        "p_sign_flips": test.p_sign_flips,
        "p_signed_rank": test.p_signed_rank,
        "note": _note(test, alpha),
    }
    if found == "inconclusive":
        result["replicates_needed"] = vars(sizes_needed(test, low, high, alpha / family_size))
    if groups is not None:
        result |= _by_group(pd.Series(effects), groups, level)
    return _plain(result)


def _note(test: MeanTest, alpha: float) -> str:
    if test.n < fewest(alpha):
        return f"fewer than {fewest(alpha)} effects decide nothing: their signs alone could be chance"
    if test.spread == 0:
        return "all effects are equal: how they spread is unknown, and the evidence is that of their signs"
    return ""


def _by_group(effects: pd.Series, groups: pd.Series, level: float) -> dict[str, Any]:
    parts = {str(name): effects[(groups == name).to_numpy()] for name in dict.fromkeys(groups)}
    rows = []
    for name, values in parts.items():
        test = mean_test(values.to_numpy(), level=level) if len(values) > 1 else None
        interval = [test.low, test.high] if test else [np.nan, np.nan]
        rows.append({"group": name, "mean": float(values.mean()), "interval": interval, "n": len(values)})
    return {"groups": rows, "prediction_interval": list(prediction_interval(parts, level))}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UserError(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m seedbed.judge", description=__doc__, allow_abbrev=False)
    parser.add_argument("file", help="a CSV file with a head, one row per replicate")
    parser.add_argument("--column", default="effect", help="the column of effects (default: effect)")
    parser.add_argument("--by", help="a column of scenarios: the effect of each is shown too")
    parser.add_argument("--low", type=_number, default=0.0, help="the claim: the mean is above this (default: 0)")
    parser.add_argument("--high", type=_number, default=math.inf, help="and below this (default: no bound)")
    parser.add_argument("--level", type=_level, default=0.95, help="of the interval (default: 0.95)")
    parser.add_argument("--family-size", type=_size, default=1, help="claims that are judged together (default: 1)")
    return parser


def _joined(arguments: Sequence[str]) -> list[str]:
    """``--low -1e-3`` as ``--low=-1e-3``: argparse takes numbers with an exponent for options."""
    words: list[str] = []
    for word in arguments:
        if words and words[-1] in ("--low", "--high", "--level", "--family-size"):
            words[-1] += f"={word}"
        else:
            words.append(word)
    return words


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise argparse.ArgumentTypeError(f"it must be a number, got {text}")
    return value


def _level(text: str) -> float:
    value = _number(text)
    if not 0.5 <= value < 1:
        raise argparse.ArgumentTypeError(f"it must be at least 0.5 and below 1, got {text}")
    return value


def _size(text: str) -> int:
    if not (text.strip().isdecimal() and int(text) >= 1):
        raise argparse.ArgumentTypeError(f"it must be a whole number, at least 1, got {text}")
    return int(text)


def _region(low: float, high: float) -> tuple[float, float]:
    if low > high:
        raise UserError(f"--low {low:g} is above --high {high:g}: no mean lies between them")
    if not (math.isfinite(low) or math.isfinite(high)):
        raise UserError("--low and --high are both infinite: every mean lies between them")
    return low, high


Column = list[tuple[int, str]]  # line of the file, and what stands there


def _read(path: str, names: list[str]) -> dict[str, Column]:
    """The columns of these names; every row must have as many values as the head has names, or fewer."""
    head, *rows = _rows(path)
    titles = head[1]
    table = {}
    for name in names:
        if titles.count(name) != 1:
            shown = ", ".join(titles)
            if name in titles:
                raise UserError(f"{path}: {titles.count(name)} columns are called '{name}'")
            signs = [word for sign, word in ((";", "semicolons"), ("\t", "tabs")) if sign in shown]
            cure = f"; values are to be separated by commas, not by {signs[0]}" if signs else ""
            raise UserError(f"{path}: there is no column '{name}' (it has: {printable(shown)}){cure}")
        place = titles.index(name)
        table[name] = [(line, row[place] if place < len(row) else "") for line, row in rows]
    for line, row in rows:
        if any(row[len(titles) :]):
            raise UserError(f"{path}: line {line} has {len(row)} values, and the head has {len(titles)} names")
    return table


def _rows(path: str) -> list[tuple[int, list[str]]]:
    """All lines but blank ones, with their numbers; the head first."""
    if not Path(path).is_file():
        raise UserError(f"{path}: {'it is no file' if Path(path).exists() else 'there is no such file'}")
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, skipinitialspace=True)
            rows = [(reader.line_num, [text.strip() for text in row]) for row in reader]
    except UnicodeDecodeError:
        raise UserError(f"{path}: it cannot be read as CSV: save it as UTF-8") from None
    except (csv.Error, OSError) as error:
        raise UserError(f"{path}: it cannot be read as CSV: {error}") from None
    rows = [(line, row) for line, row in rows if row not in ([], [""])]
    if not rows:
        raise UserError(f"{path}: it cannot be read as CSV: it is empty")
    return rows


def _numbers(column: Column, path: str, name: str) -> np.ndarray:
    """The effects; every row must have one, since a verdict on those that are left would be one on other data."""
    texts = pd.Series([text for _, text in column], dtype=object)
    values = pd.to_numeric(texts, errors="coerce").to_numpy(float)
    if bad := [row for row, value in enumerate(values) if not np.isfinite(value)]:
        line, text = column[bad[0]]
        more = f" and {len(bad) - 1} more rows" if len(bad) > 1 else ""
        cure = "numbers are written like 0.1 or -2e-3"
        if text.lower() in _MISSING:
            cure = "give a replicate without an effect one (the worst that it can be, say) before it can be judged"
        where = f"{path}: line {line}{more} of the column '{name}'"
        raise UserError(f"{where}: {printable(text) or 'nothing'} is no finite number; {cure}")
    if len(values) < 2:
        raise UserError(f"{path}: the column '{name}' has {len(values)} effects; a mean can be judged from two on")
    return values


def _groups(column: Column, path: str, name: str) -> pd.Series:
    if empty := [line for line, text in column if not text]:
        raise UserError(f"{path}: line {empty[0]} of the column '{name}' is empty: every row must name its group")
    return pd.Series([text for _, text in column])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


if __name__ == "__main__":
    sys.exit(main())

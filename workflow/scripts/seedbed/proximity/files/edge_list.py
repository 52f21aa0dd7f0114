"""Edges as text: two nodes, and perhaps a weight, per line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from .graph_file import GraphFile

_SEPARATORS = ("\t", ";", ",")  # in this order: a comma beside semicolons is a decimal one
_HEADINGS = {"source", "target", "from", "to", "node", "node1", "node2", "i", "j", "u", "v", "src", "dst", "weight"}


def read_edge_list(file: Path) -> GraphFile:
    """The graph of a text file.

    Fields are separated by tabs, commas, semicolons or blanks; lines that begin with ``#`` or ``%`` are passed over,
    and a first line that names the columns is recognised. Nodes are whole numbers or texts, numbered in their order.

    Raises
    ------
    ValueError
        With the line, for another number of fields, an empty node or a weight that is no number.
    """
    rows = _rows(_text(file))
    if not rows:
        raise ValueError("it holds no edge")
    width = len(rows[0][1])
    if width not in (2, 3):
        raise ValueError(
            f"line {rows[0][0]} has {width} fields ({', '.join(map(repr, rows[0][1][:4]))}); an edge is two "
            "nodes, and perhaps a weight"
        )
    for line, row in rows:
        if len(row) != width:
            raise ValueError(f"line {line} has {len(row)} fields; the first has {width}")
        if not row[0] or not row[1]:
            raise ValueError(f"line {line} lacks a node")
    rows = rows[1:] if _is_header(rows) else rows
    if not rows:
        raise ValueError("it holds no edge, only a line of names")
    names, places = _numbered([row[:2] for _, row in rows])
    return GraphFile(None, places, _weights(rows, width), names)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 (byte {error.start}); save it as UTF-8") from None


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Lines with something on them, as fields, with their numbers."""
    lines = [(i + 1, line.strip()) for i, line in enumerate(text.splitlines())]
    lines = [(i, line) for i, line in lines if line and line[0] not in "#%"]
    separator = next((each for each in _SEPARATORS if lines and each in lines[0][1]), None)
    if separator is None:
        return [(i, line.split()) for i, line in lines]
    rows = []
    for i, line in lines:
        try:
            [fields] = csv.reader(io.StringIO(line), delimiter=separator, skipinitialspace=True, strict=True)
        except (csv.Error, ValueError) as error:
            raise ValueError(f"line {i}: {error}; is a quote not closed?") from None
        rows.append((i, [field.strip() for field in fields]))
    return rows


def _is_header(rows: list[tuple[int, list[str]]]) -> bool:
    first, others = rows[0][1], [row for _, row in rows[1:]]
    if {field.lower() for field in first} <= _HEADINGS and not all(map(_is_number, first)):
        return True
    if len(first) == 3 and not _is_number(first[2]):
        return all(_is_number(row[2]) for row in others)
    nodes = [field for row in others for field in row[:2]]
    return bool(nodes) and all(map(_is_whole, nodes)) and not any(map(_is_whole, first[:2]))


def _numbered(pairs: list[list[str]]) -> tuple[list, np.ndarray]:
    """Names of the nodes in their order, whole numbers as numbers, and the places of each edge's ends."""
    whole = all(_is_whole(field) for pair in pairs for field in pair)
    keys = [[int(field) if whole else field for field in pair] for pair in pairs]
    names = sorted({key for pair in keys for key in pair})
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([[place[a], place[b]] for a, b in keys], np.int64)


def _weights(rows: list[tuple[int, list[str]]], width: int) -> np.ndarray:
    if width == 2:
        return np.ones(len(rows))
    weights = np.empty(len(rows))
    for place, (line, row) in enumerate(rows):
        if not _is_number(row[2]):
            raise ValueError(f"line {line}: the weight {row[2]!r} is no number")
        weights[place] = float(row[2])
        if not 0 <= weights[place] < np.inf:
            raise ValueError(f"line {line}: the weight {row[2]} is negative or not finite")
    return weights


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_whole(text: str) -> bool:
    return text.lstrip("+-").isdecimal() and text.isascii() and len(text) < 19

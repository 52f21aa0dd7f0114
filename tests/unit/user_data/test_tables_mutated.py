"""A table written in any of the ways that people write tables is read as it was meant, or refused: never wrong."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from seedbed.studies.clustering.data.user_table import UserTable

NAMES = ["length", "width, mm", "größe"]


@dataclass(frozen=True)
class Writing:
    """How a table is written; the last three are faults that no reader may pass over."""

    separator: str
    decimal: str
    decimals: int
    quoting: int
    line_end: str
    encoding: str
    index: str
    trailing: str
    blank_lines: bool
    fault: str

    @property
    def is_plain(self) -> bool:
        """Nothing about it is doubtful, so that it must be read."""
        commas = self.decimal == "," and self.decimals
        doubtful = (commas and self.decimals == 3) or (self.separator == "," and self.quoting == csv.QUOTE_NONE)
        counted = not self.index.startswith("row") or (self.index == "row names" and self.trailing == "none")
        return self.encoding.startswith("utf-8") and self.fault == "none" and not doubtful and counted

    def text(self, X: np.ndarray, labels: np.ndarray) -> str:
        """The file's content."""
        rows = [
            [*(f"{v:.{self.decimals}f}".replace(".", self.decimal) for v in x), y]
            for x, y in zip(X, labels, strict=True)
        ]
        header = [*NAMES, "kind"]
        if self.quoting == csv.QUOTE_NONE:  # then a comma divides, whatever was meant
            header[1] = "width mm"
        if self.fault == "repeated name":
            header[1] = header[0]
        if self.fault == "missing cell":
            rows[3][0] = ""
        if self.fault == "missing label":
            rows[2][-1] = "NA"
        if self.fault == "surplus field":
            rows[5].insert(0, "7")
        if self.fault == "short line":
            del rows[4][0]
        firsts = [str(i) if "numbers" in self.index else f"case {i}" for i in range(len(rows))]
        if self.index != "none":
            rows = [[first, *row] for first, row in zip(firsts, rows, strict=True)]
        if self.index.startswith("nameless"):
            header = ["", *header]
        if self.trailing == "all lines":
            header = [*header, ""]
        if self.trailing != "none":
            rows = [[*row, ""] for row in rows]
        return self._joined([*([] if self.fault == "no header" else [header]), *rows])

    def _joined(self, rows: list[list[str]]) -> str:
        buffer = io.StringIO()
        options = {"escapechar": "\\"} if self.quoting == csv.QUOTE_NONE else {}
        writer = csv.writer(
            buffer, delimiter=self.separator, quoting=self.quoting, lineterminator=self.line_end, **options
        )
        for number, row in enumerate(rows):
            # what nobody quotes, or escapes, is written as it is
            if self.quoting == csv.QUOTE_NONE:
                buffer.write(self.separator.join(row) + self.line_end)
            else:
                writer.writerow(row)
            if self.blank_lines and number % 4 == 1:
                buffer.write(self.line_end)
        return buffer.getvalue()


WRITINGS = st.builds(
    Writing,
    separator=st.sampled_from([",", ",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ".", ","]),
    decimals=st.integers(0, 3),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "latin-1", "utf-16"]),
    index=st.sampled_from(["none", "none", "nameless numbers", "nameless text", "row names", "row numbers"]),
    trailing=st.sampled_from(["none", "none", "none", "data lines", "all lines"]),
    blank_lines=st.booleans(),
    fault=st.sampled_from(
        ["none"] * 6 + ["repeated name", "missing cell", "missing label", "no header", "surplus field", "short line"]
    ),
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(writing=WRITINGS, seed=st.integers(0, 99), suffix=st.sampled_from([".csv", ".csv", ".tsv"]))
def test_a_table_is_read_rightly_or_refused(
    writing: Writing, seed: int, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rng = np.random.default_rng(seed)
    X = np.round(rng.uniform(-2000, 2000, (12, 3)) / 10 ** rng.integers(0, 4), writing.decimals)
    labels = rng.permutation(np.repeat(["ash", "birch", "cedar"], 4))
    path = str(tmp_path_factory.mktemp("mutated", numbered=True) / f"trees{suffix}")
    with Path(path).open("w", encoding=writing.encoding, newline="") as file:
        file.write(writing.text(X, labels))
    messages = UserTable(path=path, label_column="kind").messages()
    event("refused" if messages else "read")
    if messages:
        assert not (writing.is_plain and len(np.unique(X, axis=0)) >= 3), messages
        return
    assert writing.fault == "none"
    drawn = UserTable(path=path, label_column="kind", standardise=False).whole()
    np.testing.assert_array_equal(drawn["X"], X)
    assert drawn["labels"].tolist() == np.unique(labels, return_inverse=True)[1].tolist()

"""Tables as they come back from their files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from seedbed.core.judging.tables import REQUIRED, read_table, write_table


@pytest.mark.parametrize("name", ["1e5", "007", "null", "NA", "none", "True", "34797249671075e8", "a, b"])
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_names_that_look_like_something_else_stay_names(name: str, suffix: str, tmp_path: Path) -> None:
    path = str(tmp_path / f"table.{suffix}")
    named = {column: [name, name] for column in ("study", "scenario", "method", "metric", "peer", "case", "job")}
    write_table(pd.DataFrame({**named, "mean": [0.5, float("nan")], "n_scored": [3, 4]}), path)
    back = read_table(path)
    assert (back[[*named]] == name).all(axis=None)
    assert back["mean"].isna().tolist() == [False, True] and back["n_scored"].tolist() == [3, 4]


def test_a_list_of_one_turn_is_a_list(tmp_path: Path) -> None:
    table = pd.DataFrame({column: ["1"] for column in REQUIRED["benchmark"]}).assign(cpu_seconds_each="0.25", target="")
    write_table(table, str(tmp_path / "benchmark.csv"))
    back = read_table(str(tmp_path / "benchmark.csv"))
    assert back["cpu_seconds_each"].tolist() == ["0.25"] and back["job"].tolist() == ["1"]
    assert back["target"].isna().all() and back["cpu_seconds_min"].tolist() == [1]

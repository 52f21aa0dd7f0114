"""What is printed of a file before anything is known of it, and that the config it prints runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from seedbed.core.planning.config import make_plan
from seedbed.user_data.preview import columns_of, main
from seedbed.user_data.tables import read_table

RNG = np.random.default_rng(0)
N = 60
TABLE = pd.DataFrame(
    {
        "customer": [f"K{i}" for i in RNG.permutation(N)],
        "order": RNG.permutation(10**6)[:N],
        "x": RNG.normal(size=N).round(2),
        "y": np.where(np.arange(N) % 9, RNG.normal(size=N).round(2), np.nan),
        "since": pd.date_range("2024-01-01", periods=N).strftime("%d.%m.%Y"),
        "either": [f"0{1 + i % 9}/0{1 + i % 7}/2023" for i in range(N)],
        "region": ["north", "south", "west"] * 20,
        "note": [f"call {i % 40}" for i in range(N)],
        "one": 1,
        "none": None,
    }
)
TAKEN = {
    "customer": "id", "order": "drop", "x": "feature", "y": "feature", "since": "date", "either": "drop",
    "region": "category", "note": "drop", "one": "drop", "none": "drop",
}  # fmt: skip


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx"])
def test_columns_are_taken_for_what_they_look_like(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    {".csv": TABLE.to_csv, ".parquet": TABLE.to_parquet, ".xlsx": TABLE.to_excel}[suffix](path, index=False)
    assert {one.name: one.use for one in columns_of(read_table(str(path)))} == TAKEN


def printed(capsys: pytest.CaptureFixture, path: Path | str) -> str:
    assert main(str(path)) == 0
    return capsys.readouterr().out


def test_the_config_that_is_printed_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    TABLE.to_csv("t.csv", index=False, sep=";", decimal=",")
    text = printed(capsys, "t.csv")
    assert "60 rows, 10 columns (separated by semicolons; decimal commas)" in text
    assert "# If region is the truth that clusters are to find" in text
    config = yaml.safe_load(text[text.index("seed: 1") :])
    params = config["studies"]["clustering"]["scenarios"]["mine"]["params"]
    assert params["id_column"] == "customer" and params["missing"] == "drop_rows" and params["dates"] == "days"
    plan = make_plan(config).studies["clustering"]
    assert [*plan.scenarios] == [f"mine~n_clusters={k}" for k in (2, 3, 4, 5)]


def test_many_empty_cells_are_filled(tmp_path, capsys):
    TABLE.assign(y=np.where(np.arange(N) % 2, np.nan, 1.5 + np.arange(N))).to_csv(tmp_path / "t.csv", index=False)
    assert "missing: median" in printed(capsys, tmp_path / "t.csv")


def test_labels_of_an_archive_are_labels(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    np.savez("t.npz", X=RNG.normal(size=(N, 3)), labels=np.arange(N) % 3, weights=np.ones(N))
    config = yaml.safe_load(printed(capsys, "t.npz").partition("seed: 1")[2].join(["seed: 1", ""]))
    scenario = config["studies"]["clustering"]["scenarios"]["mine"]
    assert scenario["params"] == {"path": "t.npz", "label_column": "labels"} and "grid" not in scenario
    make_plan(config)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("", b"", "Say which file"),
        ("absent.csv", b"", "no such file"),
        ("t.csv", b"a;b\n1;2;3\n", "line 2 has 3 fields"),
    ],
)
def test_a_mistake_is_one_message(tmp_path, capsys, name, content, message):
    path = tmp_path / name if name else ""
    if content:
        path.write_bytes(content)
    assert main(str(path)) == 1
    found = capsys.readouterr()
    assert message in found.err and found.out == "" and len(found.err.splitlines()) == 1

"""Small tables and a user's own: what trains does not test, features have one size, mistakes are named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from seedbed.core.errors import SkipFit
from seedbed.studies.wide_networks.data.tables import CLASSES, ROWS, ShippedTable
from seedbed.studies.wide_networks.data.user_table import UserTable
from seedbed.studies.wide_networks.peers.tables import Linear, Majority, MaternProcess


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_split_by_class_and_standardised_by_those_that_train(name) -> None:
    made = ShippedTable(name=name, n_train=100)
    data = made.draw(np.random.default_rng(0))
    n = min(100, ROWS[name] // 2)
    assert len(data["X"]) == n and len(data["X_test"]) == ROWS[name] - n
    assert made.overlap() == pytest.approx(1 - n / ROWS[name])
    np.testing.assert_allclose(data["X"].mean(axis=0), 0, atol=1e-10)
    spread = data["X"].std(axis=0)
    np.testing.assert_allclose(spread[spread > 0], 1)
    if name in CLASSES:
        shares = [np.bincount(data[key]) / len(data[key]) for key in ("y", "y_test")]
        np.testing.assert_allclose(*shares, atol=0.02)
    else:
        assert abs(data["y"].mean()) < 1e-12 and data["y"].std() == pytest.approx(1)


def test_linear_models_beat_the_majority_and_processes_are_for_numbers() -> None:
    data = ShippedTable(name="wine").draw(np.random.default_rng(1))
    right = [
        (m.fit(data["X"], data["y"]).predict(data["X_test"]) == data["y_test"]).mean() for m in (Linear(), Majority())
    ]
    assert right[0] > 0.9 and right[1] < 0.5
    with pytest.raises(SkipFit, match="for numbers"):
        MaternProcess().fit(data["X"], data["y"])


@pytest.fixture
def table(tmp_path) -> str:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(5, 3, (60, 3)), columns=["a", "b", "c"])
    frame["price"] = 2 * frame["a"] + rng.normal(size=60)
    frame["kind"] = np.where(frame["b"] > 5, "high", "low")
    frame.to_csv(tmp_path / "mine.csv", index=False)
    return str(tmp_path / "mine.csv")


def test_a_user_s_table_of_numbers_or_classes(table: str) -> None:
    numbers = UserTable(path=table, response_column="price", drop=["kind"])
    assert numbers.messages() == [] and any("price (numbers)" in text for text in numbers.understood())
    data = numbers.draw(np.random.default_rng(1))
    assert data["X"].shape == (42, 3) and data["X_test"].shape == (18, 3) and data["y"].std() == pytest.approx(1)
    assert len(set(data["rows"])) == 60
    classes = UserTable(path=table, label_column="kind", drop=["price"])
    assert classes.messages() == []
    data = classes.draw(np.random.default_rng(1))
    assert data["y"].dtype.kind == "i" and set(data["y"]) == {0, 1}
    whole = classes.whole()
    assert len(whole["X"]) == len(whole["X_test"]) == len(whole["y"]) == 60 and "recipe" in whole


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "name either response_column"),
        ({"response_column": "price", "label_column": "kind"}, "name either response_column"),
        ({"response_column": "kind"}, "name it as label_column"),
        ({"response_column": "weight"}, "weight"),
        ({"label_column": "price", "drop": ["kind"]}, "class of its own"),
        ({"response_column": "price", "drop": ["kind"], "standardise": False}, "standardise must be true"),
        ({"response_column": "price", "drop": ["kind"], "test_share": 0.01}, "test_share"),
    ],
)
def test_mistakes_are_named(table: str, asked: dict, message: str) -> None:
    found = UserTable(path=table, **asked).messages()
    assert any(message in text for text in found), found

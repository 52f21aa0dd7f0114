"""Empty cells and columns of text: nothing becomes of them unasked, and what was asked for is done and said."""

from __future__ import annotations

import decimal
import inspect
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from asked_generators import drawn as drawn_by
from asked_generators import messages
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.study import load_study, load_target, study_names
from seedbed.studies.clustering.data.user_table import UserTable
from seedbed.studies.density.data.user_table import UserTable as DensityTable
from seedbed.studies.directional.data.user_table import FeatureFile
from seedbed.studies.grassmann.data.user_table import FeatureClasses as GrassmannTable
from seedbed.user_data.recipe import centre_and_scale

RNG = np.random.default_rng(0)
TABLE = pd.DataFrame(
    {
        "x": [1.0, np.nan, 3.0, 4.0, 8.0, 6.0],
        "y": RNG.normal(size=6).round(2),
        "colour": ["red", "blue", "green", "red", None, "blue"],
        "sex": ["f", "m", "m", "f", "f", "m"],
        "kind": ["a", "b", "a", "b", "a", "b"],
    }
)
LABELLED = {"label_column": "kind"}


@pytest.fixture(params=[".csv", ".parquet"])
def path(tmp_path, request):
    file = tmp_path / f"t{request.param}"
    TABLE.to_csv(file, index=False) if request.param == ".csv" else TABLE.to_parquet(file)
    return str(file)


def drawn(path, **params):
    assert UserTable(path=path, **LABELLED, **params).messages() == []
    return UserTable(path=path, standardise=False, **LABELLED, **params).whole()


def test_nothing_is_done_unasked(path):
    text = "; ".join(UserTable(path=path, **LABELLED).messages())
    for part in ("'x', row 2: value missing", "'colour' is not numeric", "'sex' is not numeric"):
        assert part in text


def test_rows_with_empty_cells_are_left_out(path):
    data = drawn(path, columns=["x", "y"], missing="drop_rows")
    np.testing.assert_array_equal(data["X"], TABLE[["x", "y"]].dropna().to_numpy())
    assert data["labels"].tolist() == [0, 0, 1, 0, 1]
    described = UserTable(path=path, missing="drop_rows", categories="one_hot", **LABELLED).understood()
    assert "4 rows" in described and "2 rows with empty cells are left out" in described


def test_labels_that_are_missing_are_left_out_with_their_rows(tmp_path):
    TABLE.assign(kind=["a", None, "a", "b", "a", "b"]).to_csv(tmp_path / "t.csv", index=False)
    data = drawn(str(tmp_path / "t.csv"), columns=["y"], missing="drop_rows")
    assert data["labels"].tolist() == [0, 0, 1, 0, 1]


def test_empty_cells_get_the_median_of_their_column(path):
    data = drawn(path, columns=["y", "x"], missing="median")
    assert data["X"][1, 1] == 4.0 and np.array_equal(data["X"][:, 0], TABLE["y"])
    described = UserTable(path=path, columns=["x", "y"], missing="median", **LABELLED).understood()
    assert "1 empty cells have the median of their column" in described


def test_texts_become_columns_of_zero_and_one(path):
    data = drawn(path, missing="drop_rows", categories="one_hot")
    # x, y, colour=blue, colour=green, colour=red, and of two texts one column: sex=m
    expected = [[1, 0, 0, 1, 0], [3, 0, 1, 0, 1], [4, 0, 0, 1, 0], [6, 1, 0, 0, 1]]
    np.testing.assert_array_equal(np.delete(data["X"], 1, axis=1), expected)
    described = "; ".join(UserTable(path=path, missing="drop_rows", categories="one_hot", **LABELLED).understood())
    assert "6 features: 'x', 'y', 'colour=blue', 'colour=green', 'colour=red', 'sex=m'" in described


def test_columns_of_text_are_left_out(path):
    data = drawn(path, missing="median", categories="drop")
    assert data["X"].shape == (6, 2)
    described = "; ".join(UserTable(path=path, missing="median", categories="drop", **LABELLED).understood())
    assert "left out: 'colour', 'sex'" in described


@pytest.mark.parametrize(
    ("change", "params", "message"),
    [
        ({"colour": [f"t{i}" for i in range(6)] * 6}, {"categories": "one_hot"}, ""),
        ({"colour": [f"t{i}" for i in range(36)]}, {"categories": "one_hot"}, "holds 36 different texts; up to 30"),
        ({"x": [np.nan] * 36}, {"missing": "drop_rows", "categories": "drop"}, "every row has an empty cell"),
        ({"x": [np.nan] * 36}, {"missing": "median", "categories": "drop"}, "value missing"),
        ({}, {"columns": ["sex"], "categories": "drop"}, "no feature column is left"),
    ],
)
def test_what_cannot_be_chosen_is_said(tmp_path, change, params, message):
    table = pd.concat([TABLE.fillna({"x": 0.0, "colour": "red"})] * 6, ignore_index=True).assign(**change)
    table.to_parquet(tmp_path / "t.parquet")
    found = "; ".join(UserTable(path=str(tmp_path / "t.parquet"), **LABELLED, **params).messages())
    assert message in found and bool(found) == bool(message), found


def test_the_other_studies_choose_as_well(tmp_path):
    table = pd.concat([TABLE] * 10, ignore_index=True)
    table = table.assign(y=RNG.normal(size=60), z=RNG.normal(size=60), kind=np.repeat(["a", "b"], 30))
    table.to_csv(tmp_path / "t.csv", index=False)
    params = {"path": str(tmp_path / "t.csv"), "missing": "median", "categories": "one_hot"}
    for study, name, more, width in (
        ("grassmann", "user_table", LABELLED, 7),
        ("directional", "feature_file", LABELLED, 7),
        ("reduction", "user_table", {"response_columns": ["kind"], "metric": "discrete"}, 7),
    ):
        generator = load_study(study).generators[name]
        given = {**params, **more}
        # a colour that is missing has no median
        assert "'colour=blue'" in "; ".join(messages(generator, **given))
        given["drop"] = ["colour"]
        assert messages(generator, **given) == []
        X = drawn_by(generator, np.random.default_rng(0), **given)["X"]
        assert X.shape[1] == width - 3 and np.isfinite(X).all()
    distances = {**params, "distances": "d.npy", "missing": "drop_rows"}
    generator = load_study("reduction").generators["user_table"]
    assert "leave distances without their rows" in messages(generator, **distances, drop=["kind"])[0]


@pytest.mark.parametrize("study", study_names())
def test_choices_are_checked_as_parameters(study):
    functions = [load_target(item.function) for item in load_study(study).generators.values()]
    tables = [function for function in functions if "categories" in inspect.signature(function).parameters]
    assert tables or study == "proximity", "every study but that of graphs takes tables"
    for function in tables:
        assert parameter_errors(function, {"missing": "mean"})
        assert not parameter_errors(function, {"missing": "median", "categories": "one_hot"})


@pytest.mark.parametrize("missing", ["error", "drop_rows", "median"])
@pytest.mark.parametrize("token", ["NA", "None", "null", "nan"])
def test_categories_that_read_as_missing_are_no_categories(tmp_path, token, missing):
    table = pd.DataFrame({"x": np.arange(8.0) ** 2, "c": ["u", token, "v", "u"] * 2, "kind": list("abababba")})
    table.to_parquet(tmp_path / "t.parquet")
    path = str(tmp_path / "t.parquet")
    messages = UserTable(path=path, label_column="kind", categories="one_hot", missing=missing).messages()
    assert len(messages) == 1 and f"column 'c', row 2: '{token}' reads as missing" in messages[0]


@pytest.mark.parametrize(
    "values",
    [
        pd.timedelta_range(0, periods=8),
        pd.date_range("2024", periods=8),
        [[1, 2]] * 8,
        [decimal.Decimal(i) for i in range(8)],
    ],
    ids=["spans", "dates", "lists", "decimals"],
)
def test_dates_lists_and_decimals_are_no_categories(tmp_path, values):
    table = pd.DataFrame({"x": np.arange(8.0) ** 2, "t": values, "kind": list("abababba")})
    table.to_parquet(tmp_path / "t.parquet")
    path = str(tmp_path / "t.parquet")
    assert "column 't' is not numeric" in str(
        UserTable(path=path, label_column="kind", categories="one_hot").messages()
    )
    assert not UserTable(path=path, label_column="kind", categories="drop").messages()


def test_what_varies_beside_a_column_of_billions_is_scaled(tmp_path: Path) -> None:
    """Whether a column is constant is told by its own size, in every study that standardises."""
    rng = np.random.default_rng(0)
    share = rng.normal(0.5, 1e-4, 60)
    frame = pd.DataFrame({"money": 1e9 + 1e8 * rng.random(60), "share": share, "same": 0.1 + 0.2})
    _, scale = centre_and_scale(frame.to_numpy())
    np.testing.assert_allclose(scale, [frame["money"].std(ddof=0), share.std(), 1.0])
    frame["kind"] = np.repeat(["a", "b"], 30)
    frame.to_csv(tmp_path / "t.csv", index=False)
    made = {
        "directional": FeatureFile(path=str(tmp_path / "t.csv"), label_column="kind", standardise=True),
        "grassmann": GrassmannTable(path=str(tmp_path / "t.csv"), label_column="kind", standardise=True),
        "density": DensityTable(path=str(tmp_path / "t.csv"), drop=["kind"], standardise=True),
    }
    for study, generator in made.items():
        X = generator.draw(np.random.default_rng(1))["X"]
        np.testing.assert_allclose(X[:, :2].std(axis=0), 1.0, err_msg=study)

"""Columns that say which row is which: ids, dates, given splits, groups and times; and recipes for other rows."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from asked_generators import drawn as drawn_by
from asked_generators import messages
from seedbed.core.study import load_study
from seedbed.studies.clustering.data.user_table import UserTable
from seedbed.studies.grassmann.data.user_table import FeatureClasses
from seedbed.user_data.recipe import read_recipe

RNG = np.random.default_rng(3)
N = 60
DAYS = pd.date_range("2023-03-01", periods=N)
TABLE = pd.DataFrame(
    {
        "id": [f"K{i:03d}" for i in RNG.permutation(N)],
        "x": RNG.normal(size=N).round(3),
        "y": RNG.normal(size=N).round(3),
        "since": DAYS.strftime("%Y-%m-%d"),
        "patient": np.repeat([f"p{i}" for i in range(12)], 5),
        "part": ["train", "test", "Train"] * 20,
        "kind": ["a", "b"] * 30,
    }
)
ROLES = ["id", "since", "patient", "part"]


def written(tmp_path, table=TABLE, name="t.csv", **options):
    table.to_csv(tmp_path / name, index=False, **options)
    return str(tmp_path / name)


def asked(path, **params):
    role = params.get("group_column"), params.get("split_column"), params.get("time_column"), params.get("id_column")
    drop = [name for name in ROLES if name not in role]
    return FeatureClasses(path=path, label_column="kind", drop=drop, **params)


# ---- ids and rows


def test_ids_and_row_numbers_are_kept_and_are_no_features(tmp_path):
    path = written(tmp_path, TABLE.assign(x=TABLE["x"].where(np.arange(N) != 4)))
    table = UserTable(path=path, n_clusters=2, columns=["x", "y"], id_column="id", missing="drop_rows")
    assert table.messages() == []
    data = table.draw(np.random.default_rng(0))
    assert data["X"].shape == (47, 2) and 5 not in data["rows"]
    assert data["ids"].tolist() == TABLE["id"].iloc[data["rows"] - 1].tolist()
    assert table.whole()["rows"].tolist() == [row for row in range(1, N + 1) if row != 5]
    assert "id: 'id'" in table.understood()


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a"] * 2 + [f"b{i}" for i in range(N - 2)], "row 2: 'a' is the id of an earlier row too"),
        ([None, *range(N - 1)], "row 1: id missing"),
    ],
)
def test_ids_that_name_no_row_are_refused(tmp_path, ids, message):
    path = written(tmp_path, TABLE.assign(id=ids))
    assert message in "".join(UserTable(path=path, n_clusters=2, columns=["x", "y"], id_column="id").messages())


def test_whole_numbers_are_ids_without_a_point(tmp_path):
    path = written(tmp_path, TABLE.assign(id=np.arange(N) + 7.0))
    data = UserTable(path=path, n_clusters=2, columns=["x"], id_column="id").whole()
    assert data["ids"][:2].tolist() == ["7", "8"]


def test_one_column_has_one_role(tmp_path):
    path = written(tmp_path)
    assert "'id' is named as label_column and as id_column" in str(
        UserTable(path=path, label_column="id", id_column="id", columns=["x"]).messages()
    )
    assert "it says which row is which" in str(
        UserTable(path=path, n_clusters=2, id_column="id", columns=["x", "id"]).messages()
    )


def test_a_message_says_which_choice_there_is(tmp_path):
    found = "; ".join(UserTable(path=written(tmp_path), label_column="kind").messages())
    for part in (
        "'K0", "if it tells the rows apart, name it as id_column",
        "dates: days makes a number of dates", "categories: one_hot makes columns of 0 and 1",
    ):  # fmt: skip
        assert part in found


# ---- dates


@pytest.mark.parametrize(
    "way", ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%SZ"]
)
def test_dates_become_days_in_whatever_way_they_are_written(tmp_path, way):
    path = written(tmp_path, TABLE.assign(since=DAYS.strftime(way)))
    table = UserTable(path=path, n_clusters=2, columns=["since"], dates="days", standardise=False)
    assert table.messages() == [] and table.whole()["X"][:, 0].tolist() == [*range(N)]
    assert "days of 'since' since 2023-03-01" in "; ".join(table.understood())


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
def test_dates_of_other_formats(tmp_path, suffix):
    pytest.importorskip("openpyxl")
    path, table = tmp_path / f"t{suffix}", TABLE.assign(since=DAYS)
    table.to_parquet(path) if suffix == ".parquet" else table.to_excel(path, index=False)
    params = {"path": str(path), "n_clusters": 2, "columns": ["since", "x"], "standardise": False}
    assert "dates: days" in str(UserTable(**params).messages())
    assert UserTable(**params, dates="days").whole()["X"][:, 0].tolist() == [*range(N)]
    assert UserTable(**params, dates="drop").whole()["X"].shape == (N, 1)


def test_dates_that_can_be_read_in_two_ways_and_days_that_are_none_are_refused(tmp_path):
    twice = TABLE.assign(since=[f"0{1 + i % 9}/0{1 + i % 7}/2023" for i in range(N)])
    path = written(tmp_path, twice)
    assert "no row tells which" in str(UserTable(path=path, n_clusters=2, columns=["since"], dates="days").messages())
    path = written(tmp_path, TABLE.assign(since=["2023-02-30", *TABLE["since"][1:]]))
    assert "'2023-02-30' is no date" in str(
        UserTable(path=path, n_clusters=2, columns=["since"], dates="days").messages()
    )


def test_an_empty_date_is_an_empty_cell(tmp_path):
    path = written(tmp_path, TABLE.assign(since=[None, *TABLE["since"][1:]]))
    params = {"path": path, "n_clusters": 2, "columns": ["since"], "dates": "days", "standardise": False}
    assert "row 1: value missing" in str(UserTable(**params).messages())
    assert UserTable(**params, missing="median").whole()["X"][0, 0] == 29.0
    assert UserTable(**params, missing="drop_rows").whole()["X"].shape == (N - 1, 1)


# ---- splits


def test_a_given_split_is_followed(tmp_path):
    data = asked(written(tmp_path), split_column="part").draw(np.random.default_rng(0))
    assert set(TABLE["part"][data["rows"] - 1]) == {"train", "Train"} and len(data["rows"]) == 32
    assert set(TABLE["part"][data["rows_test"] - 1]) == {"test"} and len(data["rows_test"]) == 16


def test_groups_stay_together(tmp_path):
    table = asked(written(tmp_path), group_column="patient", train_share=0.7)
    for seed in range(5):
        data = table.draw(np.random.default_rng(seed))
        train, test = (set(TABLE["patient"][data[name] - 1]) for name in ("rows", "rows_test"))
        assert not train & test and len(data["rows"]) + len(data["rows_test"]) == N
        assert abs(len(test) - 4) <= 1 and set(data["y"]) == {0, 1}


def test_what_trains_comes_before_what_tests(tmp_path):
    shuffled = TABLE.sample(frac=1.0, random_state=0)
    table = asked(written(tmp_path, shuffled), time_column="since", train_share=0.75)
    assert table.messages() == []
    starts = set()
    for seed in range(5):
        data = table.draw(np.random.default_rng(seed))
        train, test = (shuffled["since"].to_numpy()[data[name] - 1] for name in ("rows", "rows_test"))
        assert train.max() < test.min() and len(train) == 36 and len(test) == 12
        starts.add(train.min())
    assert len(starts) > 1


def test_rows_of_one_moment_are_on_one_side(tmp_path):
    hours = TABLE.assign(since=np.arange(N) // 7)
    data = asked(written(tmp_path, hours), time_column="since").draw(np.random.default_rng(0))
    train, test = (set(hours["since"][data[name] - 1]) for name in ("rows", "rows_test"))
    assert max(train) < min(test)


@pytest.mark.parametrize(
    ("change", "params", "message"),
    [
        ({}, {"split_column": "kind2"}, "which the file does not have"),
        ({"part": ["train", "valid"] * 30}, {"split_column": "part"}, "'valid'; write train or test"),
        ({"part": "train"}, {"split_column": "part"}, "says test of no row"),
        ({"patient": "p"}, {"group_column": "patient"}, "holds one group"),
        ({"patient": ["p", "q"] * 30}, {"group_column": "patient"}, "holds a class that no other group has"),
        ({"patient": [None, *["p", "q", "p"] * 19, "q", "q"]}, {"group_column": "patient"}, "row 1: empty"),
        ({"since": ["soon"] * N}, {"time_column": "since"}, "neither numbers nor dates"),
        ({"since": 1}, {"time_column": "since"}, "the same time"),
        ({"kind": ["a"] * 50 + ["b"] * 10}, {"time_column": "since"}, "in time order the class 'b'"),
        ({}, {"time_column": "since", "group_column": "patient"}, "a split follows one of them"),
    ],
)
def test_splits_that_cannot_be(tmp_path, change, params, message):
    found = asked(written(tmp_path, TABLE.assign(**change)), **params).messages()
    assert message in "; ".join(found), found


def test_reduction_splits_alike(tmp_path):
    generator = load_study("reduction").generators["user_table"]
    params = {"path": written(tmp_path), "response_columns": ["y"], "id_column": "id", "standardise": True}
    params |= {"drop": ["since", "part", "kind"], "group_column": "patient"}
    assert messages(generator, **params) == []
    data = drawn_by(generator, np.random.default_rng(0), **params)
    n_train = len(data["X"])
    train, test = (set(TABLE["patient"][rows - 1]) for rows in (data["rows"][:n_train], data["rows"][n_train:]))
    assert not train & test and abs(data["X"].mean()) < 1e-12 and data["X"].std() == pytest.approx(1.0)
    assert data["feature_names"].tolist() == ["x"]
    assert "sample_size goes with random splits" in str(messages(generator, **params, sample_size=40))


# ---- the recipe


def test_other_rows_become_the_same_features(tmp_path):
    table = TABLE.assign(
        colour=(["red", "blue", None, "green"] * 15), z=np.where(np.arange(N) % 7, RNG.normal(size=N), np.nan)
    )
    path = written(tmp_path, table.fillna({"colour": "red"}))
    choice = {"drop": ["patient", "part", "kind"], "id_column": "id", "dates": "days", "categories": "one_hot"}
    whole = UserTable(path=path, n_clusters=2, missing="median", **choice).whole()
    recipe = read_recipe(str(whole["recipe"]))
    frame = pd.read_csv(path)
    np.testing.assert_allclose(recipe.matrix(frame), whole["X"], atol=1e-12)
    np.testing.assert_allclose(recipe.matrix(frame.iloc[[7]]), whole["X"][[7]], atol=1e-12)
    assert json.loads(recipe.to_json()) == json.loads(str(whole["recipe"]))
    for change, message in (
        ({"colour": "mauve"}, "'mauve' was no category of 'colour'"),
        ({"x": "much"}, "is not numeric, as it was"),
        ({"since": "later"}, "holds no dates, as it did"),
    ):
        with pytest.raises(ValueError, match=message):
            recipe.matrix(frame.assign(**change))
    with pytest.raises(ValueError, match="lack the column 'x'"):
        recipe.matrix(frame.drop(columns="x"))


# ---- one data set


def test_what_replicates_have_in_common(tmp_path):
    path = written(tmp_path)
    assert UserTable(path=path, n_clusters=2, columns=["x"]).overlap() == 0.8
    assert UserTable(path=path, n_clusters=2, columns=["x"], sample_size=30).overlap() == 0.5
    assert UserTable(path=path, n_clusters=2, columns=["x"], sample_size=N).overlap() == 1.0
    assert asked(path, train_share=0.7).overlap() == pytest.approx(0.3)
    assert asked(path, split_column="part").overlap() == 0.8
    said = UserTable(path=path, n_clusters=2, columns=["x"]).understood()
    assert "replicates are random subsamples of 48 of the 60 rows (80 %)" in said

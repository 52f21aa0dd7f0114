"""Tables and images of the user's own in the reduction study."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from reduction_draws import check, draw
from seedbed.core.study import load_target
from seedbed.studies.reduction.scenarios import GENERATORS


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    frame["y"] = X[:, 0] + 0.1 * rng.normal(size=60)
    frame[["p", "q", "r"]] = rng.dirichlet(np.ones(3), 60)
    frame["kind"] = np.where(X[:, 1] > 0, "up", "down")
    np.save(tmp_path / "distances.npy", np.abs(frame["y"].to_numpy()[:, None] - frame["y"].to_numpy()))
    frame.to_csv(tmp_path / "table.csv", index=False)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "metric", "shape"),
    [
        ({"response_columns": ["y"]}, "euclidean", (42,)),
        ({"response_columns": ["y", "p"], "metric": "euclidean"}, "euclidean", (42, 2)),
        ({"response_columns": ["p", "q", "r"], "metric": "aitchison"}, "aitchison", (42, 3)),
        ({"response_columns": ["kind"], "metric": "discrete"}, "discrete", (42,)),
        ({"distances": "distances.npy"}, "precomputed", (42, 42)),
    ],
)
def test_user_tables(table, options, metric, shape):
    options = {**options, "path": str(table / "table.csv"), "columns": ["a", "b", "c"]}
    if "distances" in options:
        options["distances"] = str(table / options["distances"])
    assert check("user_table", **options) == []
    data = draw("user_table", **options)
    assert data["y"].shape == shape and str(data["metric"]) == metric
    assert data["X"].shape == (42, 3) and data["X_test"].shape == (18, 3) and "Z" not in data
    if metric == "precomputed":
        whole = np.load(table / "distances.npy")
        assert data["y_test"].shape == (18, 18) and np.isin(data["y"], whole).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "either response_columns or distances"),
        ({"response_columns": ["y"], "distances": "distances.npy"}, "either"),
        ({"response_columns": ["z"]}, "which the file does not have"),
        ({"response_columns": ["y", "y"]}, "twice"),
        ({"response_columns": ["kind"]}, "not numeric"),
        ({"response_columns": ["y", "p"], "metric": "geodesic"}, "do not fit the metric 'geodesic'"),
        ({"response_columns": ["y", "p"], "metric": "log_cholesky"}, "d * d columns"),
        ({"response_columns": ["y", "kind"], "metric": "discrete"}, "one column of labels"),
        ({"response_columns": ["y"], "sample_size": 70}, "sample_size is 70"),
        ({"response_columns": ["y"], "sample_size": 24}, "at least 20 and 10 are needed"),
        ({"response_columns": ["y"], "n_components": 4}, "3 independent columns"),
        ({"distances": "table.csv"}, "column 'kind' is not numeric"),
    ],
)
def test_what_is_wrong_with_a_table(table, options, message):
    options = {"path": str(table / "table.csv"), "columns": ["a", "b", "c"], **options}
    if "distances" in options:
        options["distances"] = str(table / options["distances"])
    assert any(message in text for text in check("user_table", **options))


def test_distances_must_be_those_of_the_table(table):
    np.save(table / "small.npy", np.zeros((5, 5)))
    np.save(table / "skew.npy", np.triu(np.ones((60, 60)), 1))
    options = {"path": str(table / "table.csv"), "columns": ["a", "b", "c"]}
    for name, message in (("small.npy", "5 x 5 distances; the table has 60 rows"), ("skew.npy", "not symmetric")):
        assert message in check("user_table", **options, distances=str(table / name))[0]


@pytest.fixture
def faces(tmp_path):
    rng = np.random.default_rng(0)
    names = []
    for number in range(36):
        mood = "glad" if number % 2 else "sad"
        (tmp_path / mood).mkdir(exist_ok=True)
        picture = rng.integers(0, 90, (12, 10), dtype=np.uint8)
        picture[:6] += 120 if mood == "glad" else 0
        Image.fromarray(picture).save(tmp_path / mood / f"{number}.png")
        names.append(f"{mood}/{number}.png")
    ratings = pd.DataFrame({"file": names, "joy": rng.normal(size=36), "anger": rng.normal(size=36)})
    ratings.iloc[:33].to_csv(tmp_path / "ratings.csv", index=False)
    return tmp_path


def test_image_folders_with_classes_and_with_ratings(faces):
    classes = {"path": str(faces), "side": 8}
    assert check("image_folder", **classes) == []
    data = draw("image_folder", **classes)
    assert data["X"].shape == (25, 64) and tuple(data["image_shape"]) == (1, 8, 8)
    assert str(data["metric"]) == "discrete" and set(data["y"]) == {0, 1}
    bright = data["X"][:, :32].mean(axis=1)
    assert bright[data["y"] == 0].min() > bright[data["y"] == 1].max(), "0 is glad, which is bright above"
    rated = {**classes, "ratings": str(faces / "ratings.csv"), "channels": 3}
    assert check("image_folder", **rated) == []
    data = draw("image_folder", **rated)
    assert data["X"].shape == (23, 192) and data["y"].shape == (23, 2) and data["y_test"].shape == (10, 2)


def test_what_is_wrong_with_images_and_ratings(faces):
    options = {"path": str(faces)}
    assert "no such folder" in check("image_folder", path=str(faces / "absent"))[0]
    assert "side" in check("image_folder", **options, side=2)[0]
    table = pd.read_csv(faces / "ratings.csv")
    for change, message in (
        (table.drop(columns="file"), "which the file does not have"),
        (table.assign(file="x.png"), "names an image twice"),
        (table.assign(file=[f"x{i}" for i in range(33)]), "names none of the images"),
        (table.assign(joy="high"), "not numeric"),
        (table.iloc[:20], "rows to fit"),
    ):
        change.to_csv(faces / "ratings.csv", index=False)
        found = check("image_folder", **options, ratings=str(faces / "ratings.csv"))
        assert any(message in text for text in found), (message, found)


def test_ratings_name_images_however_paths_are_written(faces):
    table = pd.read_csv(faces / "ratings.csv")
    data = draw("image_folder", path=str(faces), ratings=str(faces / "ratings.csv"), side=8)
    for write in (
        lambda name: name.replace("/", "\\"),
        lambda name: f"./{name}",
        lambda name: str((faces / name).absolute()),
        lambda name: f" {name} ",
    ):
        table.assign(file=[write(name) for name in table["file"]]).to_csv(faces / "other.csv", index=True)
        params = {"path": str(faces), "ratings": str(faces / "other.csv"), "side": 8}
        assert check("image_folder", **params) == []
        again = draw("image_folder", **params)
        np.testing.assert_array_equal(again["y"], data["y"])
        np.testing.assert_array_equal(again["X"], data["X"])


def test_ratings_and_images_without_each_other_are_counted_and_named(faces):
    params = {"path": str(faces), "ratings": str(faces / "ratings.csv"), "side": 8}
    described = "; ".join(load_target(GENERATORS["image_folder"].function)(**params).understood())
    assert (
        "33 images" in described and "as they have no rating: 'glad/33.png', 'glad/35.png', 'sad/34.png'" in described
    )
    table = pd.read_csv(faces / "ratings.csv")
    table.loc[[4, 7], "file"] += "x"
    table.to_csv(faces / "ratings.csv", index=False)
    (message,) = check("image_folder", **params)
    assert "2 of 33 rows name no image: 'sad/4.pngx', 'glad/7.pngx'" in message and "such as glad/1.png" in message
    table.assign(file=[f"{i}.png" for i in range(33)]).to_csv(faces / "ratings.csv", index=False)
    assert "names none of the images" in check("image_folder", **params)[0]
    table.iloc[:0].to_csv(faces / "ratings.csv", index=False)
    assert "at least 2" in check("image_folder", **params)[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"response_columns": ["one"]}, "the response is the same in all rows"),
        ({"response_columns": ["one", "one_more"]}, "the response is the same in all rows"),
        ({"response_columns": ["same"], "metric": "discrete"}, "holds one class, 'a'"),
        ({"response_columns": ["id"], "metric": "discrete"}, "a class of its own for each of the 60 rows"),
        ({"response_columns": ["kind"]}, "if it holds labels, write metric: discrete"),
        ({"response_columns": ["kind", "y"]}, "with metric: discrete"),
        ({"distances": np.zeros((60, 60))}, "all distances are zero"),
        ({"distances": np.ones(60 * 59 // 2)}, "squareform"),
        ({"distances": np.ones(61)}, "shape (61,)"),
    ],
)
def test_responses_that_nothing_can_be_learned_from(table, options, message):
    frame = pd.read_csv(table / "table.csv").assign(one=1.0, one_more=2.0, same="a", id=[f"p{i}" for i in range(60)])
    frame.to_csv(table / "more.csv", index=False)
    if "distances" in options:
        np.save(table / "d.npy", options["distances"])
        options = {"distances": str(table / "d.npy")}
    found = check("user_table", path=str(table / "more.csv"), columns=["a", "b", "c"], **options)
    assert len(found) == 1 and message in found[0], found


def test_components_are_counted_whatever_the_units(table):
    frame = pd.read_csv(table / "table.csv")
    frame = frame.assign(a=frame["a"] * 1e-9 + 1e-3, b=frame["b"] * 1e9, c=5.0, d=frame["a"] + frame["b"] + 1e9)
    frame.to_csv(table / "units.csv", index=False)
    options = {"path": str(table / "units.csv"), "columns": ["a", "b", "c", "d"], "response_columns": ["y"]}
    assert check("user_table", **options, n_components=3) == []
    assert "the features have 3 independent columns" in check("user_table", **options, n_components=4)[0]
    assert "the features have 3 independent columns" in check("user_table", **options, n_components=0)[0]

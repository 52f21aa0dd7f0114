"""A chosen method on all rows of a table: its labels, and a model that predicts on others and cannot run anything."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import seedbed
from seedbed.answers.fitting import write_answer
from seedbed.answers.page import write_page
from seedbed.core.blocks import load_arrays, save_arrays
from seedbed.core.errors import UserError
from seedbed.core.job_records.answers import AnswerJob
from seedbed.core.planning.answer_plan import answer_job, asked_answer
from seedbed.core.planning.config import make_plan
from sklearn.cluster import KMeans

RNG = np.random.default_rng(0)
N = 60
KIND = np.arange(N) % 3
TABLE = pd.DataFrame(
    {
        "name": [f"c{i}" for i in range(N)],
        "x": (10 * KIND + RNG.normal(size=N)).round(3),
        "y": (-200 * KIND + 9 * RNG.normal(size=N)).round(3),
        "since": pd.date_range("2024-01-01", periods=N).strftime("%d.%m.%Y"),
        "colour": np.array(["red", "green"])[KIND % 2],
        "kind": np.array(["oak", "ash", "elm"])[KIND],
    }
)
TABLE.loc[4, "x"] = np.nan
COLUMNS = {"id_column": "name", "dates": "drop", "categories": "one_hot", "missing": "drop_rows"}
WITHOUT = TABLE.drop(index=4)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    TABLE.to_csv("t.csv", index=False, sep=";", decimal=",")
    return tmp_path


def config(name: str, asked: dict, methods: dict, **command: str) -> dict:
    params = {"path": "t.csv", **COLUMNS, **asked}
    entry = {"replicates": 2, "scenarios": {"mine": {"scenario": "user_table", "params": params}}, "methods": methods}
    return {"seed": 1, "studies": {name: entry}, **command}


def answered(study: str, method: str, scenario: dict, entry: dict | None = None) -> tuple[pd.DataFrame, seedbed.Any]:
    """What ``snakemake answer`` writes, read again."""
    plan = make_plan(config(study, scenario, {method: entry or {}}))
    job = AnswerJob.from_json(answer_job(plan.studies[study], "mine", method))
    write_answer(job, [], "answer/labels.csv", "answer/model.npz")
    return pd.read_csv("answer/labels.csv"), seedbed.load_answer("answer/model.npz")


CLUSTERS = {"drop": ["kind"], "n_clusters": 3}


@pytest.mark.parametrize("method", ["kmeans", "em", "gmm"])
def test_clusters_of_all_rows_and_of_others(here: Path, method: str) -> None:
    table, answer = answered("clustering", method, CLUSTERS)
    assert table["id"].tolist() == WITHOUT["name"].tolist() and table["row"].tolist() == [
        *range(1, 5),
        *range(6, N + 1),
    ]
    assert pd.crosstab(table["label"], WITHOUT["kind"].to_numpy()).gt(0).sum().tolist() == [1, 1, 1]
    assert table["silhouette"].between(0.3, 1.0).all()
    assert ("probability" in table) == (method != "kmeans")
    np.testing.assert_array_equal(answer.predict(WITHOUT), answer.labels)
    np.testing.assert_array_equal(answer.labels, table["label"])
    WITHOUT.head(7).to_parquet("more.parquet")
    np.testing.assert_array_equal(answer.predict("more.parquet"), answer.labels[:7])
    assert answer.predict(pd.DataFrame({"x": [10.2], "y": [-201.0], "colour": ["green"]}))[0] == answer.labels[1]
    assert answer.recipe.names == ["x", "y", "colour=red"] and answer.ids[0] == "c0"


def test_what_a_method_learned_is_there_for_any_language(here: Path) -> None:
    _, answer = answered("clustering", "kmeans", CLUSTERS)
    X = answer.features(WITHOUT)
    assert abs(X.mean(axis=0)).max() < 1e-12
    expected = [X[answer.labels == k].mean(axis=0) for k in range(3)]
    np.testing.assert_allclose(answer.learned["cluster_centers_"], expected, atol=1e-9)
    with pytest.raises(UserError, match="knows no probabilities"):
        answer.predict_proba(WITHOUT)


def test_a_method_that_cannot_predict_says_so(here: Path) -> None:
    table, answer = answered("clustering", "ward", CLUSTERS)
    assert len(table) == N - 1
    with pytest.raises(UserError, match="ward assigns only the rows that it is fitted to"):
        answer.predict(WITHOUT)


@pytest.mark.parametrize("method", ["logistic_regression", "lda"])
def test_classes_have_their_names(here: Path, method: str) -> None:
    table, answer = answered("grassmann", method, {"label_column": "kind", "drop": ["colour"], "standardise": True})
    assert (table["label"] == WITHOUT["kind"].to_numpy()).all() and table["probability"].between(0.5, 1).all()
    assert answer.predict(WITHOUT.tail(4)).tolist() == WITHOUT["kind"].tail(4).tolist()
    np.testing.assert_allclose(answer.predict_proba(WITHOUT).sum(axis=1), 1.0)


def test_components_of_a_method_that_reduces(here: Path) -> None:
    scenario = {"drop": ["kind"], "response_columns": ["y"], "standardise": True}
    table, answer = answered("reduction", "sir", scenario)
    assert [*table] == ["id", "row", "component_1"] and answer.labels is None
    assert [*answer.importance] == answer.recipe.names and max(answer.importance, key=answer.importance.get) == "x"
    write_page("answer/labels.csv", "answer/model.npz", "answer/page.html")
    assert "Which variables matter" in Path("answer/page.html").read_text()
    np.testing.assert_allclose(answer.predict(WITHOUT)[:, 0], table["component_1"], atol=1e-9)


def test_log_densities(here: Path) -> None:
    scenario = {"drop": ["kind", "colour", "since"], "standardise": True}
    table, answer = answered("density", "gaussian", scenario)
    assert {"id", "row", "log_density"} <= set(table) and answer.labels is None
    np.testing.assert_allclose(answer.predict(WITHOUT), table["log_density"], atol=1e-9)


def test_directions(here: Path) -> None:
    scenario = {"drop": ["kind", "colour", "since"], "n_clusters": 3, "standardise": True}
    table, answer = answered("directional", "spherical_kmeans", scenario)
    np.testing.assert_array_equal(answer.predict(WITHOUT), table["label"])


def test_the_page_says_what_clusters_are_like(here: Path) -> None:
    answered("clustering", "kmeans", CLUSTERS)
    write_page("answer/labels.csv", "answer/model.npz", "answer/page.html")
    page = Path("answer/page.html").read_text()
    for text in ("59 rows of t.csv, 3 features", '<th scope="col">colour=red</th>', "load_answer", "1 row before"):
        assert text in page
    assert re.search(r'<td class="low">−(39|40)\d</td>', page), "the mean of y in elm"


# ---- what is asked, and what is not there


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ({"method": "kmean"}, "no method 'kmean'; did you mean 'kmeans'?"),
        ({}, "Say which method the answer is for"),
        ({"scenario": "yours", "method": "ward"}, "no scenario 'yours' that reads a table of yours"),
        ({"study": "clusterin", "method": "ward"}, "no study 'clusterin'"),
    ],
)
def test_what_is_asked_for_and_not_there(here: Path, command: dict, message: str) -> None:
    plan = make_plan(config("clustering", CLUSTERS, {"kmeans": {}, "ward": {}}, **command))
    with pytest.raises(UserError, match=message.replace("?", r"\?")):
        asked_answer(plan)


def test_what_is_alone_need_not_be_named(here: Path) -> None:
    plan = make_plan(config("clustering", CLUSTERS, {"kmeans": {}}))
    assert asked_answer(plan) == ("clustering", "mine", "kmeans")
    entry = plan.config["studies"]["clustering"] | {"scenarios": {"isotropic": {}}}
    with pytest.raises(UserError, match="no scenario of the study reads a table of yours"):
        asked_answer(make_plan({**plan.config, "studies": {"clustering": entry}}))


def test_a_method_that_fails_is_a_message(here: Path) -> None:
    with pytest.raises(UserError, match="oracle gave no answer on all 59 rows of mine: skipped, needs the true"):
        answered("clustering", "oracle", CLUSTERS)


# ---- no file is believed


class Own(KMeans):
    """A class of the user's."""


def test_a_class_of_ones_own_is_given_and_not_found_by_the_file(here: Path) -> None:
    shutil.copy(__file__, here / "own_answer.py")
    _, answer = answered("clustering", "mine", CLUSTERS, {"method": "own_answer:Own", "params": {"n_init": 2}})
    with pytest.raises(UserError, match=r"class of your own, own_answer:Own.*method=Own"):
        answer.predict(WITHOUT)
    given = seedbed.load_answer("answer/model.npz", method=Own)
    np.testing.assert_array_equal(given.predict(WITHOUT), answer.labels)


def tampered(**change: object) -> seedbed.Any:
    """The model with other words in its description."""
    arrays = dict(load_arrays("answer/model.npz")[0])
    about = json.loads(str(arrays["about"])) | change
    about["job"] = json.dumps(json.loads(about["job"]) | change)
    save_arrays("answer/other.npz", {0: {**arrays, "about": np.asarray(json.dumps(about))}})
    return seedbed.load_answer("answer/other.npz")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": "subprocess:Popen"}, "names other code"),
        ({"adapter": "os:system"}, "names other code"),
        ({"base": "subprocess:Popen"}, "not believed about which code to run"),
        ({"params": {"args": "touch here"}}, "unknown parameter 'args'"),
        ({"params": {"n_init": "all"}}, "n_init"),
        ({"study": "elsewhere"}, "is of the study 'elsewhere'"),
    ],
)
def test_a_file_runs_nothing_that_it_names(here: Path, change: dict, message: str) -> None:
    answered("clustering", "kmeans", CLUSTERS)
    with pytest.raises(UserError, match=message):
        tampered(**change).predict(WITHOUT)


def test_other_files_are_no_answers(here: Path) -> None:
    np.savez("other.npz", X=np.ones(3))
    for name, message in (("other.npz", "damaged"), ("absent.npz", "is not there"), ("t.csv", "damaged")):
        with pytest.raises(UserError, match=message):
            seedbed.load_answer(name)


def test_another_answer_than_then_is_refused(here: Path) -> None:
    answered("clustering", "kmeans", CLUSTERS)
    arrays = dict(load_arrays("answer/model.npz")[0])
    save_arrays("answer/other.npz", {0: {**arrays, "labels": np.roll(arrays["labels"], 1)}})
    with pytest.raises(UserError, match="gives another answer here"):
        seedbed.load_answer("answer/other.npz").predict(WITHOUT)

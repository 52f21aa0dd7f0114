"""Which variables matter: importance by permutation and loadings, against what is known of the predictor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seedbed.core.blocks import save_arrays
from seedbed.core.figures.figure_tables import ScenarioTables, Style
from seedbed.reduction.linear.sir import SIR
from seedbed.reduction.variable_importance import loadings_of, permutation_importance
from seedbed.studies.reduction import adapter
from seedbed.studies.reduction.data.user_table import UserTable
from seedbed.studies.reduction.figures.variables import variables

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4000, 3))


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: x[:, :1], [1.0, 0.0, 0.0]),
        (lambda x: 7.0 - 3.0 * x[:, 1:2], [0.0, 1.0, 0.0]),
        (lambda x: x[:, 0] + x[:, 1], [0.5, 0.5, 0.0]),
        (lambda x: x[:, 0] * x[:, 2], [1.0, 0.0, 1.0]),  # total Sobol indices of a product
        (lambda x: x[:, :2] * [1.0, 100.0], [0.5, 0.5, 0.0]),  # two components, whatever their scale
        (lambda x: np.zeros((len(x), 1)), [0.0, 0.0, 0.0]),
    ],
)
def test_importance_is_the_total_sobol_index(function, expected):
    np.testing.assert_allclose(permutation_importance(function, X, 0), expected, atol=0.05)


def test_loadings_do_not_depend_on_units():
    directions = np.array([[2.0, -1.0, 0.5]])
    units = np.array([1.0, 1000.0, 0.01])
    np.testing.assert_allclose(np.abs(loadings_of(directions / units, X * units)), np.abs(loadings_of(directions, X)))
    assert np.linalg.norm(loadings_of(directions, X)) == pytest.approx(1.0)


def test_the_figure_names_the_variables_and_shows_their_spread(tmp_path: Path):
    table = pd.DataFrame(X[:200] * [1.0, 1000.0, 0.01], columns=["dose", "weight", "noise"])
    table["y"] = 2 * X[:200, 0] - X[:200, 1] + 0.1 * RNG.normal(size=200)
    table.to_csv(tmp_path / "t.csv", index=False)
    asked = UserTable(path=str(tmp_path / "t.csv"), response_columns=["y"])
    data = {r: asked.draw(np.random.default_rng(r)) for r in range(4)}
    fits = {r: adapter.fit(SIR, {}, data[r], 0) for r in data}
    save_arrays(tmp_path / "s/data/0000-0003.npz", data)
    save_arrays(tmp_path / "s/fits/sir/0000-0003.npz", fits)
    none = pd.DataFrame()
    tables = ScenarioTables(
        scores=none, runs=none, summary=none, scenario="s", labels={"sir": "SIR", "chance": "random"},
        roles={"sir": "baseline", "chance": "control"}, styles={"sir": Style("black", "o", "circle")},
        folder=tmp_path, scenarios={"s": "s"},
    )  # fmt: skip
    drawn_figure = variables(tables)
    assert drawn_figure is not None
    drawn = drawn_figure[1].set_index(["kind", "variable"])
    assert drawn.loc[("loading", "dose"), "mean"] == pytest.approx(2 / 5**0.5, abs=0.03)
    assert drawn.loc[("loading", "weight"), "mean"] == pytest.approx(-1 / 5**0.5, abs=0.05)
    assert drawn.loc[("importance", "dose"), "mean"] == pytest.approx(0.8, abs=0.1)
    assert abs(drawn.loc[("importance", "noise"), "mean"]) < 0.05
    assert (drawn["deviation"] > 0).all() and (drawn["n"] == 4).all()


def test_data_without_names_have_no_such_figure(tmp_path: Path):
    save_arrays(tmp_path / "s/data/0000-0000.npz", {0: {"X": X[:30]}})
    save_arrays(tmp_path / "s/fits/sir/0000-0000.npz", {0: {"directions": np.ones((1, 3))}})
    none = pd.DataFrame()
    about = {"labels": {"sir": "SIR"}, "roles": {"sir": "baseline"}, "styles": {"sir": Style("black", "o", "circle")}}
    tables = ScenarioTables(
        scores=none, runs=none, summary=none, scenario="s", folder=tmp_path, scenarios={"s": "s"}, **about
    )
    assert variables(tables) is None

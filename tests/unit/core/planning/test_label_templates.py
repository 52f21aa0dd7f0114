"""Labels say the values that a method or a scenario has here."""

from __future__ import annotations

import pytest
from seedbed.core.planning.expand import expand_methods, expand_scenarios, label_of
from seedbed.core.study import load_study, study_names

STUDY = load_study("clustering")


def test_a_registered_label_follows_the_parameters() -> None:
    entries = {
        "kmeans": {"grid": {"n_init": [1, 100]}},
        "gmm": {"params": {"n_init": 1}},
        "mine": {"method": "kmeans", "label": "Lloyd, {n_init} times, {unknown}", "params": {"n_init": 7}},
        "plain": {"method": "kmeans", "params": {"n_init": 2}},
    }
    labels = {name: plan.label for name, plan in expand_methods(STUDY, entries, {}).items()}
    assert labels == {
        "kmeans~n_init=1": "k-means, 1 starts",
        "kmeans~n_init=100": "k-means, 100 starts",
        "gmm": "scikit-learn's EM, best of 1 k-means starts",
        "mine": "Lloyd, 7 times, {unknown}",
        "plain": "plain (n init = 2)",
    }


@pytest.mark.parametrize("name", study_names())
def test_no_template_is_left_in_a_label(name: str) -> None:
    study = load_study(name)
    plans = {
        **expand_methods(study, dict.fromkeys(study.methods), {}),
        **expand_scenarios(study, dict.fromkeys(study.scenarios)),
    }
    assert [plan.label for plan in plans.values() if "{" in plan.label] == []


def test_a_scenario_of_ones_own_file_is_called_by_name_and_file() -> None:
    params = {"path": "data/customers.csv", "drop": ["a", "b"], "n_clusters": 3}
    entries = {
        "mine": {"scenario": "user_table", "params": params},
        "sizes": {"scenario": "user_table", "params": params, "grid": {"n_clusters": [2, 3]}},
        "titled": {"scenario": "user_table", "params": params, "label": "customers in {n_clusters} groups"},
    }
    assert [plan.label for plan in expand_scenarios(STUDY, entries).values()] == [
        "mine: customers.csv",
        "sizes: customers.csv (n clusters = 2)",
        "sizes: customers.csv (n clusters = 3)",
        "customers in 3 groups",
    ]


def test_numbers_are_written_as_people_write_them() -> None:
    assert label_of("ridge {r}", "m", {"r": 0.05}, {}) == "ridge 0.05"
    assert label_of("$x_{1}$ and {r}", "m", {"r": 2}, {}) == "$x_{1}$ and 2"

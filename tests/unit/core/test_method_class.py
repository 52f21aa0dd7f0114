"""A class of the user's as an adapter sees it."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from seedbed.core.errors import UserError
from seedbed.core.method_class import Renamed
from seedbed.core.planning.config import make_plan
from seedbed.studies.clustering.adapter import fit


class Plain:
    """Puts rows into k groups, in turn."""

    needs_numbers = True

    def __init__(self, k: int = 2, *, seed: int = 0) -> None:
        self.k, self.seed = k, seed

    def fit_predict(self, X: np.ndarray) -> np.ndarray:
        return (np.arange(len(X)) + self.seed) % self.k


class Open(Plain):
    """Takes anything."""

    def __init__(self, **given: int) -> None:
        super().__init__(given.pop("k"), seed=given.pop("seed"))
        assert given == {}


NAMES = {"n_clusters": "k", "random_state": "seed"}
DATA = {"X": np.zeros((12, 2)), "n_clusters": np.array(3)}


@pytest.mark.parametrize("cls", [Plain, Open])
def test_an_adapter_passes_what_a_class_calls_something_else(cls: type) -> None:
    labels = fit(Renamed(cls, NAMES), {}, DATA, seed=1)["labels"]
    np.testing.assert_array_equal(labels, (np.arange(12) + 1) % 3)


def test_parameters_by_the_classs_own_names_count_more() -> None:
    labels = fit(Renamed(Plain, NAMES), {"k": 4, "seed": 0}, DATA, seed=1)["labels"]
    np.testing.assert_array_equal(labels, np.arange(12) % 4)


def test_a_renamed_class_looks_like_itself() -> None:
    renamed = Renamed(Plain, NAMES)
    assert list(inspect.signature(renamed).parameters) == ["n_clusters", "random_state"]
    assert renamed.__name__ == "Plain" and renamed.__module__ == __name__ and renamed.needs_numbers
    assert hasattr(renamed, "fit_predict") and not hasattr(renamed, "fit")
    assert type(renamed(n_clusters=5)) is Plain


class Curious(Plain):
    """Would take the truth."""

    def __init__(self, k: int = 2, *, seed: int = 0, weights: object = None) -> None:
        super().__init__(k, seed=seed)
        assert weights is None


def test_a_renamed_class_of_strangers_is_not_told_the_truth() -> None:
    fit(Renamed(Curious, NAMES), {}, DATA | {"weights": np.ones(3)}, seed=1)


def test_names_of_registered_methods_are_checked_too() -> None:
    study = {"replicates": 1, "scenarios": {"isotropic": {}}, "methods": {"kmeans": {"rename": {"n_clusters": "k"}}}}
    with pytest.raises(UserError, match="takes no 'k'"):
        make_plan({"seed": 1, "studies": {"clustering": study}})

"""The model of an answer: a file of numbers and text from which the method is fitted again, to predict on other rows.

Nothing in the file can run. It names a method of a study, and holds the rows, the parameters and the seed: the same
method is fitted to the same rows when a prediction is asked for first, and must give the labels that the file holds. So
every method that can predict does, in its own way, and no file holds a Python object.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seedbed import __version__
from seedbed.core.blocks import load_arrays, save_arrays
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import UserError
from seedbed.core.files import message_of_damage
from seedbed.core.job_records.answers import AnswerJob
from seedbed.core.method_class import load_fit
from seedbed.core.study import load_study, load_target
from seedbed.core.study_folders import study_names
from seedbed.user_data.recipe import Recipe, read_recipe
from seedbed.user_data.tables import read_table

_PART = 0  # an answer has one part, where the files of replicates have many
_RESULTS = ("labels", "probabilities", "predictor_test", "log_density")
# how a method is asked about other rows, by what it returned for the first ones
_ASKED = {"predictor_test": "transform", "log_density": "score_samples"}


def save_model(
    path: str,
    job: AnswerJob,
    params: Mapping[str, Any],
    seed: int,
    data: Mapping[str, np.ndarray],
    result: Mapping[str, np.ndarray],
) -> None:
    """Write the model of a fit: ``about`` (JSON), the rows as ``data_<name>``, and what came out of them."""
    about = {
        "version": __version__,
        "study": job.study,
        "scenario": job.scenario,
        "method": job.method,
        "base": job.base,
        "job": job.to_json(),
        "params": dict(params),
        "seed": seed,
        "labels": list(job.labels),
        "path": str(job.scenario_params.get("path", "")),
    }
    arrays = {f"data_{name}": value for name, value in data.items()}
    save_arrays(path, {_PART: {"about": np.asarray(json.dumps(about)), **arrays, **result}})


def load_answer(path: str | os.PathLike[str], method: type | None = None) -> Answer:
    """The answer in a file that ``snakemake answer`` wrote.

    Parameters
    ----------
    path : str or PathLike
        ``results/<study>/<scenario>/answer/model.npz``.
    method : type, optional
        The class, if it is one of your own: a file is not believed about which code to run.

    Returns
    -------
    Answer

    Raises
    ------
    UserError
        If the file is damaged, or is none of ours.
    """
    path = Path(path)
    parts = load_arrays(path)
    if list(parts) != [_PART] or "about" not in parts[_PART]:
        raise UserError(message_of_damage(path, "it is no answer"))
    arrays = dict(parts[_PART])
    try:
        about = json.loads(str(arrays.pop("about")))
        job = AnswerJob.from_json(about["job"])
        known = {name.removeprefix("data_"): value for name, value in arrays.items() if name.startswith("data_")}
        recipe = read_recipe(str(known.pop("recipe")))
    except (ValueError, TypeError, KeyError) as error:
        raise UserError(message_of_damage(path, f"{type(error).__name__}: {error}")) from None
    others = {name: value for name, value in arrays.items() if not name.startswith("data_")}
    return Answer(path, about, job, known, others, recipe, method)


class Answer:
    """A method that was chosen and fitted to all rows of a table.

    Attributes
    ----------
    study, scenario, method : str
    params : dict
    rows : ndarray of int
        The rows of the file that it was fitted to, counted from one.
    ids : ndarray of str
        Their ids; their numbers if the table has none.
    labels : ndarray
        The clusters, or the names of the classes, of these rows; None for a method that reduces.
    learned : dict of ndarray
        What the fitted estimator has in attributes such as ``cluster_centers_``, of features as the method sees them.
    recipe : Recipe
        How columns become features; ``recipe.names`` are the features.
    """

    def __init__(
        self,
        path: Path,
        about: Mapping[str, Any],
        job: AnswerJob,
        data: Mapping[str, np.ndarray],
        result: Mapping[str, np.ndarray],
        recipe: Recipe,
        own: type | None,
    ) -> None:
        self.path, self.about, self.recipe = path, dict(about), recipe
        self.study, self.scenario, self.method = job.study, job.scenario, job.method
        self.params: dict[str, Any] = dict(about["params"])
        self.rows, self.ids = data["rows"], data.get("ids", data["rows"].astype(str))
        self.labels = _labels(data, result)
        self.learned = {
            name.removeprefix("learned_"): value for name, value in result.items() if name.startswith("learned_")
        }
        self._job, self._data, self._result, self._own = job, data, result, own
        self._estimator: Any = None

    def __repr__(self) -> str:
        return f"<Answer: {self.method} on {len(self.rows)} rows of {self.study}/{self.scenario}>"

    def features(self, rows: Any) -> np.ndarray:
        """The features of other rows, as the method sees them.

        Parameters
        ----------
        rows : str, PathLike, or DataFrame
            A file in any format that tables are read in, or a data frame, with the columns of the first table.

        Raises
        ------
        ValueError
            If columns are missing or hold something else than they did.
        """
        frame = rows if isinstance(rows, pd.DataFrame) else read_table(os.fspath(rows)).frame
        return self.recipe.matrix(frame)

    @property
    def importance(self) -> dict[str, float]:
        """Of a method that reduces: what each variable has a part in, by permutation; empty for others."""
        values = self._result.get("importance", np.empty(0))
        return {} if not len(values) else dict(zip(self.recipe.names, values.tolist(), strict=True))

    def original_features(self) -> np.ndarray:
        """The features of the rows that it was fitted to, in the units of the table."""
        recipe, X = self.recipe, self._data["X"]
        return X * np.array(recipe.scale) + np.array(recipe.centre) if recipe.scale else X

    def predict(self, rows: Any) -> np.ndarray:
        """What the method says of other rows: clusters, names of classes, components, or log densities.

        Parameters
        ----------
        rows : str, PathLike, or DataFrame
            See :meth:`features`.

        Returns
        -------
        ndarray of shape (n,), or (n, d) for a method that reduces
            Labels; components, by ``transform``; or log densities, by ``score_samples``.

        Raises
        ------
        UserError
            If the method assigns only the rows that it is fitted to, or gives other labels on this machine.
        ValueError
            See :meth:`features`.
        """
        points, estimator = self.features(rows), self._fitted()
        asked = next((way for key, way in _ASKED.items() if key in self._result), "transform")
        name = "predict" if self.labels is not None else asked
        ask = getattr(estimator, name, None)
        if ask is None:
            raise UserError(
                f"{self.method} assigns only the rows that it is fitted to: it has no {name}. For new rows choose a "
                "method that has, such as kmeans or em, or answer again with the new rows in the table."
            )
        found = np.asarray(ask(points))
        return self._data["classes"][found.astype(int)] if "classes" in self._data else found

    def predict_proba(self, rows: Any) -> np.ndarray:
        """The probability of every cluster or class, (n, K), if the method knows it; see :meth:`predict`."""
        points, estimator = self.features(rows), self._fitted()
        if not hasattr(estimator, "predict_proba"):
            raise UserError(f"{self.method} knows no probabilities")
        return np.asarray(estimator.predict_proba(points), float)

    def _fitted(self) -> Any:
        """The method, fitted to the same rows again, once."""
        if self._estimator is None:
            made: list[Any] = []
            self._check()
            job = self._job
            if self._own is not None:
                result = _fit_own(self._own, job, self.params, self._data, int(self.about["seed"]), made)
            else:
                result = load_fit(job, made)(self.params, dict(self._data), int(self.about["seed"]))
            self._compare(result)
            self._estimator = made[-1]
        return self._estimator

    def _check(self) -> None:
        """The file says which method of which study it was: what that runs is looked up here, and not in the file."""
        study, base = self.study, str(self.about["base"])
        if study not in study_names():
            raise UserError(
                f"{self.path} is of the study '{study}', which is not here; run Python in its project's folder"
            )
        methods, adapter = load_study(study).methods, load_study(study).adapter
        if base not in methods and self._own is None:
            raise UserError(
                f"{self.path} is of a class of your own, {base}. A file is not believed about which code to run: "
                f"import the class, and say load_answer(path, method={base.rpartition(':')[2]})"
            )
        target = methods[base].target if base in methods else self._job.target
        if self._job.adapter != adapter or self._job.target != target:
            raise UserError(message_of_damage(self.path, "it names other code than the study does"))
        cls = self._own or load_target(target)
        wrong = parameter_errors(cls, self.params)
        if wrong or "memory" in self.params:  # which names a folder that others may have written
            raise UserError(message_of_damage(self.path, wrong[0] if wrong else "memory is no parameter of an answer"))

    def _compare(self, result: Mapping[str, Any]) -> None:
        for name in _RESULTS:
            if name in self._result:
                before, now = self._result[name], np.asarray(result[name])
                same = before.shape == now.shape and np.allclose(before, now, rtol=1e-3, atol=1e-5)
                if not same:
                    raise UserError(
                        f"{self.method}, fitted again to the rows of {self.path}, gives another answer here than when "
                        f"it was written (by version {self.about['version']}): run snakemake answer again"
                    )


def _labels(data: Mapping[str, np.ndarray], result: Mapping[str, np.ndarray]) -> np.ndarray | None:
    if "labels" in result:
        return result["labels"]
    if "probabilities" in result and "classes" in data:
        return data["classes"][result["probabilities"].argmax(axis=1)]
    return None


def _fit_own(
    cls: type, job: AnswerJob, params: Mapping[str, Any], data: Mapping[str, Any], seed: int, made: list
) -> dict:
    """The same of a class that the caller gave."""
    from seedbed.core.global_generators import seed_global_generators
    from seedbed.core.method_class import Renamed

    seed_global_generators(seed)
    return load_target(job.adapter)(Renamed(cls, job.rename, made), dict(params), dict(data), seed)


__all__ = ["Answer", "load_answer", "save_model"]

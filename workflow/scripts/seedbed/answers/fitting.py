"""Fit a chosen method to all rows of a table, and write what it says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd

from seedbed.clustering.partitions.internal_criteria import silhouettes
from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path
from seedbed.core.isolation.host import Host
from seedbed.core.job_records.answers import AnswerJob
from seedbed.core.jobs.fitting import read_choice
from seedbed.core.method_class import load_fit
from seedbed.core.seeds import method_seed
from seedbed.core.statuses import USABLE
from seedbed.core.study import load_target

from .model import save_model

ALL_ROWS = -1  # the number of the replicate that an answer is, in the names of random streams
_MOST_LEARNED = 1_000_000  # numbers of one attribute that the model keeps


def write_answer(job: AnswerJob, tuning_files: Sequence[str], labels_file: str, model_file: str) -> None:
    """Fit, and write the labels of all rows (CSV) and the model (NPZ).

    Parameters
    ----------
    job : AnswerJob
        What to fit to which rows.
    tuning_files : sequence of str
        None, or the parameters that were chosen for the method.
    labels_file, model_file : str

    Raises
    ------
    UserError
        If the method gives no answer.
    """
    params = {**job.params, **(read_choice(tuning_files) if tuning_files else {})}
    generator: Any = load_target(job.generator)
    data = {name: np.asarray(value) for name, value in generator(**job.scenario_params).whole().items()}
    seed = method_seed(job.seed, job.study, job.scenario, ALL_ROWS, job.method)
    made: list[Any] = []

    def load() -> Callable[[int], dict[str, np.ndarray]]:
        fit = load_fit(job, made)
        return lambda _: {**fit(params, data, seed), **what_it_knows(made[-1] if made else None, data)}

    with Host(load, name=f"importing {job.target}", **cast(dict[str, Any], job.limits)) as host:
        outcome = host.run(0)
    if outcome.status not in USABLE:
        raise UserError(
            f"{job.method} gave no answer on all {len(data['X'])} rows of {job.scenario}: {outcome.status}"
            f"{f', {outcome.message}' if outcome.message else ''}. Its limits are {job.limits['seconds']:g} CPU s "
            f"and {job.limits['memory_mb']:g} MB (limits); or choose another method."
        )
    result = {name: np.asarray(value) for name, value in (outcome.value or {}).items() if name != "seconds"}
    table = answer_table(result, data)
    with atomic_path(labels_file) as part:
        table.to_csv(part, index=False, lineterminator="\n")
    save_model(model_file, job, params, seed, data, result)


def what_it_knows(estimator: Any, data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Probabilities of the rows, if the estimator has them, and the arrays that it learned, as ``learned_<name>``."""
    known = {}
    if hasattr(estimator, "predict_proba") and "n_clusters" in data:
        try:
            known["cluster_probabilities"] = np.asarray(estimator.predict_proba(data["X"]), float)
        except Exception as error:  # of a class of the user's: the labels stand
            print(f"no probabilities: {type(error).__name__}: {error}")
    for name, value in vars(estimator).items() if estimator is not None else ():
        if name.endswith("_") and not name.startswith("_") and isinstance(value, np.ndarray | float | int):
            array = np.asarray(value)
            if array.dtype.kind in "biuf" and array.size <= _MOST_LEARNED:
                known[f"learned_{name}"] = array
    return known


def answer_table(result: Mapping[str, np.ndarray], data: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """One row per row of the table: what it is called, and what the method says of it.

    Columns: ``id`` (the row's number, if the table has no ids), ``row`` in the file, counted from one, then ``label``
    with ``probability`` and, of clusters, ``silhouette``, as far as they are known; or ``component_1``, ... of a method
    that reduces; of any other what it returned for each row, such as ``log_density``.
    """
    rows = data["rows"]
    columns: dict[str, np.ndarray] = {"id": data.get("ids", rows), "row": rows}
    if "labels" in result:
        labels = result["labels"]
        columns["label"] = labels
        if "cluster_probabilities" in result:
            columns["probability"] = result["cluster_probabilities"].max(axis=1).round(6)
        silhouette = silhouettes(data["X"], labels, "cosine" if "by_direction" in data else "euclidean")
        return pd.DataFrame({**columns, "silhouette": silhouette.round(6)})
    if "probabilities" in result:
        shares = result["probabilities"].astype(float)
        columns["label"] = data["classes"][shares.argmax(axis=1)]
        return pd.DataFrame({**columns, "probability": shares.max(axis=1).round(6)})
    if "predictor_test" in result:
        components = np.asarray(result["predictor_test"], float)
        return pd.DataFrame({**columns, **{f"component_{k + 1}": part for k, part in enumerate(components.T)}})
    own = {name: value for name, value in result.items() if not name.startswith("learned_")}
    return pd.DataFrame({**columns, **{name: value for name, value in own.items() if value.shape == rows.shape}})

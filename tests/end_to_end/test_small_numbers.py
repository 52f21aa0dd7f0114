"""The numbers of the small config are those that are written down, wherever and however it is run."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from project import Project

sys.path.insert(0, str(Path(__file__).parent))
from small_numbers import KEY, TABLE, small_numbers

# Training amplifies the last digit of a product, which depends on the processor: of these only the size is compared.
TRAINED = {"softmax", "gcr_4", "grassmann_4", "fccov_net", "finite_networks", "start_kept", "sgd", "mup_adam"}
TRAINED |= {"batch_hessian", "batch_ggn"}
SOLVED = {"certified_gap"}  # of programs solved to a tolerance: how far beyond it depends on the last digits too
# relative and absolute: rounding alone (errors of 1e-16 are numbers too), the last step of a solver, roads of training
EXACT, LAST_STEP, OTHER_ROAD = (1e-5, 1e-13), (0.05, 1e-13), (0.2, 0.2)


@pytest.mark.parametrize("study", sorted(set(pd.read_csv(TABLE)["study"])))
def test_no_number_changes_unseen(small_run: Project, study: str) -> None:
    known = pd.read_csv(TABLE).query("study == @study").set_index(KEY)
    found = small_numbers(small_run.folder / "results").query("study == @study").set_index(KEY)
    assert set(found.index) == set(known.index), "run tests/end_to_end/small_numbers.py if that is meant"
    found = found.loc[known.index]
    assert (found["count"] == known["count"]).all()
    limits = [
        OTHER_ROAD if method in TRAINED else LAST_STEP if metric in SOLVED else EXACT
        for _, _, method, metric in known.index
    ]
    for column in ("mean", "std"):
        same = [
            np.isclose(*pair, *limit, equal_nan=True)
            for *pair, limit in zip(found[column], known[column], limits, strict=True)
        ]
        assert list(known.index[~np.array(same)]) == [], column

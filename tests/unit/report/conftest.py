from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_study import NAMES
from seedbed.core.judging.summaries import compare_methods, summarise_costs, summarise_scores


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(0)
    scores, runs = [], []
    for scenario in NAMES.scenarios:
        for method, level in {"ours": 1, "peer": 2, "chance": 3, "truth": 0}.items():
            for replicate in range(8):
                cell = ["made", scenario.name, method, replicate]
                runs.append([*cell, "ok", "", *rng.uniform(0.1, 1, 3)])
                scores += [[*cell, "error", 0.2 * level + rng.uniform(0, 0.1)], [*cell, "gap", 10.0 ** -(level * 3)]]
    columns = ["study", "scenario", "method", "replicate"]
    costs = ["status", "message", "wall_seconds", "cpu_seconds", "peak_memory_mb"]
    made = pd.DataFrame(scores, columns=[*columns, "metric", "value"]), pd.DataFrame(runs, columns=[*columns, *costs])
    return {
        "scores": made[0],
        "runs": made[1],
        "summary": summarise_scores(*made),
        "costs": summarise_costs(made[1]),
        "comparisons": compare_methods(made[0], NAMES),
    }

"""Our code and its peers on the same problem, as ratios of CPU time: ``snakemake --cores 1 benchmark``."""

from __future__ import annotations

import numpy as np
from scipy import stats
from seedbed.core.study import Case

from ..peers.trimmed_mean import TrimmedMean

CASES = (
    Case(
        name="a million points",
        problem=lambda: np.random.default_rng(0).normal(size=10**6),
        contenders={
            "ours": lambda x: TrimmedMean(share=0.1).fit(x).centre_,
            "scipy": lambda x: float(stats.trim_mean(x, 0.1)),
        },
        accuracy=lambda x, found: abs(found - float(stats.trim_mean(x, 0.1))),
        accuracy_label="difference from SciPy's",
        peer="scipy",
    ),
)

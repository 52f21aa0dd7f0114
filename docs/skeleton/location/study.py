"""The table of contents of the study: everything in it is named here, and only named."""

from __future__ import annotations

from seedbed.core.study import Figure, Metric, Study

from .methods import METHODS
from .scenarios import GENERATORS, SCENARIOS

METRICS = {
    "absolute_error": Metric(".metrics:absolute_error", "absolute error", "lower", "standard deviations"),
}

FIGURES = {
    "sample": Figure(
        ".figures.sample:sample", "The first sample", kind="data", caption="Grey: the observations that are wrong."
    ),
    "errors": Figure(".figures.errors:errors", "Errors of all replicates", caption="One point per replicate."),
}

STUDY = Study(
    name="location",
    title="The centre of a sample that is partly wrong",
    question="Does trimming help when some observations are wrong, and what does it cost when none is?",
    method="The trimmed mean leaves out a share $\\alpha$ of the sample at either end.",
    formula=r"\hat\mu = \frac{1}{n - 2g} \sum_{i=g+1}^{n-g} x_{(i)}, \quad g = \lfloor \alpha n \rfloor",
    adapter=".adapter:fit",
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    libraries=("scipy.stats",),
    references=("J. W. Tukey (1960). A survey of sampling from contaminated distributions. Stanford University Press",),
)

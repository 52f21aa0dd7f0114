"""The table of contents of the study: everything in it is named here, and only named."""

from __future__ import annotations

from ..core.study import Figure, Method, Metric, Study
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.location"
_TUKEY = "Tukey (1960), A survey of sampling from contaminated distributions"

METHODS = {
    "trimmed_mean": Method(f"{_HERE}.trimmed_mean:TrimmedMean", {"share": 0.2}, "trimmed mean", "ours", _TUKEY),
    "mean": Method(f"{_HERE}.trimmed_mean:TrimmedMean", {"share": 0.0}, "mean", reference="Gauss (1809)"),
    "first_value": Method(f"{_HERE}.controls:FirstValue", {}, "first value", "control"),
    "clean_mean": Method(f"{_HERE}.controls:CleanMean", {}, "mean without the wrong ones", "oracle"),
}

METRICS = {
    "absolute_error": Metric(f"{_HERE}.metrics:absolute_error", "absolute error", "lower", "standard deviations"),
}

FIGURES = {
    "errors": Figure(f"{_HERE}.figures:errors", "Errors of all replicates", caption="One point per replicate."),
}

STUDY = Study(
    name="location",
    title="The centre of a sample that is partly wrong",
    question="Does trimming help when some observations are wrong, and what does it cost when none is?",
    method="The trimmed mean leaves out a share $\\alpha$ of the sample at either end.",
    formula=r"\hat\mu = \frac{1}{n - 2g} \sum_{i=g+1}^{n-g} x_{(i)}, \quad g = \lfloor \alpha n \rfloor",
    adapter=f"{_HERE}.methods:fit",
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    libraries=("scipy.stats",),
    references=("J. W. Tukey (1960). A survey of sampling from contaminated distributions. Stanford University Press",),
)

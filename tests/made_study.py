"""A made study with two methods, a control and an oracle, in three sizes."""

from __future__ import annotations

from made_labels import labels
from seedbed.core.job_records.reports import StudyDescription
from seedbed.core.labels import MetricLabel

SIZES = {f"s~n={n}": n for n in (10, 100, 1000)}
METHODS = {"ours": "ours", "peer": "baseline", "chance": "control", "truth": "oracle"}
METRICS = {
    "error": MetricLabel(label="error", direction="lower", unit="share of points", log_floor=None, bounds=None),
    "gap": MetricLabel(label="gap", direction="lower", unit="", log_floor=1e-12, bounds=None),
}
LABELS = labels(METHODS, METRICS, tuple(SIZES), params={name: {"n": n, "name": "x"} for name, n in SIZES.items()})
NAMES = StudyDescription(
    **vars(LABELS), title="A made study", question="", method="", formula="", references=(), bibtex="",
    environment="base", describe={}, figures=(), cells="",
)  # fmt: skip

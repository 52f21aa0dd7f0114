"""Every file that a run makes, by name; ``docs/outputs.md`` describes them."""

from __future__ import annotations

from collections.abc import Iterator

from seedbed.core.planning.plan import Plan, StudyPlan

_TABLES = (
    "scores.parquet",
    "runs.parquet",
    "tunings.csv",
    "summary.csv",
    "costs.csv",
    "standings.csv",
    "comparisons.csv",
    "claims.json",
    "state.json",
)


def result_files(plan: Plan) -> list[str]:
    """All results but the drawn data; the figures of a study as their folder."""
    files = ["report.html", "provenance.json"]
    for name, study in plan.studies.items():
        files += [f"{name}/{path}" for path in _study_files(study)]
    return [f"results/{path}" for path in files]


def _study_files(study: StudyPlan) -> Iterator[str]:
    yield from (*_TABLES, "figures")
    yield from (f"{scenario}/tuning/{method}.json" for scenario, method in study.tunings())
    for scenario in study.scenarios:
        yield from (f"{scenario}/scores.parquet", f"{scenario}/runs.parquet")
        for method in study.methods_of(scenario):
            yield from (f"{scenario}/fits/{method}/{block}{end}" for block in study.blocks for end in (".npz", ".json"))


def data_files(plan: Plan) -> list[str]:
    """The drawn data."""
    return [
        f"results/{name}/{scenario}/data/{block}.npz"
        for name, study in plan.studies.items()
        for scenario in study.scenarios
        for block in study.blocks
    ]

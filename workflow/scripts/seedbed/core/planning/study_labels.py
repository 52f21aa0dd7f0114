"""What a study's plan calls things: for tables and figures, and in more words for the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.core.job_records.reports import FigureText, StudyDescription
from seedbed.core.labels import MethodLabel, MetricLabel, ScenarioLabel
from seedbed.core.records import taken
from seedbed.core.study import load_references

if TYPE_CHECKING:
    from .plan import StudyPlan


def label_fields(plan: StudyPlan) -> dict[str, Any]:
    """The fields of :class:`~seedbed.core.labels.StudyLabels`, in the config's order."""
    return {
        "study": plan.study.name,
        "replicates": plan.replicates,
        "scenarios": tuple(_scenario_label(plan, name) for name in plan.scenarios),
        "methods": _method_labels(plan),
        "registered": tuple((name, method.role) for name, method in plan.study.methods.items()),
        "metrics": {name: taken(MetricLabel, metric) for name, metric in plan.study.metrics.items()},
    }


def describe_study(plan: StudyPlan) -> StudyDescription:
    """What the report says about a study on top of its labels."""
    figures = plan.study.figures.items()
    return taken(
        StudyDescription,
        plan.study,
        **label_fields(plan),
        bibtex=load_references(plan.study.name),
        describe={name: scenario.describe for name, scenario in plan.scenarios.items() if scenario.describe},
        figures=tuple(taken(FigureText, figure, name=name) for name, figure in figures),
        cells=plan.cells_digest,
    )


def _scenario_label(plan: StudyPlan, name: str) -> ScenarioLabel:
    parts = {"methods": tuple(plan.methods_of(name)), "metrics": tuple(plan.metrics_of(name))}
    return taken(ScenarioLabel, plan.scenarios[name], **parts)


def _method_labels(plan: StudyPlan) -> dict[str, MethodLabel]:
    fits = {method: plan.tuning_fits(method) for _, method in plan.tunings()}
    return {name: taken(MethodLabel, method, tuning_fits=fits.get(name, 0)) for name, method in plan.methods.items()}

"""What tests call things, where no config says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seedbed.core.labels import MethodLabel, MetricLabel, ScenarioLabel, StudyLabels


def labels(
    roles: Mapping[str, str],
    metrics: Mapping[str, MetricLabel],
    scenarios: Sequence[str] = (),
    replicates: int = 8,
    params: Mapping[str, Mapping[str, Any]] | None = None,
) -> StudyLabels:
    """The labels of a study in which every method does everything, the main metric first; as a job reads them."""
    made = StudyLabels(
        study="made",
        replicates=replicates,
        scenarios=tuple(
            ScenarioLabel(
                name=name, label=f"the {name}", generator="g", params=(params or {}).get(name, {}), overlap=0.0,
                methods=tuple(roles), metrics=tuple(metrics),
            )
            for name in scenarios
        ),
        methods={name: method_label(name, role) for name, role in roles.items()},
        registered=tuple(roles.items()),
        metrics=metrics,
    )  # fmt: skip
    return StudyLabels.from_json(made.to_json())


def method_label(name: str, role: str) -> MethodLabel:
    return MethodLabel(label=f"the {name}", role=role, reference="", tuning_fits=0)

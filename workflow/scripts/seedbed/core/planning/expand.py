"""Entries of the config, with presets filled in and every grid expanded."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from seedbed.core.config.grid import expand_grid
from seedbed.core.study import Method, Scenario, Study

from .entry_plans import MethodPlan, ScenarioPlan

if TYPE_CHECKING:
    from .plan import StudyPlan

Entry = TypeVar("Entry", ScenarioPlan, MethodPlan)
_MOST_JOBS = 1_000_000
_FIELD = re.compile(r"\{([A-Za-z_]\w*)\}")


def expand_scenarios(study: Study, entries: Mapping[str, Any]) -> dict[str, ScenarioPlan]:
    """Registered presets and the user's own, with every grid expanded."""
    plans = {}
    for name, entry in entries.items():
        entry = entry or {}
        base = entry.get("scenario", name)
        preset = study.scenarios.get(base) or Scenario(base)
        generator = study.generators[preset.generator]
        for suffix, chosen in expand_grid(entry.get("grid", {})):
            params = {**preset.params, **entry.get("params", {}), **chosen}
            plans[name + suffix] = ScenarioPlan(
                name=name + suffix,
                generator=generator.function,
                params=params,
                label=label_of(
                    entry.get("label") or (preset.label if base == name else ""),
                    _name_with_file(name, params, generator.files),
                    params,
                    chosen if "label" in entry or generator.files else {**entry.get("params", {}), **chosen},
                ),
                check=generator.check,
                files=tuple(str(params[key]) for key in generator.files if params.get(key)),
                task=generator.task,
                tune_on=entry.get("tune_on", preset.tune_on),
                base=base,
                overlap_rule=generator.overlap,
                given_overlap=entry.get("overlap"),
                describe_rule=generator.describe,
            )
    return _told_apart(plans)


def expand_methods(study: Study, entries: Mapping[str, Any], limits: Mapping[str, float]) -> dict[str, MethodPlan]:
    """Registered methods and the user's own classes, with every grid expanded."""
    plans = {}
    for name, entry in entries.items():
        entry = entry or {}
        base = entry.get("method", name)
        registered = study.methods.get(base) or Method(base)
        tune = entry.get("tune", registered.tune)
        for suffix, chosen in expand_grid(entry.get("grid", {})):
            given = {**entry.get("params", {}), **chosen}
            plans[name + suffix] = MethodPlan(
                name=name + suffix,
                target=registered.target,
                params={**registered.params, **given},
                label=label_of(
                    entry.get("label") or (registered.label if base == name else ""),
                    name,
                    {**registered.params, **given},
                    chosen if "label" in entry else given,
                ),
                role=entry.get("role", registered.role),
                given_the_truth=registered.given_the_truth,
                origin=registered.origin,
                limits={**limits, **entry.get("limits", {})},
                reference=registered.reference,
                task=entry.get("task", registered.task),
                tune_with=entry.get("tune_with", ""),
                tune={key: values for key, values in tune.items() if key not in given},
                base=base,
                rename=entry.get("rename", {}),
                files=tuple(entry.get("files", ())),
                scenarios=tuple(entry.get("scenarios", ())),
                environment=entry.get("environment", ""),
            )
    return _told_apart(plans)


def label_of(template: str, name: str, params: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """A label or the name, with the settings that it does not speak of.

    ``{parameter}`` in a label stands for the value that it has here; what is no parameter stays as it is.

    >>> label_of("k-means, {n_init} starts", "kmeans", {"n_init": 3}, {"n_init": 3, "tol": 0.1})
    'k-means, 3 starts (tol = 0.1)'
    >>> label_of("", "mine", {"strength": 0.5}, {})
    'mine'
    """
    spoken = {found for found in _FIELD.findall(template) if found in params}
    label = _FIELD.sub(lambda match: _shown(params[match[1]]) if match[1] in spoken else match[0], template)
    more = ", ".join(f"{key.replace('_', ' ')} = {value}" for key, value in settings.items() if key not in spoken)
    return (label or name) + (f" ({more})" if more else "")


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _name_with_file(name: str, params: Mapping[str, Any], files: tuple[str, ...]) -> str:
    """A scenario of the user's own files is called by its name and the first of them."""
    place = next((str(params[key]) for key in files if params.get(key)), "")
    return f"{name}: {Path(place).name}" if place else name


def groups_of_tuning(entries: Mapping[str, Any]) -> dict[str, list[str]]:
    """Of every method with a ``tune_with``, all methods with the same: they get one setting."""
    words = {
        name + suffix: entry["tune_with"]
        for name, entry in entries.items()
        if isinstance(entry, dict) and entry.get("tune_with")
        for suffix, _ in expand_grid(entry.get("grid", {}))
    }
    return {name: [other for other in words if words[other] == word] for name, word in words.items()}


def laid_out_errors(plans: Mapping[str, StudyPlan]) -> Iterator[str]:
    """What only shows when all is expanded: more jobs than Snakemake can lay out."""
    for name, plan in plans.items():
        jobs = len(plan.scenarios) * len(plan.methods) * math.ceil(plan.replicates / plan.replicates_per_job)
        if jobs > _MOST_JOBS:
            yield (
                f"studies.{name} asks for up to {jobs} jobs ({len(plan.scenarios)} scenarios, {len(plan.methods)} "
                f"methods, blocks of replicates); at most {_MOST_JOBS} can be planned. Raise replicates_per_job, or "
                "run a part at a time."
            )


def _told_apart(plans: dict[str, Entry]) -> dict[str, Entry]:
    """Entries that share a label have their names in it: on an axis, in a table they would be one."""
    times = Counter(plan.label for plan in plans.values())
    return {
        name: replace(plan, label=f"{plan.label} ({name})") if times[plan.label] > 1 else plan
        for name, plan in plans.items()
    }

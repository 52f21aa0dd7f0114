"""Entries of the config, with presets filled in and every grid expanded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .grid import expand_grid
from .plan import MethodPlan, ScenarioPlan
from .study import Method, Scenario, Study


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
                label=_label(name, entry, preset.label if base == name else "", chosen),
                check=generator.check,
                files=tuple(str(params[key]) for key in generator.files if params.get(key)),
                task=generator.task,
                tune_on=entry.get("tune_on", preset.tune_on),
                base=base,
            )
    return plans


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
                label=_label(name, entry, registered.label if base == name else "", chosen),
                role=entry.get("role", registered.role),
                limits={**limits, **entry.get("limits", {})},
                reference=registered.reference,
                task=entry.get("task", registered.task),
                tune={key: values for key, values in tune.items() if key not in given},
                base=base,
            )
    return plans


def _label(name: str, entry: Mapping[str, Any], registered: str, chosen: Mapping[str, Any]) -> str:
    """The user's label, the registered one or the name, with the settings that it does not speak of."""
    shown = chosen if "label" in entry else {**entry.get("params", {}), **chosen}
    settings = ", ".join(f"{key} = {value}" for key, value in shown.items())
    return (entry.get("label") or registered or name) + (f" ({settings})" if settings else "")

"""Entries of the config, with presets filled in and every grid expanded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

from .canonical import digest, to_json
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
            )
    return plans


def expand_methods(study: Study, entries: Mapping[str, Any], limits: Mapping[str, float]) -> dict[str, MethodPlan]:
    """Registered methods and the user's own classes, with every grid expanded."""
    plans = {}
    for name, entry in entries.items():
        entry = entry or {}
        base = entry.get("method", name)
        registered = study.methods.get(base) or Method(base)
        for suffix, chosen in expand_grid(entry.get("grid", {})):
            plans[name + suffix] = MethodPlan(
                name=name + suffix,
                target=registered.target,
                params={**registered.params, **entry.get("params", {}), **chosen},
                label=_label(name, entry, registered.label if base == name else "", chosen),
                role=entry.get("role", registered.role),
                limits={**limits, **entry.get("limits", {})},
                reference=registered.reference,
                task=entry.get("task", registered.task),
            )
    return plans


def _label(name: str, entry: Mapping[str, Any], registered: str, chosen: Mapping[str, Any]) -> str:
    """The user's label, the registered one or the name, with the settings that it does not speak of."""
    shown = chosen if "label" in entry else {**entry.get("params", {}), **chosen}
    settings = ", ".join(f"{key} = {value}" for key, value in shown.items())
    return (entry.get("label") or registered or name) + (f" ({settings})" if settings else "")


def expand_grid(grid: Mapping[str, list]) -> Iterator[tuple[str, dict[str, Any]]]:
    """``(suffix of the id, parameters)`` for every combination of values.

    >>> list(expand_grid({"dim": [1, 2]}))
    [('~dim=1', {'dim': 1}), ('~dim=2', {'dim': 2})]
    """
    names = sorted(grid)
    for values in itertools.product(*(grid[name] for name in names)):
        pairs = list(zip(names, values, strict=True))
        suffix = ",".join(f"{name}={file_text(value)}" for name, value in pairs)
        yield (f"~{suffix}" if pairs else ""), dict(pairs)


def file_text(value: Any) -> str:
    """A value as a part of a file name: numbers and plain words as they are, anything else as a digest."""
    text = to_json(value) if not isinstance(value, str) else value
    plain = text.replace("[", "").replace("]", "").replace(",", "-")
    safe = plain and len(plain) <= 40 and all(ch.isascii() and (ch.isalnum() or ch in "._+-") for ch in plain)
    return plain if safe and not (isinstance(value, float) and not math.isfinite(value)) else digest(value)

"""Mistakes in what methods share, and in where they are run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seedbed.core.config.raw_entries import base_of, get, items
from seedbed.core.errors import did_you_mean
from seedbed.core.study import Study


def group_errors(study: Study, methods: Any) -> Iterator[str]:
    """Methods that are tuned together but choose from different values."""
    first: dict[str, tuple[str, Any]] = {}
    for key, entry in items(methods):
        if not isinstance(word := get(entry, "tune_with"), str):
            continue
        registered = study.methods.get(base_of(entry, "method", key))
        tune = get(entry, "tune") or (dict(registered.tune) if registered else {})
        tune = {name: list(values) for name, values in items(tune) if isinstance(values, list | tuple)}
        other, expected = first.setdefault(word, (key, tune))
        if not tune:
            yield f"{key}.tune_with: there is nothing to tune; give it the list `tune` of the others of '{word}'"
        elif tune != expected:
            yield f"{key}.tune_with: its list `tune` is not that of {other}, which is tuned together with it"


def limit_errors(study: Study, key: str, method: Any, scenarios: Mapping[str, Any]) -> Iterator[str]:
    """A method that is limited to scenarios which the config does not have, or which are of another task."""
    named = get(method, "scenarios")
    if not isinstance(named, list | tuple):
        return
    names = [name for name in named if isinstance(name, str)]
    known = [name for name in names if name in scenarios]
    yield from (f"unknown scenario '{name}'{did_you_mean(name, scenarios)}" for name in names if name not in known)
    registered = study.methods.get(base_of(method, "method", key))
    task = get(method, "task") or (registered.task if registered else "")
    for name in known if task else ():
        base = base_of(scenarios[name], "scenario", name)
        preset = study.scenarios.get(base)
        generator = study.generators.get(preset.generator if preset else base)
        if generator is not None and generator.task != task:
            yield f"'{name}' is of the task '{generator.task}', and {key} of '{task}'"

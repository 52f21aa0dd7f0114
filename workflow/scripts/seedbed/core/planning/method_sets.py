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
        if (found := _task_of(study, name, scenarios[name])) not in (None, task):
            yield f"'{name}' is of the task '{found}', and {key} of '{task}'"


def tuning_errors(study: Study, key: str, method: Any, scenarios: Mapping[str, Any]) -> Iterator[str]:
    """Values to choose from, of a method for which no scenario says on what to choose."""
    if not items(get(method, "tune")):
        return
    registered = study.methods.get(base_of(method, "method", key))
    task, limit = get(method, "task") or (registered.task if registered else ""), get(method, "scenarios")
    names = [name for name in scenarios if not limit or name in limit]
    mine = [name for name in names if not task or _task_of(study, name, scenarios[name]) in (None, task)]
    if mine and not any(_tuned_on(study, name, scenarios[name]) for name in mine):
        yield (
            f"nothing would be chosen: none of its scenarios ({', '.join(mine[:3])}{', ...' if mine[3:] else ''}) says "
            "`tune_on`, the scenario on whose data sets to choose; say it there, or give one value under `params`"
        )


def _task_of(study: Study, name: str, entry: Any) -> str | None:
    """The task of a scenario's generator, if it can be told."""
    base = base_of(entry, "scenario", name)
    preset = study.scenarios.get(base)
    generator = study.generators.get(preset.generator if preset else base)
    return generator.task if generator else None


def _tuned_on(study: Study, name: str, entry: Any) -> Any:
    own, preset = get(entry, "tune_on"), study.scenarios.get(base_of(entry, "scenario", name))
    return preset.tune_on if own is None and preset else own

"""From the config to the plan, or to one message that names every mistake."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .canonical import read_exponents
from .errors import UserError, did_you_mean
from .expand import expand_methods, expand_scenarios
from .parameters import missing_parameters, parameter_errors
from .plan import LIMITS, REPORT, Plan, StudyPlan
from .schema import schema_errors
from .study import Study, find_user_modules, load_study, load_target, study_names

SCHEMA = Path(__file__).parents[3] / "schemas" / "config.schema.yaml"


@cache
def read_schema() -> dict:
    """The JSON Schema of the config."""
    return yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))


def make_plan(config: Mapping[str, Any]) -> Plan:
    """Check a config and expand it.

    Parameters
    ----------
    config : mapping
        What ``config.yaml`` says.

    Returns
    -------
    Plan

    Raises
    ------
    UserError
        One message with every mistake: keys, types, ids, parameters, the user's data files.
    """
    config = read_exponents(dict(config))
    messages = [*schema_errors(config, read_schema()), *_reference_errors(config)]
    if not messages:
        plans = {name: _study_plan(name, entry, int(config["seed"])) for name, entry in config["studies"].items()}
        messages = [text for name, plan in plans.items() for text in _plan_errors(name, plan)]
    if messages:
        raise UserError.from_list("The configuration has mistakes; nothing was run:", dict.fromkeys(messages))
    return Plan(config=config, studies=plans, report={**REPORT, **config.get("report", {})})


def _study_plan(name: str, entry: Mapping[str, Any], seed: int) -> StudyPlan:
    study = load_study(name)
    return StudyPlan(
        study=study,
        seed=seed,
        replicates=int(entry["replicates"]),
        replicates_per_job=int(entry.get("replicates_per_job", 4)),
        scenarios=expand_scenarios(study, entry["scenarios"]),
        methods=expand_methods(study, entry["methods"], {**LIMITS, **entry.get("limits", {})}),
    )


def _reference_errors(config: Mapping[str, Any]) -> Iterator[str]:
    """Ids that name nothing, and parameters that fit nothing; what the schema refuses is passed over."""
    for name, entry in _items(config.get("studies")):
        if name not in study_names():
            yield f"studies: unknown study '{name}'{did_you_mean(name, study_names())}"
            continue
        study = load_study(name)
        for key, scenario in _items(_get(entry, "scenarios")):
            where = f"studies.{name}.scenarios.{key}"
            yield from (f"{where}: {text}" for text in _scenario_errors(study, key, scenario))
        for key, method in _items(_get(entry, "methods")):
            where = f"studies.{name}.methods.{key}"
            yield from (f"{where}: {text}" for text in _method_errors(study, key, method))


def _scenario_errors(study: Study, key: str, entry: Any) -> Iterator[str]:
    base = _get(entry, "scenario") or key
    preset = study.scenarios.get(base)
    generator = study.generators.get(preset.generator if preset else base)
    if generator is None:
        yield f"unknown scenario '{base}'{did_you_mean(base, [*study.scenarios, *study.generators])}"
    elif params := _given_params(entry):
        yield from _each(load_target(generator.function), params)


def _method_errors(study: Study, key: str, entry: Any) -> Iterator[str]:
    base = _get(entry, "method") or key
    params = _given_params(entry)
    if base in study.methods:
        if params:
            yield from _each(load_target(study.methods[base].target), params)
    elif ":" not in str(base):
        hint = did_you_mean(base, study.methods)
        yield f"unknown method '{base}'{hint}; a class of your own is written module:Class"
    else:
        yield from _own_class_errors(str(base), params)


def _own_class_errors(target: str, params: list[tuple[str, Any]]) -> Iterator[str]:
    """A class that cannot be found is a mistake in the config; one that fails is a status row of the fit."""
    find_user_modules()
    module, _, attribute = target.partition(":")
    try:
        found = importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        found = False
    if not found:
        yield f"'{target}': there is no module '{module}' beside config.yaml or among the installed ones"
    elif params:
        try:
            yield from _each(load_target(target), params)
        except AttributeError:
            yield f"'{target}': the module '{module}' has no '{attribute}'"
        except Exception:
            return  # it raises on import: the fits will say so, one row each


def _each(function: Any, params: list[tuple[str, Any]]) -> Iterator[str]:
    """Messages per given value; a grid gives several values for one name."""
    for name, value in params:
        yield from parameter_errors(function, {name: value})


def _given_params(entry: Any) -> list[tuple[str, Any]]:
    grid = [
        (name, value) for name, values in _items(_get(entry, "grid")) if isinstance(values, list) for value in values
    ]
    return [*_items(_get(entry, "params")), *grid]


def _plan_errors(name: str, plan: StudyPlan) -> Iterator[str]:
    """What only the generators know: missing files, NaN in the data, more clusters than points."""
    for key, scenario in plan.scenarios.items():
        messages = missing_parameters(load_target(scenario.generator), scenario.params)
        if scenario.check and not messages:
            messages = load_target(scenario.check)(**scenario.params)
        yield from (f"studies.{name}.scenarios.{key}: {text}" for text in messages)


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None

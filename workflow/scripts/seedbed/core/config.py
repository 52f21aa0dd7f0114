"""From the config to the plan, or to one message that names every mistake."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .canonical import read_exponents
from .claims_file import ledger_errors
from .errors import UserError, did_you_mean
from .expand import expand_methods, expand_scenarios
from .isolation import one_line, time_limit
from .parameters import missing_parameters, parameter_errors
from .plan import COMMAND, LIMITS, REPORT, Plan, ScenarioPlan, StudyPlan
from .schema import schema_errors
from .study import Study, find_user_modules, load_study, load_target, study_names
from .working_folder import is_to_come

_IMPORT_SECONDS = 20.0
SCHEMA = Path(__file__).parents[3] / "schemas" / "config.schema.yaml"


@cache
def read_schema() -> dict:
    """The JSON Schema of the config."""
    return yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))


def _part_schema(name: str) -> dict:
    """The schema of a part of the config."""
    return {"$ref": f"#/$defs/{name}", "$defs": read_schema()["$defs"]}


def make_plan(config: Mapping[str, Any], check: bool = True) -> Plan:
    """Check a config and expand it.

    Parameters
    ----------
    config : mapping
        What ``config.yaml`` says.
    check : bool
        False in the Snakemake of a cluster's job: the run has checked the config, data files included.

    Returns
    -------
    Plan

    Raises
    ------
    UserError
        One message with every mistake: keys, types, ids, parameters, the user's data files.
    """
    config = read_exponents(dict(config))
    messages = [*schema_errors(config, read_schema()), *_reference_errors(config)] if check else []
    if messages:
        raise UserError.from_list("The configuration has mistakes; nothing was run:", dict.fromkeys(messages))
    command = COMMAND | {key: config.pop(key) for key in COMMAND if key in config}
    plans = {name: _study_plan(name, entry, int(config["seed"])) for name, entry in config["studies"].items()}
    return Plan(config=config, studies=plans, report={**REPORT, **config.get("report", {})}, command=command)


def _study_plan(name: str, entry: Mapping[str, Any], seed: int) -> StudyPlan:
    study = load_study(name)
    scenarios = expand_scenarios(study, entry["scenarios"])
    tune_on = {plan.tune_on: None for plan in scenarios.values() if plan.tune_on and plan.tune_on not in scenarios}
    return StudyPlan(
        study=study,
        seed=seed,
        replicates=int(entry["replicates"]),
        replicates_per_job=int(entry.get("replicates_per_job", 4)),
        scenarios=scenarios,
        methods=expand_methods(study, entry["methods"], {**LIMITS, **entry.get("limits", {})}),
        tuning_scenarios={**scenarios, **expand_scenarios(study, tune_on)},
        tuning_replicates=int(entry.get("tuning_replicates", 2)),
    )


def _reference_errors(config: Mapping[str, Any]) -> Iterator[str]:
    """Ids that name nothing, and parameters that fit nothing; what the schema refuses is passed over."""
    for name, entry in _items(config.get("studies")):
        if name not in study_names():
            yield f"studies: unknown study '{name}'{did_you_mean(name, study_names())}"
            continue
        study = load_study(name)
        yield from (f"seedbed/{name}/claims.yaml: {text}" for text in ledger_errors(name))
        scenarios = _items(_get(entry, "scenarios"))
        plain = [key for key, scenario in scenarios if not _get(scenario, "grid")]
        for key, scenario in scenarios:
            where = f"studies.{name}.scenarios.{key}"
            yield from (f"{where}: {text}" for text in _scenario_errors(study, key, scenario))
            tune_on = _get(scenario, "tune_on")
            if isinstance(tune_on, str) and tune_on not in (known := {*plain, *study.scenarios}):
                yield f"{where}.tune_on: unknown scenario '{tune_on}'{did_you_mean(tune_on, known)}"
        for key, method in _items(_get(entry, "methods")):
            where = f"studies.{name}.methods.{key}"
            yield from (f"{where}: {text}" for text in _method_errors(study, key, method))


def _scenario_errors(study: Study, key: str, entry: Any) -> Iterator[str]:
    base = _base(entry, "scenario", key)
    preset = study.scenarios.get(base)
    generator = study.generators.get(preset.generator if preset else base)
    if generator is None:
        yield f"unknown scenario '{base}'{did_you_mean(base, [*study.scenarios, *study.generators])}"
        return
    messages = list(_each(load_target(generator.function), _given_params(entry)))
    if not messages and not schema_errors(entry, _part_schema("scenario")):
        plans = expand_scenarios(study, {key: entry}).values()
        messages = [message for plan in plans for message in _data_errors(plan)]
    yield from messages


def _data_errors(plan: ScenarioPlan) -> list[str]:
    """What only the generator knows: a missing file, NaN in the data, more clusters than points."""
    if missing := missing_parameters(load_target(plan.generator), plan.params):
        return missing
    try:
        messages = list(load_target(plan.check)(**plan.params)) if plan.check else []
    except Exception as error:  # whatever is in the user's file, the other mistakes are to be named too
        messages = [one_line(f"the data cannot be checked: {type(error).__name__}: {error}")]
    late = [file for file in plan.files if Path(file).exists() and is_to_come(file)]
    return messages + [
        f"{file}: bears a date in the future, so nothing made from it would count as up to date; "
        f"give it today's: touch '{file}'"
        for file in late
    ]


def _method_errors(study: Study, key: str, entry: Any) -> Iterator[str]:
    base = _base(entry, "method", key)
    params = _given_params(entry)
    if base in study.methods:
        if params:
            yield from _each(load_target(study.methods[base].target), params)
    elif ":" not in base:
        hint = did_you_mean(base, study.methods)
        yield f"unknown method '{base}'{hint}; a class of your own is written module:Class"
    else:
        yield from _own_class_errors(base, params)


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
            with time_limit(_IMPORT_SECONDS):
                loaded = importlib.import_module(module)
        except (Exception, SystemExit):
            return  # it fails on import: the fits will say so, one row each
        if hasattr(loaded, attribute):
            yield from _each(getattr(loaded, attribute), params)
        else:
            yield f"'{target}': the module '{module}' has no '{attribute}'"


def _each(function: Any, params: list[tuple[str, Any]]) -> Iterator[str]:
    """Messages per given value; a grid gives several values for one name."""
    for name, value in params:
        yield from parameter_errors(function, {name: value})


def _given_params(entry: Any) -> list[tuple[str, Any]]:
    listed = [*_items(_get(entry, "grid")), *_items(_get(entry, "tune"))]
    values = [(name, value) for name, values in listed if isinstance(values, list) for value in values]
    return [*_items(_get(entry, "params")), *values]


def _base(entry: Any, key: str, name: str) -> str:
    """The registered name that an entry is built on; a value of the wrong type is the schema's to report."""
    base = _get(entry, key)
    return base if isinstance(base, str) else name


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None

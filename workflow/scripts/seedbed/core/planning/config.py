"""From the config to the plan, or to one message that names every mistake."""

from __future__ import annotations

import contextlib
import inspect
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from seedbed.core.code.code_digest import SCRIPTS, code_digest
from seedbed.core.code.own_classes import Look, OwnClass, look_at, notes_on, place_of, rename_errors
from seedbed.core.code.study_check import sound_studies
from seedbed.core.config.asked_types import read_schema, with_numbers
from seedbed.core.config.command_line import reread
from seedbed.core.config.config_file import KeyPath
from seedbed.core.config.config_values import checked_values, entry_errors
from seedbed.core.config.parameters import missing_parameters, parameter_errors
from seedbed.core.config.raw_entries import base_of, get, items
from seedbed.core.config.schema import SHOWN, key_path, schema_errors
from seedbed.core.errors import UserError, did_you_mean
from seedbed.core.messages import describe
from seedbed.core.recall.findings import sound
from seedbed.core.study import Study, load_study, load_target
from seedbed.core.study_folders import study_folder, study_names

from .claims_file import ledger_errors
from .entry_plans import ScenarioPlan
from .expand import expand_methods, expand_scenarios, laid_out_errors
from .method_files import environment_errors, file_errors
from .method_sets import group_errors, limit_errors, tuning_errors
from .plan import COMMAND, LIMITS, REPORT, Plan, StudyPlan
from .registration import REGISTERED, registration, seed_of
from .understood import understood_lines
from .working_folder import is_to_come

_MISTAKES = "The configuration has mistakes; nothing was run:"
_ENTRY = 4  # keys that lead to one: studies, its name, scenarios or methods, its name


def _part_schema(name: str) -> dict:
    """The schema of a part of the config."""
    return {"$ref": f"#/$defs/{name}", "$defs": read_schema()["$defs"]}


def make_plan(
    config: Mapping[str, Any],
    check: bool = True,
    own_environments: bool = False,
    quoted: Mapping[KeyPath, str] | None = None,
    command_line: Mapping[str, Any] | None = None,
    results: str = "results",
) -> Plan:
    """Check a config and expand it.

    Parameters
    ----------
    config : mapping
        What ``config.yaml`` says.
    check : bool
        False in the Snakemake of a cluster's job: the run has checked the config, data files included.
    own_environments : bool
        Fits run in environments of their own (``--sdm``), which may have libraries that this one lacks.
    quoted : mapping, optional
        What stands in quotes in its files (see :func:`~seedbed.core.config.config_file.check_config_files`).
    command_line : mapping, optional
        What ``--config`` gave: nested values come as text, whatever they were.
    results : str
        The folder that results are written to.

    Returns
    -------
    Plan

    Raises
    ------
    UserError
        One message with every mistake: keys, types, ids, parameters, the user's data files.
    """
    settings = with_numbers(reread(dict(config), command_line or {}, read_schema()), quoted or {})
    messages, looks = config_errors(settings, own_environments) if check else ([], {})
    if messages:
        more = [f"and {len(messages) - SHOWN} more"] if len(messages) > SHOWN else []
        raise UserError.from_list(_MISTAKES, [*messages[:SHOWN], *more])
    command = COMMAND | {key: settings.pop(key) for key in COMMAND if key in settings}
    plans = {name: _study_plan(name, entry, settings["seed"]) for name, entry in settings["studies"].items()}
    plans = {name: replace(plan, results=results) for name, plan in plans.items()}
    if check and (wrong := [*laid_out_errors(plans)]):
        raise UserError.from_list(_MISTAKES, wrong)
    report = {**REPORT, **settings.get("report", {})}
    notes = [*notes_on(looks), *(understood_lines(plans) if check else ())]
    return Plan(config=settings, studies=plans, report=report, command=command, notes=tuple(notes))


def config_errors(config: Mapping[str, Any], own_environments: bool = False) -> tuple[list[str], dict[str, Look]]:
    """Every mistake of a config, each once, and what was found of the classes that it names.

    Entries with a value that means nothing, or with a grid that is none, are not looked into further.
    """
    config, values = checked_values(config)
    others = [*schema_errors(config, read_schema()), *entry_errors(config)]
    sound, wrong = sound_studies(items(config.get("studies")), own_environments)
    others += [*wrong, *_ledgers_beside(items(config.get("studies")), sound)]
    config = {**config, "studies": sound}
    unsound = {re.sub(r"\.(params|grid|tune)$", "", text.partition(": ")[0]) for text in others}
    classes = {place: own for place, own in _own_classes(config).items() if place not in unsound}
    looks = look_at(classes, own_environments)
    others += _reference_errors(config, looks, unsound)
    places = {key_path(path[:depth]) for path in values for depth in range(min(_ENTRY, len(path)), len(path) + 1)}
    absent = {f"{key_path(path[:-1])}: the key '{path[-1]}' is missing" for path in values}
    others = [text for text in others if text not in absent and text.partition(": ")[0] not in places]
    return [*dict.fromkeys([*values.values(), *others])], looks


def _ledgers_beside(entries: Iterable[tuple[str, Any]], sound: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the claims of studies that have other mistakes, where they can be read all the same."""
    for name in [name for name, _ in entries if name not in sound and name in study_names()]:
        with contextlib.suppress(Exception, SystemExit):  # the other mistakes have been named
            yield from (f"{study_folder(name).shown}/claims.yaml: {text}" for text in ledger_errors(name))


def _study_plan(name: str, entry: Mapping[str, Any], seed: int | str) -> StudyPlan:
    study = load_study(name)
    scenarios = expand_scenarios(study, entry["scenarios"])
    tune_on = {plan.tune_on: None for plan in scenarios.values() if plan.tune_on and plan.tune_on not in scenarios}
    seed = entry.get("seed", seed)
    plan = StudyPlan(
        study=study,
        seed=0 if seed == REGISTERED else int(seed),
        replicates=int(entry["replicates"]),
        replicates_per_job=int(entry.get("replicates_per_job", 4)),
        scenarios=scenarios,
        methods=expand_methods(study, entry["methods"], {**LIMITS, **entry.get("limits", {})}),
        tuning_scenarios={**scenarios, **expand_scenarios(study, tune_on)},
        tuning_replicates=int(entry.get("tuning_replicates", 2)),
    )
    if seed != REGISTERED:
        return plan
    registered = registration(plan)
    return replace(plan, seed=seed_of(registered), registered=registered)


def _reference_errors(config: Mapping[str, Any], looks: Mapping[str, Look], unsound: Collection[str]) -> Iterator[str]:
    """Ids that name nothing, and parameters that fit nothing; what the schema refuses is passed over.

    Entries that are ``unsound`` are not expanded.
    """
    for name, entry in items(config.get("studies")):
        study = load_study(name)
        yield from (f"{study_folder(name).shown}/claims.yaml: {text}" for text in ledger_errors(name))
        scenarios = items(get(entry, "scenarios"))
        plain = [key for key, scenario in scenarios if not get(scenario, "grid")]
        for key, scenario in scenarios:
            where = f"studies.{name}.scenarios.{key}"
            yield from (f"{where}: {text}" for text in _scenario_errors(study, key, scenario, where in unsound))
            tune_on = get(scenario, "tune_on")
            if isinstance(tune_on, str) and tune_on not in (known := {*plain, *study.scenarios}):
                yield f"{where}.tune_on: unknown scenario '{tune_on}'{did_you_mean(tune_on, known)}"
        yield from (f"studies.{name}.methods.{text}" for text in group_errors(study, get(entry, "methods")))
        for key, method in items(get(entry, "methods")):
            where = f"studies.{name}.methods.{key}"
            if where in unsound:
                continue
            yield from (f"{where}: {text}" for text in _method_errors(study, key, method, looks))
            yield from (f"{where}.scenarios: {text}" for text in limit_errors(study, key, method, dict(scenarios)))
            yield from (f"{where}.tune: {text}" for text in tuning_errors(study, key, method, dict(scenarios)))


def _scenario_errors(study: Study, key: str, entry: Any, unsound: bool) -> Iterator[str]:
    base = base_of(entry, "scenario", key)
    preset = study.scenarios.get(base)
    generator = study.generators.get(preset.generator if preset else base)
    if generator is None:
        yield f"unknown scenario '{base}'{did_you_mean(base, [*study.scenarios, *study.generators])}"
        return
    if unsound:
        return
    messages = _given_errors(generator.function, entry, needed=True)
    if not messages and not schema_errors(entry, _part_schema("scenario")):
        plans = expand_scenarios(study, {key: entry}).values()
        messages = [message for plan in plans for message in _data_errors(plan)]
    yield from messages


def _loaded(target: str) -> tuple[Any, str]:
    """What a target of a study names, or why it cannot be had: to read a study is not to run all of its modules."""
    try:
        return load_target(target), ""
    except (Exception, SystemExit) as error:
        place = place_of(error, os.getcwd()) or place_of(error, str(SCRIPTS))
        return None, f"'{target}' cannot be imported: {place}{describe(error)}"


def _data_errors(plan: ScenarioPlan) -> list[str]:
    """What only the generator knows: a missing file, NaN in the data, more clusters than points."""

    def lacking() -> list[str]:
        return missing_parameters(load_target(plan.generator), plan.params)

    def told() -> list[str]:
        try:
            return plan.messages()
        except (Exception, SystemExit) as error:  # whatever is in the user's file, others are to be named too
            preset = parameter_errors(load_target(plan.generator), plan.params)  # what the config gives was looked at
            return preset or [f"the data cannot be checked: {describe(error)}"]

    if missing := sound("parameters that are needed", lambda: [_checks(), plan.state()], lacking):
        return missing
    messages = sound("data", lambda: [_checks(), plan.state()], told)
    braced = [file for file in plan.files if {"{", "}"} & {*file}]
    cure = "Snakemake takes braces in a name for a wildcard; give the file another one"
    messages += [f"{file}: {cure}" for file in braced]
    late = [file for file in plan.files if os.path.exists(file) and is_to_come(file)]
    return messages + [
        f"{file}: bears a date in the future, so nothing made from it would count as up to date; "
        f"give it today's: touch '{file}'"
        for file in late
    ]


def _method_errors(study: Study, key: str, entry: Any, looks: Mapping[str, Look]) -> Iterator[str]:
    base = base_of(entry, "method", key)
    if base in study.methods:
        target = study.methods[base].target
        rename = {name: own for name, own in items(get(entry, "rename")) if isinstance(own, str)}
        yield from (wrong := _given_errors(target, entry, needed=bool(rename)))
        if rename and not wrong:
            yield from rename_errors(rename, study.given, target, inspect.signature(load_target(target)).parameters)
    elif ":" not in base:
        hint = did_you_mean(base, study.methods)
        yield f"unknown method '{base}'{hint}; a class of your own is written module:Class"
    else:
        yield from looks[f"studies.{study.name}.methods.{key}"].messages
    task, known = get(entry, "task"), {generator.task for generator in study.generators.values()} - {""}
    if isinstance(task, str) and task and task not in known:
        yield f"task: unknown task '{task}'{did_you_mean(task, known)}"
    yield from file_errors(get(entry, "files"))
    yield from environment_errors(get(entry, "environment"))


def _own_classes(config: Mapping[str, Any]) -> dict[str, OwnClass]:
    """Every entry that names a class of its own, by its place in the config."""
    own = {}
    for name, entry in items(config.get("studies")):
        study = load_study(name)
        for key, method in items(get(entry, "methods")):
            base = base_of(method, "method", key)
            if base not in study.methods and ":" in base:
                rename = dict(items(get(method, "rename")))
                environment = get(method, "environment")
                own[f"studies.{name}.methods.{key}"] = OwnClass.of(
                    study, base, _given_params(method), rename, environment if isinstance(environment, str) else ""
                )
    return own


def _checks() -> str:
    """The digest of the checks themselves and of the libraries that they ask."""
    return code_digest(__name__)


def _given_errors(target: str, entry: Any, needed: bool = False) -> list[str]:
    """Messages per value that an entry gives; a grid gives several values for one name.

    The target is loaded where there are values, or it is ``needed`` anyway; why it cannot be is then the message.
    """
    params = _given_params(entry)
    if not (params or needed):
        return []

    def check() -> Iterator[str]:
        taking, wrong = _loaded(target)
        if wrong:
            yield wrong
            return
        for name, value in params:
            yield from parameter_errors(taking, {name: value})

    return sound("parameters", lambda: [_checks(), target, code_digest(target), params], check)


def _given_params(entry: Any) -> list[tuple[str, Any]]:
    listed = [*items(get(entry, "grid")), *items(get(entry, "tune"))]
    values = [(name, value) for name, values in listed if isinstance(values, list) for value in values]
    return [*items(get(entry, "params")), *values]

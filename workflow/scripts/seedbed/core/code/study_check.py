"""A study looked at before anything runs: every mistake of its tables, each with its place and its cure.

Of a study nothing is run but ``study.py`` and what that imports; what its targets name is read from the sources.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from seedbed.core.config.config_file import read_plain
from seedbed.core.errors import did_you_mean
from seedbed.core.messages import describe, one_line
from seedbed.core.recall.findings import sound
from seedbed.core.study import Study, load_references, read_claims
from seedbed.core.study_folders import OWN, StudyFolder, find_user_modules, folders_named, study_names

from .code_digest import SCRIPTS, code_digest
from .own_classes import place_of
from .sources import target_errors
from .study_fields import TABLES, field_errors
from .study_targets import generator_errors, preset_errors
from .study_texts import text_errors

ENVIRONMENTS = SCRIPTS.resolve().parents[1] / "envs"
_FILES = {"generators": "scenarios.py", "scenarios": "scenarios.py", "methods": "methods.py"}  # if there is such a file
_TARGETS = {
    "generators": {"check": "function", "describe": "function", "overlap": "function"},
    "methods": {"target": "class"},
    "metrics": {"function": "function"},
    "figures": {"function": "function"},
}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
_HOW = "use lower-case letters, digits and '_', a letter first"


def sound_studies(
    entries: Iterable[tuple[str, Any]], own_environments: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """The entries of a config whose studies have no mistake of their own, and what is wrong with the others."""
    sound, messages, known = {}, [], study_names()
    for name, entry in entries:
        if name not in known:
            messages.append(f"studies: unknown study '{name}'{did_you_mean(name, known)}")
        elif wrong := study_errors(name, own_environments):
            messages += wrong
        else:
            sound[name] = entry
    return sound, messages


def study_errors(name: str, own_environments: bool = False) -> list[str]:
    """Every mistake of a study that has a folder, as whole messages.

    Parameters
    ----------
    name : str
        As the config has it.
    own_environments : bool
        Fits run in environments of their own (``--sdm``), which may have libraries that this one lacks.
    """
    first, *others = folders_named(name)
    if others:
        return [
            f"studies.{name}: both {first.shown} and {others[0].shown} are called '{name}'; give the folder beside "
            "config.yaml another name"
        ]
    if not _NAME.fullmatch(name):
        return [f"{first.shown}: '{name}' cannot be the name of a study; {_HOW}"]
    study, messages = _load(first)
    if study is not None:
        wrong, readable, part = _shape_errors(first, study)
        messages += wrong
        if readable is not None:
            given = first, readable, own_environments, part
            messages += sound("study", lambda: _state(*given), lambda: _content_errors(*given))
    return [*messages, *_claims_file_errors(first), *_references_errors(first)]


def _load(folder: StudyFolder) -> tuple[Study | None, list[str]]:
    """The study as it is written, or why there is none."""
    find_user_modules()
    where = f"{folder.shown}/study.py"
    if folder.is_own and (hidden := _hidden(folder)):
        return None, [hidden]
    try:
        module = importlib.import_module(f"{folder.package}.study")
    except SyntaxError as error:
        return None, [f"{where}: {_place(error)}SyntaxError: {one_line(str(error.msg))}"]
    except (Exception, SystemExit) as error:
        return None, [f"{where}: it cannot be imported: {_place(error)}{describe(error)}"]
    study = getattr(module, "STUDY", None)
    if isinstance(study, Study):
        return study, []
    found = "there is no STUDY" if study is None else f"STUDY is a {type(study).__name__}"
    return None, [f"{where}: {found}; write STUDY = Study(name='{folder.name}', ...)"]


def _hidden(folder: StudyFolder) -> str:
    """Whether another module ``studies`` stands in the way of the folder beside the config."""
    spec = importlib.util.find_spec(OWN)
    places = [Path(place).resolve() for place in (spec.submodule_search_locations or []) if spec] if spec else []
    if folder.path.parent.resolve() in places:
        return ""
    return f"{folder.shown}: an installed module called '{OWN}' hides the folder beside config.yaml; uninstall it"


def _place(error: BaseException) -> str:
    return place_of(error, str(Path.cwd())) or place_of(error, str(SCRIPTS))


def _shape_errors(folder: StudyFolder, study: Study) -> tuple[list[str], Study | None, bool]:
    """Fields that hold what they should not; the study without records that cannot be read; whether any is left out.

    Of a study whose own fields cannot be read there is none. A wrong word (a role, a direction) hides no other mistake.
    """
    found = field_errors(study)
    messages = [f"{_file(folder, one.table)}: {one.text}" for one in found]
    lost = [one for one in found if not one.readable]
    if not lost:
        return messages, study, False
    if any(one.table == "study" for one in lost):
        return messages, None, True
    left = {
        table: {key: entry for key, entry in getattr(study, table).items() if (table, key) not in names}
        for names in [{(one.table, one.key) for one in lost}]
        for table in TABLES
    }
    unread = {*study.generators} - {*left["generators"]}
    left["scenarios"] = {key: one for key, one in left["scenarios"].items() if one.generator not in unread}
    return messages, replace(study, **left), True


def _state(folder: StudyFolder, study: Study, *asked: bool) -> list[Any]:
    """All that the content of a study is held against: the code that its tables name, and files beside it."""
    targets = [study.adapter, study.hard_cases, study.remarks, *(one.function for one in study.generators.values())]
    targets += [getattr(entry, field) for table in _TARGETS for entry in getattr(study, table).values()
                for field in _TARGETS[table]]  # fmt: skip
    modules = {folder.target(text).partition(":")[0] for text in targets if text}
    code = code_digest(*sorted(name for name in modules if all(part.isidentifier() for part in name.split("."))))
    files = [sorted(path.name for path in place.iterdir()) for place in (folder.path, ENVIRONMENTS) if place.is_dir()]
    return [code_digest(__name__), repr(study), code, folder.shown, files, asked]


def _content_errors(folder: StudyFolder, study: Study, abroad: bool, part: bool) -> Iterator[str]:
    """What names nothing; of a ``part`` of a study, without what the rest might answer."""
    where = f"{folder.shown}/study.py"
    if study.name != folder.name:
        yield f"{where}: STUDY.name is '{study.name}', but the folder is called '{folder.name}'; call both the same"
    if not part and folder.name == study.name and not study.metrics:
        yield f"{where}: STUDY.metrics is empty; at least one metric is needed"
    for name in () if part else study.tried_on:
        if name not in study.scenarios:
            yield f"{where}: STUDY.tried_on: unknown scenario '{name}'{did_you_mean(name, study.scenarios)}"
    yield from _environment_errors(folder, study)
    for field in ("adapter", "hard_cases", "remarks"):
        if (text := getattr(study, field)) or field == "adapter":
            yield from (f"{where}: STUDY.{field}: {one}" for one in target_errors(folder.target(text), "function"))
    for table, targets in _TARGETS.items():
        for key, entry in getattr(study, table).items():
            for field, wanted in targets.items():
                if text := getattr(entry, field):
                    found = target_errors(folder.target(text), wanted, abroad and table == "methods")
                    yield from (f"{_file(folder, table)}: {table}.{key}.{field}: {message}" for message in found)
    for table in TABLES:
        for key in getattr(study, table):
            if not (isinstance(key, str) and _NAME.fullmatch(key)):
                yield f"{_file(folder, table)}: {table}: {key!r} cannot be a name; {_HOW}"
    yield from (f"{_file(folder, 'generators')}: {text}" for text in generator_errors(study, folder.target))
    yield from (f"{_file(folder, 'scenarios')}: {text}" for text in preset_errors(study, folder.target, part))
    for table, text in (*(() if part else _task_errors(study)), *text_errors(study)):
        yield f"{_file(folder, table)}: {text}"


def _task_errors(study: Study) -> Iterator[tuple[str, str]]:
    """Tasks that no generator sets, and tasks that no metric scores."""
    tasks = {generator.task for generator in study.generators.values()}
    for table in ("methods", "metrics"):
        for key, entry in getattr(study, table).items():
            if entry.task and entry.task not in tasks:
                yield (
                    table,
                    f"{table}.{key}.task: no generator sets the task '{entry.task}'{did_you_mean(entry.task, tasks)}",
                )
    for task in sorted(tasks):
        scored = [(key, metric) for key, metric in study.metrics.items() if metric.task in ("", task)]
        named = f"the task '{task}'" if task else "generators without a task"
        if not scored:
            yield "metrics", f"metrics: none is for {named}; the first that is would sort the tables"
        elif scored[0][1].direction == "none":
            yield (
                "metrics",
                f"metrics.{scored[0][0]}.direction: the main metric of {named} needs a better end: lower or higher",
            )


def _environment_errors(folder: StudyFolder, study: Study) -> Iterator[str]:
    name = study.environment
    beside = name.endswith((".yaml", ".yml"))
    if not (folder.path / name if beside else ENVIRONMENTS / f"{name}.yaml").is_file():
        known = sorted(path.stem for path in ENVIRONMENTS.glob("*.yaml"))
        yield (
            f"{folder.shown}/study.py: STUDY.environment: there is no {folder.shown if beside else 'envs'}/{name}"
            f"{'' if beside else '.yaml'}{did_you_mean(name, known)}; or name a YAML file beside study.py"
        )


def _claims_file_errors(folder: StudyFolder) -> Iterator[str]:
    where = f"{folder.shown}/claims.yaml"
    path = folder.path / "claims.yaml"
    if not path.is_file():
        yield f"{where}: there is no such file; write one, with [] in it if the study tests no claim"
        return
    try:
        if folder.is_own:  # ours are read by the faster loader, which takes the last of two equal keys; tests look
            read_plain(path.read_text(encoding="utf-8"))
        else:
            read_claims(path)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        yield f"{where}{line}: it cannot be read: {one_line(str(getattr(error, 'problem', None) or error))}"


def _references_errors(folder: StudyFolder) -> Iterator[str]:
    where = f"{folder.shown}/references.bib"
    try:
        load_references(folder.name)
    except UnicodeDecodeError as error:
        yield f"{where} is no text in UTF-8 (byte {error.start})"
    except OSError as error:
        yield f"{where}: it cannot be read: {error.strerror}"


def _file(folder: StudyFolder, table: str) -> str:
    """Where a table is written, most likely."""
    name = _FILES.get(table, "study.py")
    return f"{folder.shown}/{name if (folder.path / name).is_file() else 'study.py'}"

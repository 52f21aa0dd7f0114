"""What is to be checked: the class as the config has it, the scenarios to try it on, and the references beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seedbed.core.config.asked_types import with_numbers
from seedbed.core.config.config_file import KeyPath, read_config_text
from seedbed.core.errors import UserError, did_you_mean
from seedbed.core.planning.config import config_errors, make_plan
from seedbed.core.planning.plan import StudyPlan
from seedbed.core.study import load_study, study_names

NAME = "checked"  # of the entry in the config that is made for the check
_LIMITS = {"seconds": 20.0, "memory_mb": 2000.0}  # of one fit, unless the config says otherwise
_HOW = "make check-method METHOD=my_methods:MyClustering STUDY=clustering"


@dataclass(frozen=True)
class Asked:
    """One class of one study."""

    method: str
    plan: StudyPlan
    entry: Mapping[str, Any]
    source: str  # of the entry: the config's name for it, if it has one
    notes: tuple[str, ...]
    file: str

    @property
    def scenarios(self) -> list[str]:
        """Those that are of the method's task."""
        return [name for name in self.plan.scenarios if NAME in self.plan.methods_of(name)]

    def references(self, scenario: str) -> list[str]:
        """Control and oracle of a scenario: the ends of its scale."""
        return [name for name in self.plan.methods_of(scenario) if name != NAME]


def read_request(method: str, study: str) -> Asked:
    """What the words of the command line mean.

    Raises
    ------
    UserError
        With every mistake, as a run of the config would name them.
    """
    if not method:
        raise UserError(f"Say which class is to be checked: {_HOW}")
    if study not in study_names():
        raise UserError(f"There is no study '{study}'{did_you_mean(study, study_names())}. Write: {_HOW}")
    entry, source, quoted = _entry_of(method, study)
    offered = load_study(study)
    ends = {name: {} for name, one in offered.methods.items() if one.role in ("control", "oracle") and name != method}
    limits = {**_LIMITS, **entry.get("limits", {})}
    methods = {NAME: {**entry, "method": method, "limits": limits}, **ends}
    scenarios = {name: {} for name in offered.tried_on or _first_of_each_task(offered)}
    studies = {study: {"replicates": 1, "scenarios": scenarios, "methods": methods}}
    config = with_numbers({"seed": 1, "studies": studies}, quoted)
    messages, looks = config_errors(config)
    if messages:
        texts = [text.removeprefix(f"studies.{study}.methods.{NAME}: ") for text in messages]
        raise UserError.from_list(f"{method} cannot be a method of the study {study}:", texts)
    look = looks.get(f"studies.{study}.methods.{NAME}")
    plan = make_plan(config, check=False, quoted=quoted).studies[study]
    return Asked(method, plan, entry, source, tuple(look.notes) if look else (), look.file if look else "the package")


def _first_of_each_task(study: Any) -> list[str]:
    first: dict[str, str] = {}
    for name, scenario in study.scenarios.items():
        first.setdefault(study.generators[scenario.generator].task, name)
    return [*first.values()]


def _entry_of(method: str, study: str) -> tuple[dict[str, Any], str, dict[KeyPath, str]]:
    """How ``config.yaml`` beside has the class, without its grid; its name there; its texts in quotes."""
    try:
        config, quoted = read_config_text(Path("config.yaml").read_text(encoding="utf-8"), "config.yaml")
        entries = config["studies"][study]["methods"].items()
    except Exception:  # no config, or one with mistakes, which a run of it names
        return {}, "", {}
    for name, entry in entries:
        if isinstance(entry, dict) and entry.get("method") == method:
            kept = {key: entry[key] for key in ("params", "rename", "files", "limits", "task") if key in entry}
            place = ("studies", study, "methods", name)
            texts = {path[4:]: text for path, text in quoted.items() if path[:4] == place}
            return kept, str(name), {(*place[:3], NAME, *path): text for path, text in texts.items()}
    return {}, "", {}

"""Files that somebody asks for by name: what of the name the config knows."""

from __future__ import annotations

from collections.abc import Mapping

from seedbed.core.errors import UserError, did_you_mean

from .plan import Plan, StudyPlan


def study_of(plan: Plan, named: Mapping[str, str]) -> StudyPlan:
    """The study that a file belongs to.

    Parameters
    ----------
    plan : Plan
        The run.
    named : mapping
        What stands in the file's name: ``study``, and ``scenario``, ``method`` and ``block`` where it has them.

    Raises
    ------
    UserError
        If the config has no such thing, with what it has: there was a slip of the pen.
    """
    name = named["study"]
    if name not in plan.studies:
        raise UserError(f"The config has no study '{name}'{did_you_mean(name, plan.studies)}")
    study = plan.studies[name]
    is_tuning = "method" in named and "block" not in named
    scenarios = study.tuning_scenarios if is_tuning else study.scenarios
    for kind, known in {"scenario": scenarios, "method": study.methods, "block": study.blocks}.items():
        if kind in named and named[kind] not in known:
            hint = did_you_mean(named[kind], known)
            raise UserError(f"The study '{name}' of the config has no {kind} '{named[kind]}'{hint}")
    if not is_tuning and "method" in named and named["method"] not in study.methods_of(named["scenario"]):
        task = study.scenarios[named["scenario"]].task
        raise UserError(
            f"The scenario '{named['scenario']}' of the study '{name}' is of the task '{task}', which the method "
            f"'{named['method']}' does not do{did_you_mean(named['method'], study.methods_of(named['scenario']))}"
        )
    return study

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
    if is_tuning or "method" not in named:
        return study
    # every job asks this several times: it must not cost what goes with the number of methods or of blocks
    scenario, method = study.scenarios[named["scenario"]], study.methods[named["method"]]
    if not method.does(scenario):
        reason = f"is of the task '{scenario.task}', which the method '{method.name}' does not do"
        if method.task in ("", scenario.task):
            reason = f"is none of those that the config limits the method '{method.name}' to (scenarios)"
        hint = did_you_mean(method.name, study.methods_of(scenario.name))
        raise UserError(f"The scenario '{scenario.name}' of the study '{name}' {reason}{hint}")
    return study

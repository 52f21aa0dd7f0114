"""Which answer is asked for by ``snakemake answer --config study=... scenario=... method=...``, and its job."""

from __future__ import annotations

from collections.abc import Collection

from seedbed.core.code.code_digest import code_digest
from seedbed.core.errors import UserError, did_you_mean
from seedbed.core.files import content_digest
from seedbed.core.job_records.answers import AnswerJob
from seedbed.core.study import load_target

from .plan import Plan, StudyPlan

USAGE = "snakemake answer --config study=... scenario=... method=..."


def check_answer(plan: Plan) -> None:
    """Refuse what the command line asks an answer of, if the config does not have it; see :func:`asked_answer`."""
    if any(plan.command[key] for key in ("study", "scenario", "method")):
        asked_answer(plan)


def asked_answer(plan: Plan) -> tuple[str, str, str]:
    """Study, scenario and method of the answer that the command line asks for.

    Raises
    ------
    UserError
        If one of them is not given, and there are several; or if the config does not have it, or it cannot be answered.
    """
    study_name = _one("study", plan.command["study"], plan.studies)
    study = plan.studies[study_name]
    scenario = _one("scenario", plan.command["scenario"], [name for name in study.scenarios if _reads(study, name)])
    method = _one("method", plan.command["method"], study.methods_of(scenario))
    return study_name, scenario, method


def _one(kind: str, given: str, known: Collection[str]) -> str:
    if not known:
        raise UserError(
            "There is nothing to answer: no scenario of the study reads a table of yours (user_table, feature_file). "
            f"Simulated data are other data every time. {USAGE}"
        )
    if not given and len(known) == 1:
        return next(iter(known))
    if not given:
        raise UserError(f"Say which {kind} the answer is for: {USAGE}{did_you_mean('', known)}")
    if given not in known:
        more = " that reads a table of yours and can be answered" if kind == "scenario" else ""
        raise UserError(f"The config has no {kind} '{given}'{more}{did_you_mean(given, known)}")
    return given


def _reads(study: StudyPlan, scenario: str) -> bool:
    plan = study.scenarios[scenario]
    return bool(plan.files) and hasattr(load_target(plan.generator), "whole")


def answer_job(study: StudyPlan, scenario: str, method: str) -> str:
    """What ``answer_scenario`` depends on."""
    data, fitted = study.scenarios[scenario], study.methods[method]
    return AnswerJob(
        seed=study.seed,
        study=study.study.name,
        scenario=scenario,
        method=method,
        adapter=study.study.adapter,
        target=fitted.target,
        params=fitted.params,
        limits=fitted.limits,
        **fitted.reads,
        generator=data.generator,
        scenario_params=data.params,
        files=tuple(content_digest(file) for file in data.files),
        base=fitted.base,
        labels=(data.label, fitted.label),
        code=code_digest("answer_scenario.py", data.generator, study.study.adapter, fitted.target),
    ).to_json()

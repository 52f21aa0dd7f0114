"""What the rules ask of the plan: paths, jobs, memory and minutes, by wildcards.

Snakemake calls these as input functions, parameters and resources. Nothing of Snakemake is needed to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from seedbed.core.code.code_digest import code_digest
from seedbed.core.errors import UserError

from .answer_plan import answer_job, asked_answer
from .plan import Plan, StudyPlan
from .targets import study_of

USUAL_MB, IDLE_MB = 2000, 1000
USUAL_MINUTES, START_MINUTES = 30, 5


class Wildcards(Protocol):
    """Snakemake's: ``study``, ``scenario``, ``method``, ``block``, as far as the rule has them."""

    study: str
    scenario: str
    method: str
    block: str

    def items(self) -> Mapping[str, str]:
        """Names and values."""
        ...


@dataclass(frozen=True)
class RuleAnswers:
    """The plan, as rules see it; mistakes in a target end in ``mistake``, the exception that Snakemake prints."""

    plan: Plan
    mistake: type[Exception]

    def study(self, wildcards: Wildcards) -> StudyPlan:
        """The plan of the study that a job belongs to."""
        try:
            return study_of(self.plan, dict(wildcards.items()))
        except UserError as error:
            raise self.mistake(str(error)) from None

    # ---- what each job gets

    def data_job(self, wildcards: Wildcards) -> str:
        """What ``draw_data`` depends on besides its files."""
        return self.study(wildcards).data_job(wildcards.scenario, wildcards.block)

    def fit_job(self, wildcards: Wildcards) -> str:
        """What ``fit_method`` depends on besides the data."""
        return self.study(wildcards).fit_job(wildcards.scenario, wildcards.method)

    def tuning_job(self, wildcards: Wildcards) -> str:
        """What ``tune_method`` depends on."""
        return self.study(wildcards).tuning_job(wildcards.scenario, wildcards.method)

    def score_job(self, wildcards: Wildcards) -> str:
        """What ``score_scenario`` depends on besides data and fits."""
        return self.study(wildcards).score_job(wildcards.scenario)

    def collect_job(self, wildcards: Wildcards) -> str:
        """What ``collect_scores`` depends on besides its files."""
        return self.study(wildcards).collect_job()

    def summary_job(self, wildcards: Wildcards) -> str:
        """What ``summarise_study`` depends on besides the tables."""
        return self.study(wildcards).summary_job(self.plan.report)

    def figure_job(self, wildcards: Wildcards) -> str:
        """What ``plot_study`` depends on besides the tables."""
        return self.study(wildcards).figure_job(self.plan.report)

    def benchmark_job(self, wildcards: Wildcards) -> str:
        """What ``run_benchmark`` depends on."""
        return self.study(wildcards).benchmark_job()

    def report_job(self, wildcards: Wildcards) -> str:
        """A function, since Snakemake would take braces in a title or a formula for wildcards."""
        return self.plan.report_job()

    def answer_job(self, wildcards: Wildcards) -> str:
        """What ``answer_scenario`` depends on: the method is no wildcard, since a scenario has one answer."""
        return answer_job(self.study(wildcards), wildcards.scenario, self._answer(wildcards)[2])

    def page_job(self, wildcards: Wildcards) -> str:
        """What ``describe_answer`` depends on besides its files."""
        return code_digest("describe_answer.py")

    # ---- files

    def environment_file(self, wildcards: Wildcards) -> str:
        """The conda environment of a job that fits or measures methods."""
        return self.study(wildcards).environment_file(dict(wildcards.items()).get("method", ""))

    def answer_environment(self, wildcards: Wildcards) -> str:
        """The conda environment of the method that an answer fits."""
        return self.study(wildcards).environment_file(self._answer(wildcards)[2])

    def answer_files(self, wildcards: Wildcards) -> list[str]:
        """What ``snakemake answer`` is to write."""
        study, scenario, _ = self._answer()
        return [_path(study, scenario, "answer", name) for name in ("labels.csv", "model.npz", "page.html")]

    def answer_tuning(self, wildcards: Wildcards) -> list[str]:
        """The parameters that were chosen for the method, if it is tuned."""
        return self._tuning_files(wildcards.study, wildcards.scenario, self._answer(wildcards)[2])

    def _answer(self, wildcards: Wildcards | None = None) -> tuple[str, str, str]:
        """Study, scenario and method of the answer; those of the files' names, where some ask for files by name."""
        named = dict(wildcards.items()) if wildcards is not None else {}
        asked = {key: named.get(key) or self.plan.command[key] for key in ("study", "scenario", "method")}
        try:
            return asked_answer(replace(self.plan, command={**self.plan.command, **asked}))
        except UserError as error:
            raise self.mistake(str(error)) from None

    def tuning_file(self, wildcards: Wildcards) -> list[str]:
        """The parameters that were chosen for a fit, if its method is tuned, alone or with others."""
        self.study(wildcards)
        return self._tuning_files(wildcards.study, wildcards.scenario, wildcards.method)

    def _tuning_files(self, study: str, name: str, method: str) -> list[str]:
        plan = self.plan.studies[study]
        scenario = plan.tuned_on(name, method)
        methods = plan.tuned_together(method) if scenario else []
        return [_path(study, str(scenario), "tuning", f"{one}.json") for one in methods]

    def scenario_data(self, wildcards: Wildcards) -> list[str]:
        """The data of every block."""
        blocks = self.study(wildcards).blocks
        return [_path(wildcards.study, wildcards.scenario, "data", f"{block}.npz") for block in blocks]

    def scenario_arrays(self, wildcards: Wildcards) -> list[str]:
        """What every method returned for every block."""
        return self._fits(wildcards, ".npz")

    def scenario_rows(self, wildcards: Wildcards) -> list[str]:
        """What became of every method on every block."""
        return self._fits(wildcards, ".json")

    def scenario_scores(self, wildcards: Wildcards) -> list[str]:
        """The scores of every scenario of a study."""
        return [_path(wildcards.study, name, "scores.parquet") for name in self.study(wildcards).scenarios]

    def scenario_runs(self, wildcards: Wildcards) -> list[str]:
        """The costs of every scenario of a study."""
        return [_path(wildcards.study, name, "runs.parquet") for name in self.study(wildcards).scenarios]

    def study_tunings(self, wildcards: Wildcards) -> list[str]:
        """What every tuned method was given, and what it was chosen from."""
        pairs = self.study(wildcards).tunings()
        return [_path(wildcards.study, scenario, "tuning", f"{method}.json") for scenario, method in pairs]

    def study_tables(self, name: str) -> list[str]:
        """The table of this name of every study in the config."""
        return [_path(study, name) for study in self.plan.studies]

    def _fits(self, wildcards: Wildcards, suffix: str) -> list[str]:
        """One file per method and block, methods outermost, as ``score_job`` lists them."""
        plan, folder = self.study(wildcards), (wildcards.study, wildcards.scenario, "fits")
        methods = plan.methods_of(wildcards.scenario)
        return [_path(*folder, method, block + suffix) for method in methods for block in plan.blocks]

    # ---- resources

    def usual_memory_mb(self, wildcards: Wildcards, attempt: int) -> int:
        """Of jobs that fit nothing."""
        return USUAL_MB * attempt

    def usual_minutes(self, wildcards: Wildcards, attempt: int) -> int:
        """Of jobs that fit nothing."""
        return USUAL_MINUTES * attempt

    def fit_memory_mb(self, wildcards: Wildcards, attempt: int) -> int:
        """The limit of one fit, the idle process, and room to grow on retry."""
        limits = self.study(wildcards).methods[wildcards.method].limits
        return int((limits["memory_mb"] + IDLE_MB) * attempt)

    def fit_minutes(self, wildcards: Wildcards, attempt: int) -> int:
        """All replicates of the block at their limit."""
        return self._minutes(wildcards, self.study(wildcards).replicates_per_job, attempt)

    def answer_memory_mb(self, wildcards: Wildcards, attempt: int) -> int:
        """The limit of the fit, and the idle process."""
        limits = self.study(wildcards).methods[self._answer(wildcards)[2]].limits
        return int((limits["memory_mb"] + IDLE_MB) * attempt)

    def answer_minutes(self, wildcards: Wildcards, attempt: int) -> int:
        """One fit at its limit, and a start."""
        limits = self.study(wildcards).methods[self._answer(wildcards)[2]].limits
        return int((limits["seconds"] / 60 + START_MINUTES) * attempt)

    def tuning_minutes(self, wildcards: Wildcards, attempt: int) -> int:
        """All combinations on all data sets at their limit."""
        return self._minutes(wildcards, self.study(wildcards).tuning_fits(wildcards.method), attempt)

    def _minutes(self, wildcards: Wildcards, fits: int, attempt: int) -> int:
        """So many fits of a method at their limit, and a start."""
        limits = self.study(wildcards).methods[wildcards.method].limits
        return int((limits["seconds"] * fits / 60 + START_MINUTES) * attempt)


def _path(study: str, *parts: str) -> str:
    """A path below the study's results."""
    return Path("results", study, *parts).as_posix()

"""The experiment as a plan: every scenario and method with its parameters, and what each job gets."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from seedbed.core.blocks import block_names, block_range
from seedbed.core.canonical import digest
from seedbed.core.code.code_digest import code_digest, own_files
from seedbed.core.config.grid import expand_grid
from seedbed.core.files import content_digest
from seedbed.core.job_records.cells import DrawJob
from seedbed.core.job_records.fits import FitJob, TuneJob
from seedbed.core.job_records.reports import ArchiveJob, ReportJob, ReportSettings, StudyDescription, VerifyJob
from seedbed.core.job_records.scores import CollectJob, ScoreJob
from seedbed.core.job_records.summaries import BenchmarkJob, BenchmarkTable, FigureCall, FigureJob, SummaryJob
from seedbed.core.labels import StudyLabels
from seedbed.core.study import Metric, Study, study_cases
from seedbed.core.study_folders import StudyFolder, study_folder

from .claims_file import claims_of_run
from .entry_plans import MethodPlan, ScenarioPlan
from .study_labels import describe_study, label_fields

LIMITS = {"seconds": 60, "memory_mb": 2000}
COMMAND = {"archive": "", "cells": 2, "study": "", "scenario": "", "method": ""}
REPORT = {
    "title": "Seedbed: do the published claims hold?",
    "confidence_level": 0.95,
    "bootstrap_samples": 2000,
    "figure_formats": ["svg"],
}


def benchmark_job(study: str) -> str:
    """What ``run_benchmark`` depends on, as text: the cases of a study and everything they measure."""
    cases = study_cases(study)
    return BenchmarkJob(study=study, cases=cases, code=code_digest("run_benchmark.py", cases)).to_json()


@dataclass(frozen=True)
class StudyPlan:
    """One study: what it is, and which part of it the config asks for."""

    study: Study
    seed: int
    replicates: int
    replicates_per_job: int
    scenarios: Mapping[str, ScenarioPlan]
    methods: Mapping[str, MethodPlan]
    tuning_scenarios: Mapping[str, ScenarioPlan] = field(default_factory=dict)
    tuning_replicates: int = 2
    results: str = "results"  # the folder of all studies' results; as a module the workflow may have another
    registered: str = ""  # the digest of what is judged, where it is the seed

    @cached_property
    def blocks(self) -> Collection[str]:
        """Names of the blocks of replicates, in their order; to ask whether one is there takes no search."""
        return dict.fromkeys(block_names(self.replicates, self.replicates_per_job))

    def methods_of(self, scenario: str) -> list[str]:
        """The methods that do what the scenario asks for."""
        return [plan.name for plan in self.methods.values() if plan.does(self.scenarios[scenario])]

    def metrics_of(self, scenario: str) -> dict[str, Metric]:
        """The metrics of the scenario's task, the main one first."""
        task = self.scenarios[scenario].task
        return {name: metric for name, metric in self.study.metrics.items() if metric.task in ("", task)}

    def tuned_on(self, scenario: str, method: str) -> str | None:
        """The scenario that a method is tuned on before it is fitted to this one, if it is tuned at all."""
        return (self.scenarios[scenario].tune_on or None) if self.methods[method].tune else None

    def tunings(self) -> list[tuple[str, str]]:
        """Every pair (scenario to tune on, method) that some fit needs, or that of a method which it is tuned with.

        A method that is limited to some scenarios is tuned on the others too where its mates are fitted.
        """
        asked = ((self.tuned_on(name, method), method) for name in self.scenarios for method in self.methods_of(name))
        pairs = ((scenario, mate) for scenario, method in asked if scenario for mate in self.tuned_together(method))
        return list(dict.fromkeys(pairs))

    def tuned_together(self, method: str) -> list[str]:
        """The methods that get the same tuned parameters: itself, and those with its ``tune_with``."""
        word, task = self.methods[method].tune_with, self.methods[method].task
        if not word:
            return [method]
        return [plan.name for plan in self.methods.values() if (plan.tune_with, plan.task) == (word, task)]

    def tuning_fits(self, method: str) -> int:
        """How many fits the tuning of a method takes."""
        return self.tuning_replicates * len([*expand_grid(self.methods[method].tune)])

    def tuning_job(self, scenario: str, method: str) -> str:
        """What ``tune_method`` depends on: it draws its own data."""
        plan, adapter, target = self.tuning_scenarios[scenario], self.study.adapter, self.methods[method].target
        metric = next(metric for metric in self.study.metrics.values() if metric.task in ("", plan.task))
        return TuneJob(
            **self._cell(scenario),
            **self._fitted(method),
            candidates=tuple(chosen for _, chosen in expand_grid(self.methods[method].tune)),
            generator=plan.generator,
            scenario_params=plan.params,
            replicates=self.tuning_replicates,
            metric=metric.function,
            direction=metric.direction,
            files=tuple(content_digest(file) for file in plan.files),
            code=code_digest("tune_method.py", plan.generator, adapter, target, metric.function),
        ).to_json()

    def data_job(self, scenario: str, block: str) -> str:
        """What ``draw_data`` depends on besides its files."""
        plan = self.scenarios[scenario]
        return DrawJob(
            **self._cell(scenario),
            generator=plan.generator,
            params=plan.params,
            replicates=tuple(block_range(block)),
            files=tuple(content_digest(file) for file in plan.files),
            code=code_digest("draw_data.py", plan.generator),
        ).to_json()

    def fit_job(self, scenario: str, method: str) -> str:
        """What ``fit_method`` depends on besides the data."""
        code = code_digest("fit_method.py", self.study.adapter, self.methods[method].target)
        return FitJob(**self._cell(scenario), **self._fitted(method), code=code).to_json()

    def score_job(self, scenario: str) -> str:
        """What ``score_scenario`` depends on besides data and fits."""
        metrics = {name: metric.function for name, metric in self.metrics_of(scenario).items()}
        return ScoreJob(
            study=self.study.name,
            scenario=scenario,
            methods=tuple(self.methods_of(scenario)),
            metrics=metrics,
            code=code_digest("score_scenario.py", *metrics.values()),
        ).to_json()

    def collect_job(self) -> str:
        """What ``collect_scores`` depends on besides its files: the order of the scenarios."""
        tunings = ((scenario, method, tuple(self.tuned_together(method))) for scenario, method in self.tunings())
        code = code_digest("collect_scores.py")
        return CollectJob(scenarios=tuple(self.scenarios), tunings=tuple(tunings), code=code).to_json()

    def summary_job(self, report: Mapping[str, Any]) -> str:
        """What ``summarise_study`` depends on besides the tables."""
        claims = claims_of_run(self.study.name, [*self.methods.values(), *self.scenarios.values()])
        return SummaryJob(
            names=self.labels(),
            confidence_level=report["confidence_level"],
            bootstrap_samples=report["bootstrap_samples"],
            claims=tuple(claims),
            cells=self.cells_digest,
            benchmark=self.benchmark_table(),
            registered=bool(self.registered),
            code=code_digest("summarise_study.py"),
        ).to_json()

    def figure_job(self, report: Mapping[str, Any]) -> str:
        """What ``plot_study`` depends on besides the tables."""
        figures = {
            name: FigureCall(function=one.function, per=one.per, code=code_digest("plot_study.py", one.function))
            for name, one in self.study.figures.items()
        }
        code = code_digest("plot_study.py", *(figure.function for figure in figures.values()))
        formats = tuple(report["figure_formats"])
        return FigureJob(figures=figures, names=self.labels(), code=code, formats=formats).to_json()

    def benchmark_job(self) -> str:
        """What ``run_benchmark`` depends on: the cases and everything they measure."""
        return benchmark_job(self.study.name)

    def benchmark_table(self) -> BenchmarkTable | None:
        """The table of an earlier ``snakemake benchmark``, if there is one.

        It is no input of the report, which would then ask for it to be measured again after every edit; the
        report says instead when it was measured with other code.
        """
        path = Path(self.results, self.study.name, "benchmark.csv")
        if not path.is_file():
            return None
        return BenchmarkTable(path=path.as_posix(), content=content_digest(path), job=digest(self.benchmark_job()))

    def own_modules(self) -> list[str]:
        """What of the study's code and texts is the user's, as paths below the working directory."""
        folder, study = self._folder, self.study
        registered = (*study.generators.values(), *study.metrics.values(), *study.figures.values())
        found = own_files(
            f"{folder.package}.study",
            study.adapter,
            study_cases(study.name),
            *(entry.function for entry in registered),
            *(method.target for method in (*study.methods.values(), *self.methods.values())),
        )
        return [*found, *(folder.files() if folder.is_own else ())]

    def environment_file(self, method: str = "") -> str:
        """The conda environment of fits and benchmarks, which alone need heavy libraries: a method's own, or the
        study's.
        """
        if method and (own := self.methods[method].environment):
            return Path(own).absolute().as_posix()  # Snakemake takes what is relative as relative to the rules
        return self._folder.environment_file(self.study.environment)

    def labels(self) -> StudyLabels:
        """What tables and figures call things."""
        return StudyLabels(**label_fields(self))

    @cached_property
    def cells_digest(self) -> str:
        """Everything that the study's fits and scores depend on, in sixteen digits: are the tables of this config?"""
        data = [self.data_job(scenario, block) for scenario in self.scenarios for block in self.blocks]
        fits = [self.fit_job(scenario, method) for scenario in self.scenarios for method in self.methods_of(scenario)]
        tunings = [self.tuning_job(*pair) for pair in self.tunings()]
        return digest([data, fits, tunings, [self.score_job(scenario) for scenario in self.scenarios]])

    def resolved(self) -> dict[str, Any]:
        """Every scenario and method with all its parameters: the config without its presets and grids."""
        return {
            "scenarios": {
                name: {"generator": plan.generator, "params": plan.params} for name, plan in self.scenarios.items()
            },
            "methods": {name: plan.resolved() for name, plan in self.methods.items()},
        }

    def description(self) -> StudyDescription:
        """What the report says about the study: no figure depends on it."""
        return describe_study(self)

    @cached_property
    def _folder(self) -> StudyFolder:
        """Every job of the study asks for it."""
        return study_folder(self.study.name)

    def _cell(self, scenario: str) -> dict[str, Any]:
        return {"seed": self.seed, "study": self.study.name, "scenario": scenario}

    def _fitted(self, method: str) -> dict[str, Any]:
        """What a job that fits a method is told of it."""
        plan = self.methods[method]
        about = {"adapter": self.study.adapter, "target": plan.target, "params": plan.params, "limits": plan.limits}
        return {"method": method, **about, **plan.reads}


@dataclass(frozen=True)
class Plan:
    """The whole run."""

    config: Mapping[str, Any]
    studies: Mapping[str, StudyPlan]
    report: Mapping[str, Any]
    command: Mapping[str, Any] = field(default_factory=dict)  # what `snakemake verify` and `answer` are asked
    notes: tuple[str, ...] = ()  # lines to be shown to whoever runs it: what a config imports of its own

    @property
    def digest(self) -> str:
        """The config in sixteen digits: written into the report."""
        return digest(self.config)

    def archive_job(self, snakemake: str) -> str:
        """What ``archive`` depends on besides the results; ``snakemake`` is the version that ran."""
        scenarios = [scenario for plan in self.studies.values() for scenario in plan.scenarios.values()]
        methods = [method for plan in self.studies.values() for method in plan.methods.values()]
        environments = {method.environment for method in methods if method.environment}
        return ArchiveJob(
            config=self.config,
            snakemake=snakemake,
            title=self.report["title"],
            data_files=tuple(sorted({file for part in (*scenarios, *methods) for file in part.files} | environments)),
            modules=tuple(sorted({file for plan in self.studies.values() for file in plan.own_modules()})),
            code=code_digest("archive.py"),
        ).to_json()

    def verify_job(self, snakemake: list[str]) -> str:
        """What ``verify`` is asked for; ``snakemake`` is the command that starts it."""
        archive, cells = str(self.command["archive"]), int(self.command["cells"])
        return VerifyJob(archive=archive, cells=cells, command=tuple(snakemake)).to_json()

    def report_job(self) -> str:
        """What ``render_report`` depends on besides tables and figures."""
        page = Path(__file__).parents[2] / "report"
        parts = sorted(path for path in page.rglob("*") if path.suffix in (".j2", ".js", ".css", ".json"))
        texts = digest([path.read_text(encoding="utf-8") for path in parts])
        return ReportJob(
            config=self.config,
            config_digest=self.digest,
            resolved={name: plan.resolved() for name, plan in self.studies.items()},
            registered={name: plan.registered for name, plan in self.studies.items() if plan.registered},
            settings=ReportSettings(**{**self.report, "figure_formats": tuple(self.report["figure_formats"])}),
            studies=tuple(plan.description() for plan in self.studies.values()),
            benchmarks=tuple(found for plan in self.studies.values() if (found := plan.benchmark_table())),
            code=(code_digest("render_report.py"), texts),
        ).to_json()

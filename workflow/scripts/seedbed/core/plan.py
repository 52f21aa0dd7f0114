"""The experiment as a plan: every scenario and method with its parameters, and what each job gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .blocks import block_names, block_range
from .canonical import digest, to_json
from .claims_file import claims_of_run
from .code_digest import code_digest, own_files
from .files import content_digest
from .grid import expand_grid
from .study import Metric, Study

LIMITS = {"seconds": 60, "memory_mb": 2000}
COMMAND = {"archive": "", "cells": 2}
REPORT = {
    "title": "Seedbed: do the published claims hold?",
    "confidence_level": 0.95,
    "bootstrap_samples": 2000,
}


@dataclass(frozen=True)
class ScenarioPlan:
    """One scenario of one study; ``files`` are the user's files that it reads."""

    name: str
    generator: str
    params: Mapping[str, Any]
    label: str
    check: str | None = None
    files: tuple[str, ...] = ()
    task: str = ""
    tune_on: str = ""
    base: str = ""  # the registered scenario or generator that it is built on


@dataclass(frozen=True)
class MethodPlan:
    """One method of one study."""

    name: str
    target: str
    params: Mapping[str, Any]
    label: str
    role: str
    limits: Mapping[str, float]
    reference: str = ""
    task: str = ""
    tune: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    base: str = ""  # the registered method or the class that it is built on


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

    @property
    def blocks(self) -> list[str]:
        """Names of the blocks of replicates."""
        return block_names(self.replicates, self.replicates_per_job)

    def methods_of(self, scenario: str) -> list[str]:
        """The methods that do what the scenario asks for."""
        task = self.scenarios[scenario].task
        return [plan.name for plan in self.methods.values() if plan.task in ("", task)]

    def metrics_of(self, scenario: str) -> dict[str, Metric]:
        """The metrics of the scenario's task, the main one first."""
        task = self.scenarios[scenario].task
        return {name: metric for name, metric in self.study.metrics.items() if metric.task in ("", task)}

    def tuned_on(self, scenario: str, method: str) -> str | None:
        """The scenario that a method is tuned on before it is fitted to this one, if it is tuned at all."""
        return (self.scenarios[scenario].tune_on or None) if self.methods[method].tune else None

    def tunings(self) -> list[tuple[str, str]]:
        """Every pair (scenario to tune on, method) that some fit needs."""
        pairs = ((self.tuned_on(name, method), method) for name in self.scenarios for method in self.methods_of(name))
        return list(dict.fromkeys((scenario, method) for scenario, method in pairs if scenario))

    def tuning_fits(self, method: str) -> int:
        """How many fits the tuning of a method takes."""
        return self.tuning_replicates * len([*expand_grid(self.methods[method].tune)])

    def tuning_job(self, scenario: str, method: str) -> str:
        """What ``tune_method`` depends on: it draws its own data."""
        plan, chosen = self.tuning_scenarios[scenario], self.methods[method]
        metric = next(metric for metric in self.study.metrics.values() if metric.task in ("", plan.task))
        spec = {"adapter": self.study.adapter, "target": chosen.target, "params": chosen.params}
        spec |= {"generator": plan.generator, "scenario_params": plan.params, "replicates": self.tuning_replicates}
        spec |= {"metric": metric.function, "direction": metric.direction, "limits": chosen.limits}
        spec["files"] = [content_digest(file) for file in plan.files]
        spec |= self._cell(scenario) | {"method": method, "candidates": [c for _, c in expand_grid(chosen.tune)]}
        return self._job("tune_method", plan.generator, spec["adapter"], chosen.target, metric.function, **spec)

    def data_job(self, scenario: str, block: str) -> str:
        """What ``draw_data`` depends on besides its files."""
        plan = self.scenarios[scenario]
        spec = {"generator": plan.generator, "params": plan.params, "replicates": list(block_range(block))}
        spec["files"] = [content_digest(file) for file in plan.files]
        return self._job("draw_data", plan.generator, **self._cell(scenario), **spec)

    def fit_job(self, scenario: str, method: str) -> str:
        """What ``fit_method`` depends on besides the data."""
        plan, adapter = self.methods[method], self.study.adapter
        spec = {"adapter": adapter, "target": plan.target, "params": plan.params, "limits": plan.limits}
        return self._job("fit_method", adapter, plan.target, **self._cell(scenario), method=method, **spec)

    def score_job(self, scenario: str) -> str:
        """What ``score_scenario`` depends on besides data and fits."""
        metrics = {name: metric.function for name, metric in self.metrics_of(scenario).items()}
        spec = {"study": self.study.name, "scenario": scenario, "methods": self.methods_of(scenario)}
        return self._job("score_scenario", *metrics.values(), **spec, metrics=metrics)

    def collect_job(self) -> str:
        """What ``collect_scores`` depends on besides its files: the order of the scenarios."""
        return self._job("collect_scores", scenarios=list(self.scenarios), tunings=self.tunings())

    def summary_job(self, report: Mapping[str, Any]) -> str:
        """What ``summarise_study`` depends on besides the tables."""
        settings = {key: report[key] for key in ("confidence_level", "bootstrap_samples")}
        return self._job(
            "summarise_study",
            names=self.names(),
            cells=self.cells_digest(),
            claims=claims_of_run(self.study.name, [*self.methods.values(), *self.scenarios.values()]),
            benchmark=self.benchmark_table(),
            **settings,
        )

    def figure_job(self) -> str:
        """What ``plot_study`` depends on besides the tables."""
        figures = {
            name: {"function": figure.function, "per": figure.per} for name, figure in self.study.figures.items()
        }
        functions = [figure["function"] for figure in figures.values()]
        return self._job("plot_study", *functions, figures=figures, names=self.names())

    def benchmark_job(self) -> str:
        """What ``run_benchmark`` depends on: the cases and everything they measure."""
        cases = f"seedbed.{self.study.name}.benchmarks:CASES"
        return self._job("run_benchmark", cases, study=self.study.name, cases=cases)

    def benchmark_table(self) -> dict[str, str] | None:
        """The table of an earlier ``snakemake benchmark``, if there is one.

        It is no input of the report, which would then ask for it to be measured again after every edit; the
        report says instead when it was measured with other code.
        """
        path = Path("results", self.study.name, "benchmark.csv")
        if not path.exists():
            return None
        return {"path": path.as_posix(), "content": content_digest(path), "job": digest(self.benchmark_job())}

    def names(self) -> dict[str, Any]:
        """What tables and figures call things: ids with labels and roles, in the config's order."""
        return {
            "study": self.study.name,
            "replicates": self.replicates,
            "scenarios": [
                {
                    "name": name,
                    "label": plan.label,
                    "generator": plan.generator,
                    "params": plan.params,
                    "methods": self.methods_of(name),
                    "metrics": [*self.metrics_of(name)],
                }
                for name, plan in self.scenarios.items()
            ],
            "methods": {
                name: {"label": plan.label, "role": plan.role, "reference": plan.reference}
                for name, plan in self.methods.items()
            },
            "registered": [[name, method.role] for name, method in self.study.methods.items()],
            "metrics": {
                name: {
                    "label": metric.label,
                    "direction": metric.direction,
                    "unit": metric.unit,
                    "log_floor": metric.log_floor,
                }
                for name, metric in self.study.metrics.items()
            },
        }

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
            "methods": {
                name: {"target": plan.target, "params": plan.params, "limits": plan.limits, "tune": plan.tune}
                for name, plan in self.methods.items()
            },
        }

    def description(self) -> dict[str, Any]:
        """What the report says about the study, on top of its names: no figure depends on it."""
        study = self.study
        return {
            **{key: getattr(study, key) for key in ("title", "question", "method", "formula", "bibtex", "environment")},
            "references": list(study.references),
            "figures": [
                {"name": name, **{key: getattr(figure, key) for key in ("title", "per", "kind", "caption")}}
                for name, figure in study.figures.items()
            ],
        }

    @staticmethod
    def _job(script: str, *targets: str, **spec: Any) -> str:
        """The canonical text that a rule passes to its script; ``code`` is there to be compared."""
        return to_json({**spec, "code": code_digest(f"{script}.py", *targets)})

    def _cell(self, scenario: str) -> dict[str, Any]:
        return {"seed": self.seed, "study": self.study.name, "scenario": scenario}


@dataclass(frozen=True)
class Plan:
    """The whole run."""

    config: Mapping[str, Any]
    studies: Mapping[str, StudyPlan]
    report: Mapping[str, Any]
    command: Mapping[str, Any] = field(default_factory=dict)  # what is asked of `snakemake verify`

    @property
    def digest(self) -> str:
        """The config in sixteen digits: written into the report."""
        return digest(self.config)

    def archive_job(self, snakemake: str) -> str:
        """What ``archive`` depends on besides the results; ``snakemake`` is the version that ran."""
        scenarios = [scenario for plan in self.studies.values() for scenario in plan.scenarios.values()]
        targets = [method.target for plan in self.studies.values() for method in plan.methods.values()]
        spec = {
            "config": self.config,
            "snakemake": snakemake,
            "title": self.report["title"],
            "data_files": sorted({file for scenario in scenarios for file in scenario.files}),
            "modules": own_files(*targets),
            "code": code_digest("archive.py"),
        }
        return to_json(spec)

    def verify_job(self, snakemake: list[str]) -> str:
        """What ``verify`` is asked for; ``snakemake`` is the command that starts it."""
        return to_json({**self.command, "command": snakemake})

    def report_job(self) -> str:
        """What ``render_report`` depends on besides tables and figures."""
        page = Path(__file__).parents[1] / "report"
        parts = sorted(path for folder in ("templates", "assets") for path in (page / folder).iterdir())
        spec = {
            "config": self.config,
            "config_digest": self.digest,
            "resolved": {name: plan.resolved() for name, plan in self.studies.items()},
            "settings": self.report,
            "studies": [
                plan.names() | plan.description() | {"cells": plan.cells_digest()} for plan in self.studies.values()
            ],
            "benchmarks": [found for plan in self.studies.values() if (found := plan.benchmark_table())],
            "code": [code_digest("render_report.py"), digest([path.read_text(encoding="utf-8") for path in parts])],
        }
        return to_json(spec)

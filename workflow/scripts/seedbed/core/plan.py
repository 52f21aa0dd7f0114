"""The experiment as a plan: every scenario and method with its parameters, and what each job gets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .blocks import block_names, block_range
from .canonical import digest, to_json
from .code_digest import code_digest
from .study import Method, Scenario, Study, load_claims

LIMITS = {"seconds": 60, "memory_mb": 2000}
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


@dataclass(frozen=True)
class StudyPlan:
    """One study: what it is, and which part of it the config asks for."""

    study: Study
    seed: int
    replicates: int
    replicates_per_job: int
    scenarios: Mapping[str, ScenarioPlan]
    methods: Mapping[str, MethodPlan]

    @property
    def blocks(self) -> list[str]:
        """Names of the blocks of replicates."""
        return block_names(self.replicates, self.replicates_per_job)

    def data_job(self, scenario: str, block: str) -> str:
        """What ``draw_data`` depends on besides its files."""
        plan = self.scenarios[scenario]
        spec = {"generator": plan.generator, "params": plan.params, "replicates": list(block_range(block))}
        return self._job("draw_data", plan.generator, **self._cell(scenario), **spec)

    def fit_job(self, scenario: str, method: str) -> str:
        """What ``fit_method`` depends on besides the data."""
        plan, adapter = self.methods[method], self.study.adapter
        spec = {"adapter": adapter, "target": plan.target, "params": plan.params, "limits": plan.limits}
        return self._job("fit_method", adapter, plan.target, **self._cell(scenario), method=method, **spec)

    def score_job(self, scenario: str) -> str:
        """What ``score_scenario`` depends on besides data and fits."""
        metrics = {name: metric.function for name, metric in self.study.metrics.items()}
        spec = {
            "study": self.study.name,
            "scenario": scenario,
            "methods": list(self.methods),
            "metrics": metrics,
        }
        return self._job("score_scenario", *metrics.values(), **spec)

    def collect_job(self) -> str:
        """What ``collect_scores`` depends on besides its files: the order of the scenarios."""
        return self._job("collect_scores", scenarios=list(self.scenarios))

    def summary_job(self, report: Mapping[str, Any]) -> str:
        """What ``summarise_study`` depends on besides the tables."""
        ours = [plan.name for plan in self.methods.values() if plan.role == "ours"]
        settings = {key: report[key] for key in ("confidence_level", "bootstrap_samples")}
        return self._job(
            "summarise_study",
            ours=ours,
            methods=list(self.methods),
            claims=load_claims(self.study.name),
            **settings,
        )

    def figure_job(self) -> str:
        """What ``plot_study`` depends on besides the tables."""
        figures = {
            name: {"function": figure.function, "per": figure.per, "title": figure.title}
            for name, figure in self.study.figures.items()
        }
        functions = [figure["function"] for figure in figures.values()]
        return self._job("plot_study", *functions, figures=figures, names=self.names())

    def benchmark_job(self) -> str:
        """What ``run_benchmark`` depends on: the cases and everything they measure."""
        cases = f"seedbed.{self.study.name}.benchmarks:CASES"
        return self._job("run_benchmark", cases, study=self.study.name, cases=cases)

    def names(self) -> dict[str, Any]:
        """What tables and figures call things: ids with labels and roles, in the config's order."""
        return {
            "study": self.study.name,
            "title": self.study.title,
            "question": self.study.question,
            "references": list(self.study.references),
            "main_metric": self.study.main_metric,
            "replicates": self.replicates,
            "scenarios": [[plan.name, plan.label] for plan in self.scenarios.values()],
            "methods": [[plan.name, plan.label, plan.role, plan.reference] for plan in self.methods.values()],
            "metrics": [[key, m.label, m.direction, m.unit] for key, m in self.study.metrics.items()],
        }

    def figure_names(self) -> list[str]:
        """Figure files without suffix: one per scenario, or one per study."""
        return [name for key, figure in self.study.figures.items() for name in self._drawn(key, figure.per)]

    def _drawn(self, figure: str, per: str) -> list[str]:
        return [f"{figure}.{scenario}" for scenario in self.scenarios] if per == "scenario" else [figure]

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

    @property
    def digest(self) -> str:
        """The config in sixteen digits: written into the report."""
        return digest(self.config)

    def report_job(self) -> str:
        """What ``render_report`` depends on besides tables and figures."""
        template = Path(__file__).parents[1] / "report" / "report.html.j2"
        spec = {
            "config": self.config,
            "config_digest": self.digest,
            "settings": self.report,
            "studies": [plan.names() | {"figures": plan.figure_names()} for plan in self.studies.values()],
            "code": [code_digest("render_report.py"), digest(template.read_text(encoding="utf-8"))],
        }
        return to_json(spec)


def expand_scenarios(study: Study, entries: Mapping[str, Any]) -> dict[str, ScenarioPlan]:
    """Registered presets and the user's own, with every grid expanded."""
    plans = {}
    for name, entry in entries.items():
        entry = entry or {}
        base = entry.get("scenario", name)
        preset = study.scenarios.get(base) or Scenario(base)
        generator = study.generators[preset.generator]
        for suffix, chosen in expand_grid(entry.get("grid", {})):
            params = {**preset.params, **entry.get("params", {}), **chosen}
            plans[name + suffix] = ScenarioPlan(
                name=name + suffix,
                generator=generator.function,
                params=params,
                label=_label(name, entry, preset.label if base == name else "", chosen),
                check=generator.check,
                files=tuple(str(params[key]) for key in generator.files if params.get(key)),
            )
    return plans


def expand_methods(study: Study, entries: Mapping[str, Any], limits: Mapping[str, float]) -> dict[str, MethodPlan]:
    """Registered methods and the user's own classes, with every grid expanded."""
    plans = {}
    for name, entry in entries.items():
        entry = entry or {}
        base = entry.get("method", name)
        registered = study.methods.get(base) or Method(base)
        for suffix, chosen in expand_grid(entry.get("grid", {})):
            plans[name + suffix] = MethodPlan(
                name=name + suffix,
                target=registered.target,
                params={**registered.params, **entry.get("params", {}), **chosen},
                label=_label(name, entry, registered.label if base == name else "", chosen),
                role=entry.get("role", registered.role),
                limits={**limits, **entry.get("limits", {})},
                reference=registered.reference,
            )
    return plans


def _label(name: str, entry: Mapping[str, Any], registered: str, chosen: Mapping[str, Any]) -> str:
    """The user's label, the registered one or the name, with the settings that it does not speak of."""
    shown = chosen if "label" in entry else {**entry.get("params", {}), **chosen}
    settings = ", ".join(f"{key} = {value}" for key, value in shown.items())
    return (entry.get("label") or registered or name) + (f" ({settings})" if settings else "")


def expand_grid(grid: Mapping[str, list]) -> Iterator[tuple[str, dict[str, Any]]]:
    """``(suffix of the id, parameters)`` for every combination of values.

    >>> list(expand_grid({"dim": [1, 2]}))
    [('~dim=1', {'dim': 1}), ('~dim=2', {'dim': 2})]
    """
    names = sorted(grid)
    for values in itertools.product(*(grid[name] for name in names)):
        pairs = list(zip(names, values, strict=True))
        suffix = ",".join(f"{name}={file_text(value)}" for name, value in pairs)
        yield (f"~{suffix}" if pairs else ""), dict(pairs)


def file_text(value: Any) -> str:
    """A value as a part of a file name: numbers and plain words as they are, anything else as a digest."""
    text = to_json(value) if not isinstance(value, str) else value
    plain = text.replace("[", "").replace("]", "").replace(",", "-")
    safe = plain and len(plain) <= 40 and all(ch.isascii() and (ch.isalnum() or ch in "._+-") for ch in plain)
    return plain if safe and not (isinstance(value, float) and not math.isfinite(value)) else digest(value)

"""``docs/studies``: every scenario, method, metric and claim of each study, generated from its ``study.py``.

``make pages`` runs ``python -m seedbed.core.commands.study_manual docs/studies``; a test keeps pages and studies in
step.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from seedbed.core.files import atomic_path
from seedbed.core.judging.claim_tests import read_test
from seedbed.core.labels import MethodLabel
from seedbed.core.planning.entry_plans import MethodPlan
from seedbed.core.planning.expand import expand_methods, expand_scenarios
from seedbed.core.records import taken
from seedbed.core.study import Generator, Metric, Study, load_claims, load_study, load_target
from seedbed.core.study_folders import study_folders

_HEAD = """\
# {title}

Generated from `workflow/scripts/seedbed/studies/{name}/`: change its `study.py`, then `make pages`. All that stands
here may be named in a config, under `studies: {{{name}: ...}}` ([how](../usage.md#the-config))."""
_INDEX = """\
# The studies

Generated from `workflow/scripts/seedbed/studies/`; `make pages` does it. Each page lists every scenario, method, metric
and claim of a study.

| study | about | scenarios | methods | claims |
|---|---|---|---|---|"""
_ENTRIES = (
    "`name: {}` runs one as it is; `name: {params: {...}}` changes parameters of its generator, and `grid` runs one "
    "for every combination of values."
)
_WHEN = {"before results": "test fixed before results", "after results": "test written after results"}


def study_manuals() -> dict[str, str]:
    """File name -> text of every page, for the studies of the package."""
    studies = [load_study(folder.name) for folder in study_folders() if not folder.is_own]
    return {"README.md": _index(studies)} | {f"{study.name}.md": study_manual(study) for study in studies}


def study_manual(study: Study) -> str:
    """The page of one study."""
    parts = [_HEAD.format(title=study.title, name=study.name), _paragraphs(study.question), *_method(study)]
    parts += ["## Scenarios", _ENTRIES, *_scenarios(study), "## Generators", *_generators(study)]
    parts += ["## Methods", *_methods(study), "## Metrics", *_metrics(study)]
    parts += ["## Figures", _list(f"{figure.title}. {figure.caption}".strip() for figure in study.figures.values())]
    parts += ["## Claims", _list(_claims(study)), "## References", _list(study.references)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _index(studies: Iterable[Study]) -> str:
    rows = [
        _row(
            f"[{study.name}]({study.name}.md)",
            study.title,
            len(study.scenarios),
            len(study.methods),
            len(load_claims(study.name)),
        )
        for study in studies
    ]
    return "\n".join([_INDEX, *rows]) + "\n"


def _method(study: Study) -> Iterator[str]:
    if study.method:
        yield "## The method"
        yield _paragraphs(study.method)
    yield from (f"$$\n{line}\n$$" for line in study.formula.splitlines() if line.strip())


def _by_task(entries: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Heading and members of every task, in the order of the study; without tasks there is no heading."""
    for task in dict.fromkeys(entry.task for entry in entries.values()):
        members = {name: entry for name, entry in entries.items() if entry.task == task}
        yield f"### Task {task}" if task else "", members


def _scenarios(study: Study) -> Iterator[str]:
    for heading, plans in _by_task(expand_scenarios(study, dict.fromkeys(study.scenarios))):
        yield heading
        rows = [
            _row(f"`{name}`", plan.label, f"`{study.scenarios[name].generator}`{_settings(plan.params)}")
            for name, plan in plans.items()
        ]
        yield _table(("scenario", "data", "generator and parameters"), rows)


def _generators(study: Study) -> Iterator[str]:
    for heading, generators in _by_task(study.generators):
        yield heading
        yield _list(_generator(name, generator) for name, generator in generators.items())


def _generator(name: str, generator: Generator) -> str:
    target = load_target(generator.function)
    summary = _prose((inspect.getdoc(target) or "").partition("\n\n")[0])
    fields = [field for field in inspect.signature(target).parameters.values() if field.kind is field.KEYWORD_ONLY]
    shown = ", ".join(
        f"`{field.name}` (needed)" if field.default is field.empty else f"`{field.name}` = {_value(field.default)}"
        for field in fields
    )
    yours = " Reads files of yours." if generator.files else ""
    return f"**`{name}`**: {summary}{yours}\n  Parameters: {shown or 'none'}."


def _methods(study: Study) -> Iterator[str]:
    for heading, plans in _by_task(_plans(study)):
        yield heading
        rows = [
            _row(f"`{name}`", plan.label, _role(plan), _settings({**plan.params, **_tuned(plan)}), plan.reference)
            for name, plan in plans.items()
        ]
        yield _table(("method", "what", "is", "parameters", "source"), rows)


def _plans(study: Study) -> dict[str, MethodPlan]:
    """All methods of a study as a config without settings has them."""
    return expand_methods(study, dict.fromkeys(study.methods), {})


def _role(plan: MethodPlan) -> str:
    return taken(MethodLabel, plan, tuning_fits=0).what_it_is


def _tuned(plan: MethodPlan) -> dict[str, str]:
    return {f"{name}, tuned": " or ".join(map(str, values)) for name, values in plan.tune.items()}


def _metrics(study: Study) -> Iterator[str]:
    for heading, metrics in _by_task(study.metrics):
        yield heading
        rows = [_metric(name, metric) for name, metric in metrics.items()]
        yield _table(("metric", "what", "better", "unit"), rows)


def _metric(name: str, metric: Metric) -> str:
    better = "–" if metric.direction == "none" else metric.direction
    span = f" from {metric.bounds[0]:g} to {metric.bounds[1]:g}" if metric.bounds else ""
    return _row(f"`{name}`", metric.label, better, f"{metric.unit}{span}".strip())


class _Words:
    """What a claim's test calls things: names in the study's own words, where it has some."""

    def __init__(self, study: Study) -> None:
        self._labels = {name: plan.label for name, plan in _plans(study).items()}
        self._metrics = study.metrics

    def method(self, name: str) -> str:
        return self._labels.get(name, name)

    def metric(self, name: str) -> str:
        return self._metrics[name].label if name in self._metrics else name

    def number(self, value: float) -> str:
        return f"{value:g}"


def _claims(study: Study) -> Iterator[str]:
    words = _Words(study)
    for claim in load_claims(study.name):
        whose = "the paper's" if claim["origin"] == "paper" else "ours"
        if "test" in claim:
            test = f"Test: {read_test(claim['test']).in_words(words)}; {_WHEN[claim['written']]}."
        else:
            test = f"Not tested: {claim['not_tested'].rstrip('.')}."
        yield f"**`{claim['id']}`** ({whose}) {claim['statement']}\n  Source: {claim['source']}. {test}"


def _settings(params: Mapping[str, Any]) -> str:
    shown = ", ".join(f"{name} = {_value(value)}" for name, value in params.items())
    return f" {shown}" if shown else ""


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _prose(text: str) -> str:
    """The first paragraph of a docstring as Markdown: roles become formulas and code."""
    text = " ".join(text.split())
    text = re.sub(r":math:`([^`]*)`", r"$\1$", text)
    return re.sub(r":\w+:`~?\.?([^`]*)`", r"`\1`", text).replace("``", "`")


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _table(head: tuple[str, ...], rows: list[str]) -> str:
    return "\n".join([_row(*head), "|" + "---|" * len(head), *rows])


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).strip().replace("|", r"\|") for cell in cells) + " |"


def main(folder: str) -> int:
    """Write every page."""
    for name, text in study_manuals().items():
        with atomic_path(Path(folder, name)) as path:
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

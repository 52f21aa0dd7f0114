"""What was understood of the user's own files: a line per scenario, for the terminal and the report."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from seedbed.core.messages import one_line
from seedbed.core.recall.findings import found
from seedbed.core.study import load_target

if TYPE_CHECKING:
    from .plan import StudyPlan

_SHOWN = 12  # scenarios that the terminal shows; the report shows all


def what_was_understood(describe: str, params: Mapping[str, Any], state: Callable[[], Any] = list) -> str:
    """The line of one scenario, empty where its generator does not say; where the file is gone by now, that.

    A plan gives the ``state`` of the scenario, which says when it need not be asked again.
    """
    try:
        parts = found("understood", state, lambda: [one_line(part) for part in _parts(load_target(describe), params)])
    except Exception as error:  # whatever became of the file since it was checked
        return one_line(f"cannot be described now: {type(error).__name__}: {error}")
    return "; ".join(parts) + "." if parts else ""


def _parts(asked: Callable, params: Mapping[str, Any]) -> Iterable[str]:
    """Of a generator's class, its ``understood()``; or what the function beside a generator says."""
    if not inspect.isclass(asked):
        return asked(**params)
    generator: Any = asked(**params)
    return generator.understood() if hasattr(generator, "understood") else ()


def understood_lines(plans: Mapping[str, StudyPlan]) -> Iterator[str]:
    """One line per scenario of the plans of all studies that reads the user's files."""
    mine = [
        (f"{study.study.name}/{name}", scenario, scenario.describe)
        for study in plans.values()
        for name, scenario in study.scenarios.items()
        if scenario.describe
    ]
    for name, scenario, describe in mine[:_SHOWN]:
        if said := what_was_understood(describe, scenario.params, scenario.state):
            yield f"{name}: {', '.join(scenario.files)}: {said}"
    if len(mine) > _SHOWN:
        yield f"... and {len(mine) - _SHOWN} more scenarios on own files; the report says what was understood of each"

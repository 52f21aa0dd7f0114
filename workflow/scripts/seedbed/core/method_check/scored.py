"""The answer of a fit as the study sees it: its metrics, beside those of control and oracle, and its own remarks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from seedbed.core.messages import describe
from seedbed.core.study import load_target

from .lines import MEND, NOTE, OK, Line
from .trials import Trials


def score_lines(trials: Trials, scenario: str) -> Iterator[Line]:
    """The main metric beside those of the references, metrics that raise, and what the study has to remark.

    ``Study.remarks`` names ``remarks(data, fit) -> list of texts``, for what is allowed and odd.
    """
    plan, data = trials.asked.plan, trials.data(scenario)
    result = trials.fit(scenario).value["result"]
    found = {name: trials.reference(scenario, name) for name in trials.asked.references(scenario)}
    for number, metric in enumerate(plan.metrics_of(scenario).values()):
        function = load_target(metric.function)
        try:
            value = float(function(data, result))
            if number:
                continue
            ends = {plan.methods[name].label: function(data, one) for name, one in found.items() if one is not None}
        except Exception as error:
            yield MEND, "answer", f"{scenario}: {metric.label}: {describe(error)}"
            continue
        beside = ", ".join(f"{label}: {float(end):.3g}" for label, end in ends.items())
        text = f"{scenario}: {metric.label} {value:.3g}{f' ({beside})' if beside else ''}"
        yield OK if np.isfinite(value) else MEND, "answer", text
    for text in load_target(plan.study.remarks)(data, result) if plan.study.remarks else ():
        yield NOTE, "answer", f"{scenario}: {text}"

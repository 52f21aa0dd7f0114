"""What is looked at, one thing after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from seedbed.core.errors import printable

from .asked import read_request
from .lines import MEND, NOTE, OK, Line, cost_lines, determinism, file_lines, fit_lines, hard_case, signature_lines
from .scored import score_lines
from .trials import LOG, Trials

_PATIENCE = 60.0  # seconds, after which hard cases are left out


def check_method(method: str, study: str, say: Callable[[str], object]) -> int:
    """Check a class, say line by line what was seen, and return the exit status: 1 if something is to be mended.

    Parameters
    ----------
    method : str
        ``module:Class``, or the name of a registered method.
    study : str
        Its name.
    say : callable
        Takes a line of text.

    Raises
    ------
    UserError
        If there is no such class or study, or if the class is none that the study could fit.
    """
    start = time.monotonic()
    asked = read_request(method, study)
    say(f"{method} as a method of the study {study}, from {asked.file}")
    if asked.source:
        say(f"(with the parameters, names, files and limits that config.yaml gives to '{asked.source}')")
    counts = {OK: 0, NOTE: 0, MEND: 0}
    with Trials(asked) as trials:
        for kind, title, text in _lines(trials, start):
            counts[kind] += 1
            say(printable(f"  {kind:<5} {title:<12} {text}"))
    if counts[MEND]:
        say(f"{counts[MEND]} to mend, {counts[NOTE]} to know. What the class printed: {LOG}")
    else:
        entry = "" if asked.source or ":" not in method else f'. In config.yaml: mine: {{method: "{method}"}}'
        say(f"Nothing to mend, {counts[NOTE]} to know{entry}")
    return int(counts[MEND] > 0)


def _lines(trials: Trials, start: float) -> Iterator[Line]:
    parameters = trials.parameters()
    if trials.host.failure is None:
        yield from signature_lines(trials.asked, parameters)
    answered = []
    for scenario in trials.asked.scenarios:
        outcome = trials.fit(scenario)
        yield from fit_lines(scenario, outcome, trials.place())
        if trials.host.failure is not None:
            return
        if outcome.value:
            answered.append(scenario)
            yield from score_lines(trials, scenario)
            yield determinism(trials, scenario)
    if not answered:
        yield MEND, "answer", "no scenario was answered, and nothing else can be said"
        return
    first = trials.fit(answered[0])
    yield from file_lines(trials.asked, first.value)
    yield from cost_lines(first.value)
    yield from _hard_cases(trials, answered[0], start)


def _hard_cases(trials: Trials, scenario: str, start: float) -> Iterator[Line]:
    """Answers and refusals are both well; crashes and hangs are not."""
    answered, titles = [], trials.titles(scenario)
    for number, title in enumerate(titles):
        if time.monotonic() - start > _PATIENCE:
            yield NOTE, "hard cases", f"left out after a minute: {', '.join(titles[number:])}"
            break
        outcome = trials.fit(scenario, title)
        if outcome.value:
            answered.append(title)
        else:
            yield hard_case(title, outcome, trials.place())
    if answered:
        yield OK, "hard cases", f"answered: {', '.join(answered)}"
    elif not titles:
        yield OK, "hard cases", "none are known for such data"

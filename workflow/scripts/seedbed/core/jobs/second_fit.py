"""Does a method give the same twice? Asked of classes that we did not write, once per scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from seedbed.core.isolation.call_outcome import Outcome
from seedbed.core.messages import one_line
from seedbed.core.statuses import NOT_REPRODUCIBLE, USABLE


class Runs(Protocol):
    """A :class:`~seedbed.core.isolation.host.Host`, or what runs tasks like one."""

    def run(self, task: int) -> Outcome:
        """The outcome of one task."""
        ...


def compare_with_another(outcome: Outcome, host: Runs, replicate: int, ignored: str) -> Outcome:
    """The outcome, whose message says so if another fit with the same seed to the same data comes out differently.

    Parameters
    ----------
    outcome : Outcome
        Of the first fit.
    ignored : str
        The array that may differ: a measure of time.
    """
    if outcome.status not in USABLE:
        return outcome
    again = host.run(replicate)
    if again.status not in USABLE:
        what = f"another fit with the same seed ended as {again.status}: {again.message}"
    else:
        names = sorted(({*outcome.value} | {*again.value}) - {ignored})
        differing = [name for name in names if not _same(outcome.value.get(name), again.value.get(name))]
        what = f"two fits with the same seed differ in {', '.join(differing)}" if differing else ""
    if not what:
        return outcome
    return replace(outcome, message=one_line(f"{NOT_REPRODUCIBLE}: {what}. {outcome.message}"))


def _same(one: Any, other: Any) -> bool:
    """To the last bit, so that what is not a number equals itself."""
    one, other = np.asarray(one), np.asarray(other)
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())

"""One call in a child process: a crash, a hang or a memory hog costs one row and nothing else.

The child is forked from a parent that has already imported what is called, so isolation costs milliseconds, not an
import. A class of a stranger's is imported in a :class:`~seedbed.core.isolation.host.Host`, not here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from .call_outcome import Outcome
from .child import live
from .processes import Family, resident_mb
from .supervision import PATIENCE, Watch, kill_group


def run_isolated(
    function: Callable[[], Any], *, seconds: float, memory_mb: float, patience: float = PATIENCE
) -> Outcome:
    """Call ``function`` in a forked child under limits.

    Parameters
    ----------
    function : callable
        Takes nothing; its result is made of numbers, text, arrays, and lists and dicts of these.
    seconds : float
        Limit on the CPU time of the child and its descendants, and the ceiling on the clock; beyond it the
        outcome is ``timeout``.
    memory_mb : float
        MiB that they may use above what the parent holds; beyond it ``out_of_memory``.
    patience : float
        The ceiling on the clock, in multiples of ``seconds``.

    Returns
    -------
    Outcome
        ``not_converged`` carries the value: a ``ConvergenceWarning`` was raised on the way.
    """
    family = Family()
    try:
        return fork_and_watch(function, family, seconds=seconds, memory_mb=memory_mb, patience=patience)[0]
    finally:
        family.close()


def fork_and_watch(
    function: Callable[[], Any],
    family: Family,
    *,
    seconds: float,
    memory_mb: float,
    patience: float = PATIENCE,
    afterwards: Callable[[], None] | None = None,
) -> tuple[Outcome, int | None]:
    """The outcome, and the child if it lives on to do ``afterwards``."""
    reader, writer = os.pipe()
    _flush()
    baseline = resident_mb("self")
    child = os.fork()
    if child == 0:
        os.close(reader)
        live(function, writer, memory_mb, afterwards)  # never returns
    os.close(writer)
    family.start()
    watch = Watch(child, family, seconds, memory_mb, baseline, patience)
    kept: Outcome | None = None  # of a child that lives on
    try:
        answer = watch.answer(reader)
        if afterwards is not None and watch.stopped is None:
            outcome = watch.outcome(answer, 0)
            kept = outcome if outcome.status in ("ok", "not_converged") else None
    finally:
        os.close(reader)
        if kept is None:
            kill_group(child)
            _, code = os.waitpid(child, 0)
    return (watch.outcome(answer, code), None) if kept is None else (kept, child)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()

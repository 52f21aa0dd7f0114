"""What the jobs of a study call: loaded by its server once, not by each of its forks.

The adapter, generators, metrics and methods, with what these load when they are first used: numba alone is a quarter of
a second of CPU time, in every job. As far as they are ours: what the module of a stranger does to the process that
imports it must end with a fork.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

import seedbed
from seedbed.core.method_class import prepare_for
from seedbed.core.study import Study, load_target

_PACKAGE = f"{seedbed.__name__}."


def load_what_jobs_call(study: Study) -> None:
    """What cannot be loaded here is left to the job that asks for it, which will say why."""
    calls = *study.generators.values(), *study.metrics.values()
    for target in _ours(call.function for call in calls):
        with contextlib.suppress(Exception):
            load_target(target)
    for adapter in _ours([study.adapter]):
        for target in _ours(method.target for method in study.methods.values()):
            with contextlib.suppress(Exception):
                prepare_for(load_target(adapter), load_target(target))


def _ours(targets: Iterable[str]) -> list[str]:
    """Each once."""
    return [target for target in dict.fromkeys(targets) if target.startswith(_PACKAGE)]

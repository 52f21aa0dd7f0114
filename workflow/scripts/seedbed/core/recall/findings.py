"""What a plan found out about code and config, kept for the next one.

To plan is to read the imports of hundreds of modules, to hold every parameter against the signature of its class, every
study against its sources: seconds of each start, libraries among them that are imported for their signatures alone. All
of it follows from texts, and is the same while these are. It is therefore kept by the digest of everything that it
depends on: what changes, a signature, a parameter, a version, a check itself, makes another digest and is looked at.

Only the process that plans a run asks for it (:func:`recall_findings`); elsewhere everything is found out anew. It lies
where :mod:`seedbed.core.recall.user_cache` keeps things: no folder that somebody passes on has a say in it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from seedbed.core.canonical import digest
from seedbed.core.recall.user_cache import find_text, keep_text

T = TypeVar("T")
_NAME = "findings"
_MOST = 20_000  # findings that are kept, those asked for last before others: a run of all studies has a thousand


@dataclass
class _Findings:
    """What is known, and what of it this process has asked for."""

    known: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)


_recalled: list[_Findings] = []  # one, or none


def recall_findings() -> None:
    """From now on this process does not look again at what an earlier one has found; the workflow calls it."""
    text = find_text(_NAME)
    _recalled[:] = [_Findings(json.loads(text) if text else {})]


def keep_findings() -> None:
    """Keep what was found for the next run, if anything is new."""
    for findings in _recalled:
        if findings.asked.keys() - findings.known.keys():
            findings.known = dict(islice((findings.asked | findings.known).items(), _MOST))
            keep_text(_NAME, json.dumps(findings.known))


def found(
    kind: str, given: Callable[[], Any], find: Callable[[], T], keep: Callable[[T], bool] = lambda value: True
) -> T:
    """What ``find`` returns, without calling it where that is known.

    Parameters
    ----------
    kind : str
        What is found.
    given : callable
        Returns everything that it depends on, as JSON can hold it: digests of code, parameters, digests of files. It
        is called only where findings are recalled.
    find : callable
        Returns what JSON gives back as it was: lists, and no tuples.
    keep : callable
        Whether what was found is worth keeping.
    """
    if not _recalled:
        return find()
    [findings], key = _recalled, digest([kind, sys.version, given()])
    if key in findings.asked:
        return findings.asked[key]
    value = findings.known[key] if key in findings.known else find()
    if keep(value):
        findings.asked[key] = value
    return value


def sound(kind: str, given: Callable[[], Any], check: Callable[[], Iterable[str]]) -> list[str]:
    """The messages of a check, which is not made where it is known to have none.

    What is wrong is never kept: it is looked at again until it is mended.
    """
    return [*found(kind, given, lambda: [*check()], keep=lambda messages: not messages)]

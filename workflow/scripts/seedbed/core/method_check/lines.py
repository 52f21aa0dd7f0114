"""What was seen, in words: one line each, and what is to be done about it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from seedbed.core.code.code_digest import files_beside, own_files
from seedbed.core.isolation.call_outcome import Outcome
from seedbed.core.jobs.second_fit import compare_with_another
from seedbed.core.statuses import NOT_REPRODUCIBLE, USABLE

from .asked import NAME, Asked
from .trials import Trials, arrays_of

OK, NOTE, MEND = "ok", "note", "MEND"
Line = tuple[str, str, str]  # what is to be done, what was looked at, what was seen
_SLOW_IMPORT = 0.2  # seconds
_REFUSALS = re.compile(r"(ValueError|TypeError|ProgramError|LinAlgError|InvalidParameterError|NotImplementedError)\b")


def signature_lines(asked: Asked, parameters: Collection[str]) -> Iterator[Line]:
    """What the class is given, and what the config's own check had to remark."""
    plan, known = asked.plan.methods[NAME], asked.plan.study.given
    taken = [name for name in known if plan.rename.get(name, name) in parameters]
    shown = [name if name == plan.rename.get(name, name) else f"{plan.rename[name]} (for {name})" for name in taken]
    own = [f"{key} = {value}" for key, value in plan.params.items()]
    yield OK, "signature", f"is given {', '.join(shown + own) or 'nothing'}"
    if "random_state" in known and "random_state" not in taken:
        yield NOTE, "signature", "takes no random_state: well if it draws nothing at random; else let it take one"
    yield from ((NOTE, "signature", text) for text in asked.notes)


def fit_lines(scenario: str, outcome: Outcome, place: str) -> Iterator[Line]:
    """What became of a fit."""
    if outcome.status == "skipped":
        yield NOTE, "fit", f"{scenario}: skipped: {outcome.message}"
    elif outcome.status not in USABLE:
        cure = "; if it needs that long, raise its limits: {seconds: ...}" if outcome.status == "timeout" else ""
        yield MEND, "fit", f"{scenario}: {outcome.status}: {place}{outcome.message}{cure}"
    else:
        message = f": {outcome.message}" if outcome.message else ""
        cost = f"{outcome.cpu_seconds:.2g} s of CPU time, {outcome.peak_memory_mb:.0f} MB"
        yield OK if outcome.status == "ok" else NOTE, "fit", f"{scenario}: {outcome.status}{message}, {cost}"


def determinism(trials: Trials, scenario: str) -> Line:
    """Whether another fit with the same seed gives the same bits."""
    outcome = trials.fit(scenario)
    again = compare_with_another(arrays_of(outcome), trials.again(scenario), 0, "seconds")
    if NOT_REPRODUCIBLE in again.message:
        said = again.message.partition(": ")[2].rstrip(". ")
        return MEND, "determinism", f"{scenario}: {said}; draw from random_state alone"
    if outcome.value["global_generator"]:
        return NOTE, "determinism", f"{scenario}: the same twice; it draws from numpy.random: better from random_state"
    return OK, "determinism", f"{scenario}: the same twice, to the last bit"


def file_lines(asked: Asked, seen: Mapping[str, Any]) -> Iterator[Line]:
    """Files below the working directory that it reads and nothing follows, and files that it writes."""
    listed = list(asked.entry.get("files", ()))
    modules = [Path(name) for name in own_files(asked.plan.methods[NAME].target)]
    beside = [file.resolve().relative_to(Path.cwd()) for path in modules for file in files_beside(path)]
    known = [*map(Path, listed), *modules, *beside]
    unknown = [name for name in seen["read"] if not any(Path(name).is_relative_to(one) for one in known)]
    if unknown:
        files = ", ".join([*listed, *unknown])
        yield MEND, "files", f"reads {', '.join(unknown)}: an edit of it would refit nothing; write files: [{files}]"
    if seen["written"]:
        yield MEND, "files", f"writes {', '.join(seen['written'])}: fits run side by side; use the module tempfile"
    if not unknown and not seen["written"]:
        read = [name for name in seen["read"] if Path(name).suffix != ".py"]
        yield OK, "files", f"reads {', '.join(read)}, followed by content" if read else "reads none of yours"


def cost_lines(seen: Mapping[str, Any]) -> Iterator[Line]:
    """Imports, threads, processes, and data that are changed in place."""
    slow = {name: seconds for name, seconds in seen["imports"].items() if seconds >= _SLOW_IMPORT}
    if slow:
        text = ", ".join(f"{name} ({seconds:.1f} s)" for name, seconds in slow.items())
        yield NOTE, "imports", f"each fit imports {text}: at the top of the module it is done once for all of them"
    else:
        yield OK, "imports", f"{seen['import_seconds']:.1f} s, once for all fits of a job"
    if seen["programs"]:
        yield OK, "processes", f"starts {', '.join(seen['programs'])}: its time and memory count, it ends with the fit"
    elif seen["children"] > 0.05:
        yield NOTE, "processes", "starts processes, which share the one core of the fit"
    if seen["threads"] > 1:
        yield NOTE, "threads", f"{seen['threads']} at its end, which share the one core of the fit"
    else:
        yield OK, "threads", "one"
    if seen["changed"]:
        yield NOTE, "data", f"changes {', '.join(seen['changed'])} in place, which harms no other fit"


def hard_case(title: str, outcome: Outcome, place: str) -> Line:
    """A hard case without an answer."""
    if outcome.status in ("timeout", "out_of_memory") or "the process died" in outcome.message:
        return MEND, "hard cases", f"{title}: {outcome.status}: {outcome.message}"
    if outcome.status == "error" and not _REFUSALS.match(outcome.message):
        return NOTE, "hard cases", f"{title}: {place}{outcome.message}; a ValueError that says what is wrong is better"
    return OK, "hard cases", f"{title}: refused: {outcome.message}"

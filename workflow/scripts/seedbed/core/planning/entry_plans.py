"""One scenario and one method of a plan: an entry of the config with its preset filled in."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seedbed.core.code.code_digest import code_digest
from seedbed.core.code.sources import is_class
from seedbed.core.files import content_digest
from seedbed.core.recall.findings import found
from seedbed.core.study import load_target


@dataclass(frozen=True)
class ScenarioPlan:
    """One scenario of one study; ``files`` are the user's files that it reads."""

    name: str
    generator: str
    params: Mapping[str, Any]
    label: str
    check: str | None = None
    files: tuple[str, ...] = ()
    task: str = ""
    tune_on: str = ""
    base: str = ""  # the registered scenario or generator that it is built on
    describe_rule: str | None = None
    overlap_rule: str = ""
    given_overlap: float | None = None

    @property
    def overlap(self) -> float | None:
        """The share of data that two replicates have in common.

        0 where they are drawn anew, 1 where they are the same data set, None where it is not known.
        """
        if self.given_overlap is not None:
            return self.given_overlap
        return found("overlap", self.state, self._ask_overlap) if self.overlap_rule or self.files else 0.0

    def _ask_overlap(self) -> float | None:
        if self.overlap_rule:
            return load_target(self.overlap_rule)(**self.params)
        generator = load_target(self.generator)
        return generator(**self.params).overlap() if hasattr(generator, "overlap") else 0.0

    @property
    def describe(self) -> str | None:
        """What to ask what was understood of the user's files: the registered function, or the class itself."""
        if self.describe_rule or not self.files:
            return self.describe_rule
        return self.generator if is_class(self.generator) else None

    def state(self) -> list[Any]:
        """All that the generator's answers depend on: what is asked, its code, its parameters and the user's files."""
        asked = [self.generator, self.check or "", self.overlap_rule, self.describe_rule or ""]
        return [asked, code_digest(*filter(None, asked)), dict(self.params), [*map(_content, self.files)]]

    def messages(self) -> list[str]:
        """What the generator itself says is wrong with the parameters: its ``messages()``, or its ``check``."""
        if self.check:
            return _as_texts(load_target(self.check)(**self.params), self.check)
        generator = load_target(self.generator)
        if not hasattr(generator, "messages"):
            return []
        return _as_texts(generator(**self.params).messages(), f"{self.generator}.messages")


def _content(file: str) -> str:
    """The digest of a file or a folder; empty where there is nothing of the kind that can be read to its end."""
    with contextlib.suppress(OSError):
        if os.path.isfile(file) or os.path.isdir(file):
            return content_digest(file)
    return ""


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
    task: str = ""
    tune: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    tune_with: str = ""  # methods with the same word here get one setting, chosen for all of them
    base: str = ""  # the registered method or the class that it is built on
    rename: Mapping[str, str] = field(default_factory=dict)  # what the adapter passes to what the class calls it
    files: tuple[str, ...] = ()  # the user's files that it reads
    scenarios: tuple[str, ...] = ()  # the entries that it is run in; all of its task where there are none
    given_the_truth: bool = False
    environment: str = ""  # the file of a conda environment, in place of the study's
    origin: str = ""  # "paper" or "ours", of methods that are about the paper's

    def does(self, scenario: ScenarioPlan) -> bool:
        """Whether the scenario asks for it: it is of its task, and the config does not leave it out there."""
        asked = not self.scenarios or scenario.name.partition("~")[0] in self.scenarios
        return asked and self.task in ("", scenario.task)

    @property
    def reads(self) -> dict[str, Any]:
        """What its jobs depend on besides its code and its parameters."""
        files = {"method_files": {file: content_digest(file) for file in self.files}} if self.files else {}
        own = {"own": True} if ":" in self.base else {}  # registered names have no colon
        return files | own | ({"rename": self.rename} if self.rename else {})

    def resolved(self) -> dict[str, Any]:
        """All that it is run with, without presets and grids."""
        given = {"target": self.target, "params": self.params, "limits": self.limits, "tune": self.tune}
        return given | self.reads | ({"environment": self.environment} if self.environment else {})


def _as_texts(given: Any, source: str) -> list[str]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{source} returned {given!r}, no list of texts")
    return [str(one) for one in given]

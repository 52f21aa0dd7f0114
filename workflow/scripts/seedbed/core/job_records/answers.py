"""What the job is told that fits a chosen method to all rows of a user's table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .fits import MethodJob


@dataclass(frozen=True, kw_only=True)
class AnswerJob(MethodJob):
    """Fit a method to all rows that a scenario reads.

    ``generator(**scenario_params).whole()`` are the rows; ``files`` are digests of what it reads. ``base`` is the
    registered method, or the class of the user's, that ``method`` is built on; ``labels`` are what scenario and method
    are called.
    """

    generator: str
    scenario_params: Mapping[str, Any]
    files: tuple[str, ...]
    base: str
    labels: tuple[str, str]

"""A config, and what is said of it once changed."""

from __future__ import annotations

from typing import Any

import pytest
from seedbed.core.errors import UserError
from seedbed.core.planning.config import make_plan

HEADING = "The configuration has mistakes; nothing was run:"


def config() -> dict[str, Any]:
    study = {"replicates": 2, "scenarios": {"isotropic": {}}, "methods": {"kmeans": {}}}
    return {"seed": 1, "studies": {"clustering": study}}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The config with one value set."""
    whole = config()
    *folders, last = path.split(".")
    node = whole
    for key in folders:
        node = node.setdefault(key, {})
    node[last] = value
    return whole


def mistakes(whole: Any, **given: Any) -> list[str]:
    with pytest.raises(UserError) as caught:
        make_plan(whole, **given)
    heading, *lines = str(caught.value).splitlines()
    assert heading == HEADING
    return [line.removeprefix("  - ") for line in lines]

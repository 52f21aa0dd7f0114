"""Parameters of generators, looked at in their sources before a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from checked_study import change, messages
from own_study import config_of, forgetting_own_studies
from seedbed.core.errors import UserError
from seedbed.core.jobs.drawing import draw_replicate
from seedbed.core.planning.config import make_plan
from seedbed.core.study import load_target

CLASS = """from dataclasses import dataclass
@dataclass(frozen=True, kw_only=True)
class Other:
    n_points: int
    shift: float = 0.0
    def messages(self): return [f"n_points is {self.n_points}"] if self.n_points < 2 else []
    def draw(self, rng): return {"X": rng.normal(size=self.n_points) + self.shift, "centre": self.shift}
"""


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"n_points": 5}, ""),
        ({"n_points": 1}, "n_points is 1"),
        ({"n_points": "5"}, "'n_points': '5'"),
        ({"n_point": 5}, "unknown parameter 'n_point'; did you mean 'n_points'?"),
        ({}, "the parameter 'n_points' is needed"),
    ],
)
def test_a_generator_may_be_a_class(mine: Path, params: dict, part: str) -> None:
    (mine / "data/other.py").write_text(CLASS)
    change(mine, "scenarios.py", "GENERATORS = {", 'GENERATORS = {"other": Generator(".data.other:Other"),')
    with forgetting_own_studies():
        config = config_of("mine")
        config["studies"]["mine"]["scenarios"] = {"other": {"params": params}}
        if part:
            with pytest.raises(UserError) as caught:
                make_plan(config)
            assert part in str(caught.value)
            return
        plan = make_plan(config).studies["mine"].scenarios["other"]
        drawn = draw_replicate(load_target(plan.generator), np.random.default_rng(3), plan.params)
        np.testing.assert_array_equal(drawn["X"], np.random.default_rng(3).normal(size=5))


HEIR = """from dataclasses import dataclass, field
from typing import ClassVar
from .base import {known}
@dataclass(frozen=True, kw_only=True)
class Other({base}):
    scale: float = 1.0
    twice: float = field(init=False, default=2.0)
    names: ClassVar[tuple[str, ...]] = ("x",)
"""


@pytest.mark.parametrize(("known", "base"), [("Other as Base", "Base"), ("Other as Base", "Base, object")])
def test_fields_that_a_generator_inherits_are_parameters_too(mine: Path, known: str, base: str) -> None:
    (mine / "data/base.py").write_text(CLASS)
    (mine / "data/other.py").write_text(HEIR.format(known=known, base=base))
    params = {"n_points": 3, "scale": 2.0, "shiift": 1, "twice": 2, "names": ()}
    preset = f'SCENARIOS = {{"heir": Scenario("other", {params}, "heir"),'
    change(mine, "scenarios.py", "GENERATORS = {", 'GENERATORS = {"other": Generator(".data.other:Other"),')
    change(mine, "scenarios.py", "SCENARIOS = {", preset)
    found = [text.partition(".params: ")[2] for text in messages(mine) if ".params" in text]
    assert found == [
        f"unknown parameter {text} (known: n_points, scale, shift)"
        for text in ("'shiift'; did you mean 'shift'?", "'twice'", "'names'")
    ]


@pytest.mark.parametrize("imported", ["from .base import Other as Base", "from missing import Base", "import base"])
def test_a_base_that_is_not_found_is_no_mistake_of_the_parameters(mine: Path, imported: str) -> None:
    """Modules that import each other in a circle, and others' modules: Python will say what is wrong when it loads."""
    (mine / "data/base.py").write_text("from .other import Other\n")
    base = "base.Base" if imported == "import base" else "Base"
    (mine / "data/other.py").write_text(f"{imported}\nclass Other({base}):\n    n_points: int\n")
    change(mine, "scenarios.py", "GENERATORS = {", 'GENERATORS = {"other": Generator(".data.other:Other"),')
    assert not [text for text in messages(mine) if "generators.other" in text]


def test_a_generator_without_draw_is_refused(mine: Path) -> None:
    (mine / "data/other.py").write_text(CLASS.replace("def draw", "def drew"))
    change(mine, "scenarios.py", "GENERATORS = {", 'GENERATORS = {"other": Generator(".data.other:Other"),')
    [message] = messages(mine)
    assert "generators.other.function: the class Other has no draw(rng)" in message

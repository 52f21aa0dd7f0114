"""What was understood of the user's files is said in the terminal, and kept out of everything that tables depend on."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_study import working_beside_the_skeleton
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.understood import what_was_understood
from seedbed.core.study import load_study, load_target, study_names


def config(path: Path, count: int = 1) -> dict:
    params = {"path": str(path), "label_column": "kind"}
    scenarios = {f"mine_{i}": {"scenario": "user_table", "params": params} for i in range(count)}
    study = {"replicates": 1, "scenarios": scenarios | {"iris": {}}, "methods": {"kmeans": {}}}
    return {"seed": 1, "studies": {"clustering": study}}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "t.csv").write_text(";x;kind\n0;1,5;a\n1;2,5;b\n2;3,5;a\n3;4,5;b\n")
    return tmp_path / "t.csv"


def test_a_line_for_every_scenario_with_files(table: Path) -> None:
    (line,) = make_plan(config(table)).notes
    assert line.startswith(f"clustering/mine_0: {table}: 4 rows; 1 feature: 'x'; 2 classes in 'kind': a (2), b (2); ")
    assert "separated by semicolons; decimal commas; the first column, which has no name, is left out" in line
    assert len(make_plan(config(table, 20)).notes) == 13
    assert make_plan(config(table), check=False).notes == ()


def test_a_file_that_is_gone_is_no_error(table: Path) -> None:
    plan = make_plan(config(table))
    (scenario,) = (scenario for scenario in plan.studies["clustering"].scenarios.values() if scenario.describe)
    table.unlink()
    assert "cannot be described now: FileNotFoundError" in what_was_understood(scenario.describe, scenario.params)


def test_only_the_report_depends_on_it(table: Path) -> None:
    plan = make_plan(config(table)).studies["clustering"]
    assert plan.description().describe == {"mine_0": plan.scenarios["mine_0"].describe}
    jobs = (
        plan.summary_job({"confidence_level": 0.95, "bootstrap_samples": 9}),
        plan.data_job("mine_0", next(iter(plan.blocks))),
    )
    assert not any("describe" in str(job) for job in jobs)


def test_every_reader_of_files_describes_them() -> None:
    for name in study_names():
        for generator in load_study(name).generators.values():
            says = bool(generator.describe) or hasattr(load_target(generator.function), "understood")
            assert bool(generator.files) == says
            assert callable(load_target(generator.describe or generator.function))


GENERATORS = """
from dataclasses import dataclass
@dataclass(frozen=True, kw_only=True)
class Silent:
    path: str
    def draw(self, rng): return {"X": rng.normal(size=5), "centre": 0.0}
class Telling(Silent):
    def understood(self): return [f"read {self.path}", "all of it"]
def draw(rng, *, path: str): return Silent(path=path).draw(rng)
def describe(*, path): return [f"described {path}"]
"""


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("Generator('.data.other:Telling', files=('path',))", ["mine/other: a.csv: read a.csv; all of it."]),
        ("Generator('.data.other:Silent', files=('path',))", []),
        (
            "Generator('.data.other:draw', describe='.data.other:describe', files=('path',))",
            ["mine/other: a.csv: described a.csv."],
        ),
        ("Generator('.data.other:draw', files=('path',))", []),
    ],
)
def test_a_class_and_a_function_say_it_alike(tmp_path: Path, entry: str, said: list[str]) -> None:
    with working_beside_the_skeleton(tmp_path, "mine") as mine:
        (mine / "data/other.py").write_text(GENERATORS)
        (tmp_path / "a.csv").write_text("x\n1\n")
        scenarios = mine / "scenarios.py"
        scenarios.write_text(scenarios.read_text().replace("GENERATORS = {", f"GENERATORS = {{'other': {entry},"))
        study = {"replicates": 1, "scenarios": {"other": {"params": {"path": "a.csv"}}}, "methods": {"mean": {}}}
        assert make_plan({"seed": 1, "studies": {"mine": study}}).notes == tuple(said)

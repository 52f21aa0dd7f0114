"""Whatever YAML can make, anywhere in a config: used as its author meant it, or named in the one message."""

from __future__ import annotations

import copy
import datetime
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile_configs import HEADING, changed, config, mistakes
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbed.core.config.asked_types import read_schema
from seedbed.core.config.command_line import reread
from seedbed.core.config.grid import MOST
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import UserError
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.plan import REPORT
from seedbed.core.planning.targets import study_of
from seedbed.report.page.render import _environment

DAY = datetime.date(2024, 1, 31)


SCENARIO = "studies.clustering.scenarios.isotropic"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("seed", float("nan"), "seed: .nan is no number to compute with"),
        ("studies.clustering.limits", {"seconds": float("inf")}, "limits.seconds: .inf is no number to compute with;"),
        ("report.confidence_level", float("nan"), "report.confidence_level: .nan is no number"),
        ("report.title", DAY, "report.title: 2024-01-31 is a date; write it in quotes if it is text"),
        ("report.title", datetime.datetime(2024, 1, 31, 12, 0), "2024-01-31T12:00:00 is a date"),
        pytest.param("seed", 10**5000, "seed: a whole number of 16610 bits has too many digits", id="digits"),
        (f"{SCENARIO}.params", {"separation": float("-inf")}, "separation: -.inf is no number"),
        (f"{SCENARIO}.params", {"columns": [DAY]}, "isotropic.params.columns.0: 2024-01-31 is a date"),
        (f"{SCENARIO}.params", {"x": b"a"}, "of a kind that no parameter has (bytes)"),
        (f"{SCENARIO}.params", {"x": {1, 2}}, "of a kind that no parameter has (set)"),
        (f"{SCENARIO}.grid", {"n_points": [30, float("nan")]}, "grid.n_points.1: .nan is no number"),
        (f"{SCENARIO}.params", {1: 2}, "isotropic.params: the key 1 is no text; write it in quotes"),
        ("studies.clustering.methods", {True: {}, "kmeans": {}}, "the key True is no text: YAML reads yes, no, on"),
        ("studies.clustering.scenarios", {None: {}, "isotropic": {}}, "the key nothing (empty) is empty"),
        ("studies.clustering.scenarios", {DAY: {}, "isotropic": {}}, "the key 2024-01-31 is no text"),
        ("studies.clustering.methods", {("a", "b"): {}, "kmeans": {}}, "the key ('a', 'b') is no text"),
        ("studies.clustering.methods", {1.5: None, "kmeans": {}}, "the key 1.5 is no text"),
        ("report.title", "a\x1b[2Jb", "report.title: 'a\\x1b[2Jb' holds characters that nobody can see"),
        ("report.title", "a\ud800", "nobody can see"),
        (f"{SCENARIO}.params", {"path": "a\0b"}, "nobody can see"),
        ("report.title", "1" * 60_000, "is a text of 60000 characters; at most 10000 are read"),
        ("studies.clustering.scenarios", {"mine\n": {"scenario": "isotropic"}}, "'mine\\n' cannot be a name"),
        ("studies.clustering.methods", {"m" * 101: {"method": "kmeans"}}, "cannot be a name"),
        ("studies.clustering.scenarios", {"figures": {"scenario": "isotropic"}}, "figures: is the name of the folder"),
        (f"{SCENARIO}.params", {"a/b": 1}, "params: 'a/b' is no name of a parameter"),
        ("studies.clustering.methods.kmeans.grid", {"../x": [1]}, "grid: '../x' is no name of a parameter"),
        ("studies.clustering.limits", {"seconds": 1e300}, "limits.seconds: 1e+300 must be at most"),
        ("studies.clustering.limits", {"memory_mb": True}, "limits.memory_mb: True is not a number"),
        ("report.title", False, "report.title: False is not text; YAML reads yes, no, on and off so: write"),
        ("report.title", 3, "report.title: 3 is not text; write it in quotes"),
        ("studies.clustering.methods.kmeans.task", "clustring", "kmeans: task: unknown task 'clustring'"),
        ("report.bootstrap_samples", 10**9, "bootstrap_samples: 1000000000 must be at most 1000000"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_named_with_its_path(path: str, value: Any, expected: str) -> None:
    found = mistakes(changed(path, value))
    assert len(found) == 1 and expected in found[0], found


def test_all_mistakes_are_in_one_message() -> None:
    whole = changed("report.confidence_level", float("nan"))
    whole["studies"]["clustering"]["methods"] = {"kmean": {}, "ward": {"params": {"linkage": DAY}}}
    whole["studies"]["clustering"]["limit"] = {}
    found = mistakes(whole)
    for expected in ("confidence_level: .nan", "'kmean'", "linkage: 2024-01-31 is a date", "unknown key 'limit'"):
        assert sum(expected in text for text in found) == 1, expected
    assert len(found) == 4


VALUES = st.recursive(
    st.sampled_from([None, True, 0, -1, 2**70, 10**400, 1.5, float("nan"), float("inf"), DAY, b"a"])
    | st.sampled_from(["1e3", "\0", "a{b}", ""])
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from([1, None, True, DAY, "a", "grid", "params", "x\n", "1e3"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


PLACES = [
    "seed", "studies", "studies.clustering", "report", "report.title", "archive", "cells", SCENARIO,
    f"{SCENARIO}.params", f"{SCENARIO}.grid", f"{SCENARIO}.tune_on", "studies.clustering.scenarios",
    "studies.clustering.methods",
    "studies.clustering.methods.kmeans", "studies.clustering.methods.kmeans.tune", "studies.clustering.limits",
    "studies.clustering.methods.kmeans.params.n_init", "studies.clustering.methods.kmeans.method",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(PLACES), value=VALUES)
def test_any_value_anywhere_is_used_or_named(path: str, value: Any) -> None:
    try:
        plan = make_plan(changed(path, value))
    except UserError as error:
        assert str(error).startswith((HEADING, "studies.clustering asks for"))
        return
    for study in plan.studies.values():  # whatever passed can be written as the jobs' JSON
        assert study.cells_digest
        json.loads(study.summary_job(plan.report))
    json.loads(plan.report_job())


@pytest.mark.parametrize("part", ["grid", "tune"])
@pytest.mark.parametrize(("kind", "entry"), [("scenarios", "isotropic"), ("methods", "kmeans")])
def test_a_grid_has_a_bound(part: str, kind: str, entry: str) -> None:
    if (part, kind) == ("tune", "scenarios"):
        return
    whole = changed(f"studies.clustering.{kind}.{entry}.{part}", {"a": [*range(400)], "b": [*range(200)]})
    assert mistakes(whole) == [f"studies.clustering.{kind}.{entry}.{part}: 80000 combinations; at most {MOST} are run"]


@pytest.mark.parametrize("values", [[1, 1], [1, "1"], [True, "true"], [[1, 2], "1-2"], [None, "null"]])
def test_two_combinations_of_one_name_are_named(values: list) -> None:
    whole = changed("studies.clustering.methods.mine", {"method": "toy:Toy", "grid": {"a": values}})
    assert any("two combinations have the name 'mine~a=" in text for text in mistakes(whole))


def test_a_name_that_no_file_can_have_is_named() -> None:
    grid = {f"a_rather_long_parameter_{i}": ["x" * 30] for i in range(6)}
    whole = changed("studies.clustering.methods.mine", {"method": "toy:Toy", "grid": grid})
    assert any("a combination has a name of" in text for text in mistakes(whole))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pipe.csv", "neither a regular file nor a folder|is no regular file"),
        ("endless.csv", "neither a regular file nor a folder|is no regular file"),
        ("loop.csv", "there is no such file|which is not there"),
        ("a" * 5000 + ".csv", "there is no such file"),
        ("a/" * 3000 + "b.csv", "there is no such file|File name too long"),
    ],
)
def test_what_can_be_read_for_ever_or_not_at_all_is_named(
    name: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    os.mkfifo("pipe.csv")
    Path("endless.csv").symlink_to("/dev/zero")
    Path("loop.csv").symlink_to("loop.csv")
    Path("toy.py").write_text("class Toy:\n    def fit_predict(self, X): pass\n")
    study = {
        "replicates": 1,
        "scenarios": {"mine": {"scenario": "user_table", "params": {"path": name, "label_column": "y"}}},
        "methods": {"mine": {"method": "toy:Toy", "files": [name]}},
    }
    found = mistakes({"seed": 1, "studies": {"clustering": study}})
    assert len(found) == 2 and all(re.search(expected, text) for text in found), found


def test_a_pipe_in_the_place_of_a_table_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plan = make_plan(config())
    (tmp_path / "results/clustering").mkdir(parents=True)
    os.mkfifo("results/clustering/benchmark.csv")
    assert plan.studies["clustering"].benchmark_table() is None


def test_more_jobs_than_can_be_planned_are_refused_before_they_are() -> None:
    whole = config()
    study = whole["studies"]["clustering"]
    study |= {"replicates": 9999, "replicates_per_job": 1}
    study["methods"] = {"kmeans": {"grid": {"n_init": [*range(1, 1001)]}}}
    with pytest.raises(UserError, match=r"asks for up to 9999000 jobs .*Raise replicates_per_job"):
        make_plan(whole)


def test_nested_values_of_the_command_line_are_read_as_in_a_file() -> None:
    given = {"report": {"confidence_level": "0.9", "title": "0.9", "bootstrap_samples": "2_000"}}
    whole = {**config(), "report": {"title": "x", **given["report"]}}
    plan = make_plan(whole, command_line=given)
    assert plan.report == {**REPORT, "confidence_level": 0.9, "title": "0.9", "bootstrap_samples": 2000}
    study = {
        "replicates": "3",
        "scenarios": {"isotropic": {"params": {"n_points": "30"}}},
        "methods": {"kmeans": "null"},
    }
    given = {"studies": {"clustering": study}}
    plan = make_plan({"seed": 1, **copy.deepcopy(given)}, command_line=given).studies["clustering"]
    assert plan.replicates == 3 and plan.scenarios["isotropic"].params["n_points"] == 30
    assert mistakes(
        {**config(), "report": {"confidence_level": "x"}}, command_line={"report": {"confidence_level": "x"}}
    )


def test_what_a_file_says_is_not_read_again() -> None:
    whole = {"report": {"title": "yes", "x": "1"}, "seed": "1"}
    assert reread(whole, {"report": {"title": "yes"}, "seed": "1"}, read_schema()) == whole
    assert reread({"a": {"b": "1", "c": "2"}}, {"a": {"b": "1"}}, {}) == {"a": {"b": 1, "c": "2"}}


@pytest.mark.parametrize("name", ["a{b}.csv", "{x}.csv", "a}.csv"])
def test_braces_in_the_name_of_a_file_are_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text("x,kind\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(20)))
    mine = {"scenario": "user_table", "params": {"path": name, "label_column": "kind"}}
    found = mistakes(changed("studies.clustering.scenarios.mine", mine))
    assert f"{name}: Snakemake takes braces in a name for a wildcard" in found[0]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"study": "clusterin"}, "no study 'clusterin'; did you mean 'clustering'?"),
        ({"scenario": "isotropc"}, "no scenario 'isotropc'; did you mean 'isotropic'? (known: isotropic)"),
        ({"method": "kmean"}, "no method 'kmean'; did you mean 'kmeans'?"),
        ({"block": "0000-0009"}, "no block '0000-0009'"),
        ({"scenario": "oriented"}, "no scenario 'oriented'"),
    ],
)
def test_a_file_asked_for_with_a_slip_names_what_there_is(named: dict[str, str], expected: str) -> None:
    plan = make_plan(config())
    right = {"study": "clustering", "scenario": "isotropic", "method": "kmeans", "block": "0000-0001"}
    assert study_of(plan, right) is plan.studies["clustering"]
    with pytest.raises(UserError) as caught:
        study_of(plan, right | named)
    assert expected in str(caught.value)


def test_a_method_of_another_task_is_named() -> None:
    study = {"replicates": 2, "scenarios": {"law_3": {}}, "methods": {"mle": {}, "bessel": {}}}
    plan = make_plan({"seed": 1, "studies": {"directional": study}})
    with pytest.raises(UserError, match=r"of the task 'concentration', which the method 'bessel' does not do"):
        study_of(plan, {"study": "directional", "scenario": "law_3", "method": "bessel", "block": "0000-0001"})


def test_a_scenario_that_a_method_is_not_run_in_is_named() -> None:
    methods = {"kmeans": {"scenarios": ["oriented"]}, "ward": {}}
    study = {"replicates": 2, "scenarios": {"isotropic": {}, "oriented": {}}, "methods": methods}
    plan = make_plan({"seed": 1, "studies": {"clustering": study}})
    named = {"study": "clustering", "scenario": "isotropic", "method": "kmeans", "block": "0000-0001"}
    with pytest.raises(UserError, match=r"'isotropic' .* none of those that the config limits the method 'kmeans' to"):
        study_of(plan, named)
    assert study_of(plan, named | {"scenario": "oriented"}) is plan.studies["clustering"]


@pytest.mark.parametrize("name", ["data", "results", "failures", "isotropic"])
def test_a_scenario_that_is_called_like_a_section_has_an_address_of_its_own(name: str) -> None:
    macro = f'{{% import "macros.html.j2" as ui %}}{{{{ ui.place("clustering", "{name}") }}}}'
    section, place = f"clustering-{name}", _environment().from_string(macro).render()
    assert place == (section if name == "isotropic" else f"{section}-scenario")


class OddHints:
    _parameter_constraints = 3

    def __init__(self, a: Missing = 1, b: 3 = 2, c=1) -> None:  # noqa: F821
        pass


def test_odd_signatures_are_no_mistake_of_the_config() -> None:
    assert parameter_errors(OddHints, {"a": 1, "b": 2}) == []
    assert parameter_errors(dict, {"a": 1}) == [] and parameter_errors(type, {"a": 1}) == []

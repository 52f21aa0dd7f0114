from __future__ import annotations

import contextlib
import json
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbed.core.canonical import digest, read_exponents, to_json
from seedbed.core.commands.config_manual import config_manual
from seedbed.core.config.asked_types import read_schema
from seedbed.core.errors import UserError
from seedbed.core.keeping.sub_config import sub_config
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.plan import LIMITS, REPORT
from seedbed.core.recall import findings

ROOT = Path(__file__).parents[4]
CONFIGS = ["config.yaml", "config/paper.yaml", "config/scaling.yaml", "config/ledger.yaml", "tests/config/small.yaml"]


def minimal() -> dict:
    study = {"replicates": 2, "scenarios": {"isotropic": {}}, "methods": {"kmeans": {}}}
    return {"seed": 1, "studies": {"clustering": study}}


def mistakes(config: dict) -> list[str]:
    with pytest.raises(UserError) as caught:
        make_plan(config)
    return str(caught.value).splitlines()[1:]


def test_schema_is_valid_and_describes_every_key() -> None:
    schema = read_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    def undescribed(node: dict, path: str) -> list[str]:
        found = []
        for key, entry in node.get("properties", {}).items():
            if "description" not in entry and "$ref" not in entry:
                found.append(f"{path}.{key}")
            found += undescribed(entry, f"{path}.{key}")
        return found

    assert (
        undescribed(schema, "") + [name for key, part in schema["$defs"].items() for name in undescribed(part, key)]
        == []
    )


@pytest.mark.parametrize("path", CONFIGS)
def test_shipped_configs_are_valid(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    make_plan(yaml.safe_load((ROOT / path).read_text()))


def test_manual_is_in_step_with_the_schema() -> None:
    assert (ROOT / "config/README.md").read_text() == config_manual()


def test_defaults_of_code_and_schema_agree() -> None:
    schema = read_schema()
    limits = schema["$defs"]["limits"]["properties"]
    report = schema["properties"]["report"]["properties"]
    assert {key: entry["default"] for key, entry in limits.items()} == LIMITS
    assert {key: entry["default"] for key, entry in report.items()} == REPORT


def keys_of(node: object, path: tuple = ()) -> list[tuple]:
    if not isinstance(node, dict):
        return []
    return [name for key, value in node.items() for name in [(*path, key), *keys_of(value, (*path, key))]]


FOUND = findings._Findings()
SMALL = yaml.safe_load((ROOT / "tests/config/small.yaml").read_text())
# names of the user's own: any will do
FREE = {("studies", "clustering", "scenarios", "mine"), ("studies", "proximity", "scenarios", "edges")}


@pytest.fixture
def recalled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Studies that were found sound are not looked at again, as in a run."""
    monkeypatch.setattr(findings, "_recalled", [FOUND])


@pytest.mark.usefixtures("recalled")
@pytest.mark.parametrize("path", [path for path in keys_of(SMALL) if path not in FREE], ids=".".join)
def test_every_misspelt_key_is_named(path: tuple) -> None:
    config = deepcopy(SMALL)
    if path[1:]:  # the others are none of its concern
        config[path[0]] = {path[1]: config[path[0]][path[1]]}
    node = config
    for key in path[:-1]:
        node = node[key]
    node[path[-1] + "zz"] = node.pop(path[-1])
    assert any(path[-1] + "zz" in line for line in mistakes(config))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"seed": "24"}, "seed: '24' is not a whole number but text: write 24 without quotes"),
        ({"seed": -1}, "seed: -1 must be at least 0"),
        ({"seed": None}, "seed: nothing (empty) is not a whole number"),
        ({"studies": {}}, "studies: is empty"),
        ({"studies": {"clusterin": {}}}, "unknown study 'clusterin'; did you mean 'clustering'?"),
        ({"report": {"confidence_level": 95}}, "report.confidence_level: 95 must be below 1"),
    ],
)
def test_messages(change: dict, expected: str) -> None:
    assert any(expected in line for line in mistakes({**minimal(), **change}))


def test_missing_keys_are_named() -> None:
    assert any("the key 'seed' is missing" in line for line in mistakes({"studies": minimal()["studies"]}))


def test_numbers_that_yaml_reads_as_text() -> None:
    assert read_exponents({"a": ["1e-3", "2E+2", "text", "10e"]}) == {"a": [1e-3, 200, "text", "10e"]}
    config = minimal()
    config["studies"]["clustering"]["limits"] = {"memory_mb": "1e3"}
    assert make_plan(config).studies["clustering"].methods["kmeans"].limits["memory_mb"] == 1000


def test_grids_expand_to_named_cells() -> None:
    config = minimal()
    config["studies"]["clustering"]["methods"] = {
        "kmeans": {"grid": {"n_init": [1, 10], "init": ["random", "k-means++"]}, "params": {"max_iter": 5}}
    }
    methods = make_plan(config).studies["clustering"].methods
    assert list(methods) == [
        "kmeans~init=random,n_init=1",
        "kmeans~init=random,n_init=10",
        "kmeans~init=k-means++,n_init=1",
        "kmeans~init=k-means++,n_init=10",
    ]
    assert methods["kmeans~init=random,n_init=10"].params == {"init": "random", "n_init": 10, "max_iter": 5}
    assert methods["kmeans~init=random,n_init=1"].label.endswith(" starts (max iter = 5, init = random)")


def test_grid_values_are_checked_one_by_one() -> None:
    config = minimal()
    config["studies"]["clustering"]["scenarios"] = {"isotropic": {"grid": {"n_points": [60, "many", 7.5]}}}
    assert len([line for line in mistakes(config) if "'n_points'" in line]) == 2


def test_tuning_is_planned_where_a_scenario_says_on_which_data() -> None:
    config = minimal()
    study = config["studies"]["clustering"]
    study["scenarios"] = {"isotropic": {"tune_on": "oriented"}, "well_separated": None}
    study["methods"] = {
        "kmeans": {"tune": {"n_init": [1, 10], "max_iter": [5, 300]}, "params": {"max_iter": 7}},
        "ward": None,
    }
    plan = make_plan(config).studies["clustering"]
    assert plan.tunings() == [("oriented", "kmeans")]
    assert plan.tuned_on("well_separated", "kmeans") is None
    assert plan.methods["kmeans"].tune == {"n_init": [1, 10]}  # what params set is settled
    job = json.loads(plan.tuning_job("oriented", "kmeans"))
    assert job["candidates"] == [{"n_init": 1}, {"n_init": 10}] and job["params"]["max_iter"] == 7


def test_methods_are_run_in_the_scenarios_that_they_are_limited_to() -> None:
    config = minimal()
    study = config["studies"]["clustering"]
    study["scenarios"] = {"isotropic": None, "oriented": {"grid": {"n_points": [40, 50]}}, "scales": None}
    study["methods"] = {"kmeans": None, "ward": {"scenarios": ["oriented", "scales"]}}
    plan = make_plan(config).studies["clustering"]
    asked = {name: plan.methods_of(name) for name in plan.scenarios}
    both = ["kmeans", "ward"]
    assert asked == {
        "isotropic": ["kmeans"], "oriented~n_points=40": both, "oriented~n_points=50": both, "scales": both
    }  # fmt: skip
    part = sub_config(config, [("clustering", "oriented~n_points=50", "ward"), ("clustering", "isotropic", "kmeans")])
    assert part["studies"]["clustering"]["methods"]["ward"] == {"scenarios": ["oriented"]}
    assert make_plan(part).studies["clustering"].methods_of("isotropic") == ["kmeans"]


def test_mistakes_in_limiting_a_method_are_named() -> None:
    config = minimal()
    study = config["studies"]["clustering"]
    study["scenarios"], study["methods"] = {"isotropic": None}, {"kmeans": {"scenarios": ["isotropik", "scales"]}}
    found = mistakes(config)
    assert len(found) == 2 and all(
        "studies.clustering.methods.kmeans.scenarios: unknown scenario" in one for one in found
    )
    assert "did you mean 'isotropic'?" in found[0]
    study["methods"] = {"kmeans": {"scenarios": []}}
    assert len(mistakes(config)) == 1
    for wrong in ("isotropic", [3], None):
        study["methods"] = {"kmeans": {"scenarios": wrong}}
        assert mistakes(config)
    of_other_tasks = {"scenarios": {"law_3": None}, "methods": {"bessel": {"scenarios": ["law_3"]}}}
    config["studies"] = {"directional": {"replicates": 2, **of_other_tasks}}
    assert "'law_3' is of the task 'concentration', and bessel of 'bessel'" in mistakes(config)[0]


def test_mistakes_in_tuning_are_named() -> None:
    config = minimal()
    study = config["studies"]["clustering"]
    study["scenarios"] = {"isotropic": {"tune_on": "orientd"}}
    study["methods"] = {"kmeans": {"tune": {"n_init": ["many"], "n_initt": [1]}}}
    found = "\n".join(mistakes(config))
    assert "unknown scenario 'orientd'; did you mean 'oriented'?" in found
    assert "'n_initt'" in found and "'n_init'" in found


def test_required_parameter_of_a_generator() -> None:
    config = minimal()
    config["studies"]["clustering"]["scenarios"] = {"mine": {"scenario": "user_table"}}
    assert "the parameter 'path' is needed" in mistakes(config)[0]


def test_jobs_do_not_depend_on_the_order_of_keys() -> None:
    config = minimal()
    turned = json.loads(json.dumps(config, sort_keys=True))
    turned["studies"]["clustering"] = dict(reversed(turned["studies"]["clustering"].items()))
    first, second = (make_plan(item).studies["clustering"] for item in (config, turned))
    assert first.fit_job("isotropic", "kmeans") == second.fit_job("isotropic", "kmeans")
    assert first.data_job("isotropic", "0000-0001") == second.data_job("isotropic", "0000-0001")


def test_config_is_not_changed_by_reading_it() -> None:
    config = minimal()
    before = deepcopy(config)
    make_plan(config)
    assert config == before


def test_canonical_json() -> None:
    assert to_json({"b": 1, "a": [1.5, None]}) == '{"a":[1.5,null],"b":1}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 3})
    with pytest.raises(ValueError):
        to_json(float("nan"))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 300)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(path=st.sampled_from(keys_of(SMALL)), value=VALUES)
def test_any_value_anywhere_is_accepted_or_refused_with_a_message(path: tuple, value: object) -> None:
    plan_with(path, value)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(keys_of(SMALL)), value=VALUES)
def test_any_of_many_values_is_accepted_or_refused_with_a_message(path: tuple, value: object) -> None:
    plan_with(path, value)


def plan_with(path: tuple, value: object) -> None:
    config = deepcopy(SMALL)
    node = config
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    with contextlib.suppress(UserError):
        make_plan(config)


def test_methods_that_are_tuned_together_choose_from_the_same_values() -> None:
    rates, study = {"learning_rate": [0.1, 0.3]}, {"replicates": 2, "scenarios": {"synth_heldout": {}}}
    methods = {name: {"tune": rates, "tune_with": "k"} for name in ("gcr_1", "gcr_8")} | {"cosine": {"tune": rates}}
    plan = make_plan({"seed": 1, "studies": {"grassmann": study | {"methods": methods}}}).studies["grassmann"]
    assert plan.tuned_together("gcr_8") == ["gcr_1", "gcr_8"] and plan.tuned_together("cosine") == ["cosine"]
    assert json.loads(plan.collect_job())["tunings"][0] == ["synth_heldout", "gcr_1", ["gcr_1", "gcr_8"]]
    assert plan.labels().methods["gcr_1"].tuning_fits == 4
    here = study | {"scenarios": {"synth_heldout": {}, "synth_coarse": {}}}
    limited = methods | {"gcr_8": methods["gcr_8"] | {"scenarios": ["synth_coarse"]}}
    plan = make_plan({"seed": 1, "studies": {"grassmann": here | {"methods": limited}}}).studies["grassmann"]
    cells = [(scenario, method, mates) for scenario, method, mates in json.loads(plan.collect_job())["tunings"]]
    listed = {(scenario, method) for scenario, method, _ in cells}
    assert listed == {(scenario, method) for scenario in here["scenarios"] for method in methods}
    assert all((scenario, mate) in listed for scenario, _, mates in cells for mate in mates)
    methods["gcr_8"] = {"tune": {"learning_rate": [0.1]}, "tune_with": "k"}
    (line,) = mistakes({"seed": 1, "studies": {"grassmann": study | {"methods": methods}}})
    assert "gcr_8.tune_with: its list `tune` is not that of gcr_1" in line

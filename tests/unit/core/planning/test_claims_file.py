"""The schema of claims.yaml: every study's file passes it, and mistakes are named."""

from __future__ import annotations

import copy

import jsonschema
import pytest
import yaml
from own_study import STUDIES
from seedbed.core.config.config_file import PlainLoader
from seedbed.core.judging.claim_tests import KINDS
from seedbed.core.planning.claims_file import claims_errors, claims_of_run, read_claims_schema
from seedbed.core.planning.expand import expand_methods, expand_scenarios
from seedbed.core.study import load_claims, load_study, load_target, study_cases, study_names
from seedbed.core.study_folders import study_folder

STUDY = load_study("clustering")


def test_schema_is_one_and_knows_every_kind() -> None:
    schema = read_claims_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(KINDS) == set(schema["items"]["properties"]["test"]["properties"]["kind"]["enum"])
    assert set(KINDS) <= set(schema["$defs"])


@pytest.mark.usefixtures("beside_the_skeleton")
@pytest.mark.parametrize("name", STUDIES)
def test_claims_of_every_study_are_in_order(name: str) -> None:
    claims = load_claims(name)
    assert list(claims_errors(load_study(name), claims)) == []
    assert any(claim["origin"] == "paper" for claim in claims)


@pytest.mark.usefixtures("beside_the_skeleton")
@pytest.mark.parametrize("name", STUDIES)
def test_claims_about_speed_name_cases_of_the_benchmark(name: str) -> None:
    tests = [claim["test"] for claim in load_claims(name) if claim.get("test", {}).get("kind") == "speed"]
    cases = {case.name: set(case.contenders) for case in load_target(study_cases(name))} if tests else {}
    for test in tests:
        for case in test["cases"]:
            assert {test["ours"], test["peer"]} <= cases[case]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"perr": "kmeans"}, "unknown key 'perr'; did you mean 'peer'?"),
        ({"kind": "compare"}, "did you mean 'comparison'?"),
        ({"peer": "kmean"}, "unknown method 'kmean'; did you mean 'kmeans'?"),
        ({"scenarios": ["orientd"]}, "unknown scenario 'orientd'; did you mean 'oriented'?"),
        ({"metric": "error"}, "unknown metric 'error'"),
        ({"direction": "higher"}, "of misclustering_error, lower is better"),
        ({"scale": "ratio"}, "the key 'floor' is missing"),
        ({"kind": "equivalence"}, "the key 'margin' is missing"),
        ({"margin": "small"}, "'small' is not a number"),
    ],
)
def test_mistakes_are_named(change: dict, message: str) -> None:
    claims = copy.deepcopy(load_claims("clustering"))
    claims[0]["test"] |= change
    errors = list(claims_errors(STUDY, claims))
    assert any(message in error and error.startswith("lower_error_than_kmeans") for error in errors), errors


def test_a_name_that_stands_for_another_method_tests_no_claim_about_it() -> None:
    scenarios = expand_scenarios(STUDY, {"isotropic": {"scenario": "scales"}, "oriented": {"params": {"n_points": 40}}})
    methods = expand_methods(STUDY, {"kmeans": {"method": "ward"}, "gmm": {"params": {"n_init": 2}}}, {})
    entries = [*scenarios.values(), *methods.values()]
    claims = {claim["id"]: claim.get("not_tested", "") for claim in claims_of_run("clustering", entries)}
    assert claims["lower_error_than_kmeans"] == "not in this configuration, where kmeans is ward"
    assert claims["em_is_trapped_on_equal_spheres"].endswith("isotropic is scales")
    assert claims["lower_error_than_em"] == "", "other parameters are shown, and are a test of the claim"


def test_claims_are_tested_or_say_why_not_and_have_ids_of_their_own() -> None:
    claims = copy.deepcopy(load_claims("clustering"))
    claims[0]["not_tested"] = "There are no data."
    assert "exactly one of 'test', 'not_tested'" in next(claims_errors(STUDY, claims))
    claims = copy.deepcopy(load_claims("clustering"))
    claims[1]["id"] = claims[0]["id"]
    assert next(claims_errors(STUDY, claims)) == "lower_error_than_kmeans: the id is used twice"


@pytest.mark.parametrize("name", study_names())
def test_no_key_of_our_ledgers_stands_twice(name: str) -> None:
    text = (study_folder(name).path / "claims.yaml").read_text(encoding="utf-8")
    assert yaml.load(text, Loader=PlainLoader) == load_claims(name)

"""The file of a study's claims: read it, and say what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .claim_tests import methods_of, scenarios_of
from .errors import did_you_mean
from .schema import schema_errors
from .study import Study, load_claims, load_study

SCHEMA = Path(__file__).parents[3] / "schemas" / "claims.schema.yaml"


@cache
def read_claims_schema() -> dict[str, Any]:
    """The JSON Schema of ``claims.yaml``, which is also its manual."""
    return yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))


@cache
def ledger_errors(name: str) -> tuple[str, ...]:
    """The mistakes in ``claims.yaml`` of a study; the file is read once per process."""
    return tuple(claims_errors(load_study(name), load_claims(name)))


def claims_of_run(name: str, entries: Iterable[Any]) -> list[dict[str, Any]]:
    """The claims of a study, with those set aside that a run cannot test though it has all names.

    ``entries`` are the plans of the run's methods and scenarios: what ``kmeans: {method: ward}`` calls k-means is no
    test of a claim about k-means.
    """
    others = {entry.name: entry.base for entry in entries if entry.base != entry.name.partition("~")[0]}
    claims = load_claims(name)
    for claim in claims:
        test = claim.get("test", {})
        if misnamed := [f"{one} is {others[one]}" for one in _names_of(test) if one in others]:
            claim["not_tested"] = f"not in this configuration, where {' and '.join(misnamed)}"
    return claims


def _names_of(test: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys([*methods_of(test), *scenarios_of(test)])) if test else []


def claims_errors(study: Study, claims: Any) -> Iterator[str]:
    """Every mistake in the claims of a study: against the schema, and names that the study does not have."""
    messages = schema_errors(claims, read_claims_schema())
    if messages:
        yield from (_named(message, claims) for message in messages)
        return
    ids = [claim["id"] for claim in claims]
    yield from (f"{name}: the id is used twice" for name in sorted({name for name in ids if ids.count(name) > 1}))
    for claim in claims:
        yield from (f"{claim['id']}: {text}" for text in _test_errors(study, claim.get("test", {})))


def _named(message: str, claims: Any) -> str:
    """The path of a message with the claim's id in place of its number."""
    number = re.match(r"\d+", message)
    try:
        return f"{claims[int(number[0])]['id']}{message[number.end() :]}"
    except (LookupError, TypeError):
        return message


def _test_errors(study: Study, test: dict[str, Any]) -> Iterator[str]:
    if not test or test["kind"] == "speed":
        return
    for name in methods_of(test):
        if name.partition("~")[0] not in study.methods:
            yield f"unknown method '{name}'{did_you_mean(name, study.methods)}"
    for name in scenarios_of(test):
        if name.partition("~")[0] not in study.scenarios:
            yield f"unknown scenario '{name}'{did_you_mean(name, study.scenarios)}"
    metric = study.metrics.get(test["metric"])
    if metric is None:
        yield f"unknown metric '{test['metric']}'{did_you_mean(test['metric'], study.metrics)}"
    elif test["kind"] != "trend" and test.get("direction", metric.direction) != metric.direction:
        yield f"direction: of {test['metric']}, {metric.direction} is better"
    steps = test.get("methods", test.get("scenarios", []))
    if len(test.get("positions", steps)) != len(steps):
        yield f"positions: {len(steps)} are needed, one per step of the trend"
    if len(test.get("clean_scenarios", test.get("scenarios", []))) != len(test.get("scenarios", [])):
        yield "clean_scenarios: one is needed for each of the scenarios, in their order"

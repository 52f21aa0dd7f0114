"""The file of a study's claims: read it, and say what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from seedbed.core.code.code_digest import code_digest
from seedbed.core.code.study_texts import formula_errors
from seedbed.core.config.schema import schema_errors
from seedbed.core.judging.claim_tests import read_test
from seedbed.core.recall.findings import sound
from seedbed.core.study import Study, load_claims, load_study
from seedbed.core.study_folders import study_folder

SCHEMA = Path(__file__).parents[4] / "schemas" / "claims.schema.yaml"


@cache
def read_claims_schema() -> dict[str, Any]:
    """The JSON Schema of ``claims.yaml``, which is also its manual."""
    return yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))


def ledger_errors(name: str) -> tuple[str, ...]:
    """The mistakes in ``claims.yaml`` of a study; the file is read once per process, unless it changes."""
    path = study_folder(name).path / "claims.yaml"
    return _ledger_errors(name, path, path.stat().st_mtime_ns)


@cache
def _ledger_errors(name: str, path: Path, _state: int) -> tuple[str, ...]:
    study, texts = load_study(name), [file.read_text(encoding="utf-8") for file in (path, SCHEMA)]
    state = [repr(study), *texts]
    return tuple(
        sound("claims", lambda: [code_digest(__name__), *state], lambda: claims_errors(study, load_claims(name)))
    )


def claims_of_run(name: str, entries: Iterable[Any]) -> list[dict[str, Any]]:
    """The claims of a study, with those set aside that a run cannot test though it has all names.

    ``entries`` are the plans of the run's methods and scenarios: what ``kmeans: {method: ward}`` calls k-means is no
    test of a claim about k-means.
    """
    others = {entry.name: entry.base for entry in entries if entry.base != entry.name.partition("~")[0]}
    claims = load_claims(name)
    for claim in claims:
        if "test" not in claim:
            continue
        test = read_test(claim["test"])
        names = dict.fromkeys([*test.named_methods, *test.named_scenarios])
        if misnamed := [f"{one} is {others[one]}" for one in names if one in others]:
            claim["not_tested"] = f"not in this configuration, where {' and '.join(misnamed)}"
    return claims


def claims_errors(study: Study, claims: Any) -> Iterator[str]:
    """Every mistake in the claims of a study: against the schema, and names that the study does not have."""
    messages = schema_errors(claims, read_claims_schema())
    if messages:
        yield from (_named(message, claims) for message in messages)
        return
    ids = [claim["id"] for claim in claims]
    yield from (f"{name}: the id is used twice" for name in sorted({name for name in ids if ids.count(name) > 1}))
    for claim in claims:
        if "test" in claim:
            yield from (f"{claim['id']}: {text}" for text in read_test(claim["test"]).errors(study))
        for field in ("statement", "not_tested"):
            yield from (f"{claim['id']}.{field}: {text}" for text in formula_errors(claim.get(field, "")))


def _named(message: str, claims: Any) -> str:
    """The path of a message with the claim's id in place of its number."""
    number = re.match(r"\d+", message)
    try:
        return f"{claims[int(number[0])]['id']}{message[number.end() :]}" if number else message
    except (LookupError, TypeError):
        return message

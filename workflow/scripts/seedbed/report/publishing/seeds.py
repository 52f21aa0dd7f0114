"""The same study with other dice: how many verdicts of a second run differ from the published ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from seedbed.core.config.config_file import config_text
from seedbed.core.errors import UserError, did_you_mean
from seedbed.core.files import atomic_path, read_json, reading
from seedbed.core.study import load_study

from .rows import Row, read_claims_of_run
from .runs import CONFIG, registered_plan

COLUMNS: list[str] = ["study", "registration", "seed", "date", "machine", "verdicts", "differ", "which"]


def compared(
    rows: Sequence[Row],
    runs: Mapping[str, Mapping[str, Any]],
    results: Path,
    registrations: Callable[[Mapping[str, Any]], Mapping[str, str]],
) -> list[dict[str, str]]:
    """A line for each published study that the other run has, claims that were put to the test in both alone.

    It names the registration of the published run of ``runs``: of another one it says nothing.

    Raises
    ------
    UserError
        Where the other run has no provenance, shares no study with the ledger, or judged something else.
    """
    path = results / "provenance.json"
    record = read_json(path)
    with reading(path):
        date, machine, seed = record["date"][:10], record["processor"], record["seed"]
        studies = sorted({row.study for row in rows} & set(record["config"]["studies"]))
        seeds = {study: record["config"]["studies"][study].get("seed", seed) for study in studies}
    if not studies:
        raise UserError(f"{path}: none of its studies has been published")
    found = registrations(record["config"])
    if others := [study for study in studies if found[study] != runs[study]["registration"]]:
        raise UserError(
            f"{path}: the claims, scenarios, methods, replicates or code of {' and '.join(others)} are not those of "
            "the published run; publish the present ones first, and compare with the same code"
        )
    return [
        {"study": study, "registration": runs[study]["registration"], "seed": str(seeds[study])}
        | {"date": date, "machine": machine}
        | _differences([row for row in rows if row.study == study], results / study / "claims.json")
        for study in studies
    ]


def _differences(rows: Sequence[Row], path: Path) -> dict[str, str]:
    other = {row.id: row for row in read_claims_of_run(load_study(rows[0].study), path)}
    both = [(row, other[row.id]) for row in rows if row.id in other and row.is_tested and other[row.id].is_tested]
    differ = list(_changes(both))
    return {"verdicts": str(len(both)), "differ": str(len(differ)), "which": "; ".join(differ)}


def _changes(pairs: Sequence[tuple[Row, Row]]) -> Iterator[str]:
    for here, there in pairs:
        if here.verdict != there.verdict:
            yield f"{here.id}: {here.verdict}, there {there.verdict}"


def write_config(study: str, seed: int | str, path: Path) -> None:
    """The registered run of one study, with a seed of its own or as it is, as a config to run in a folder of its own.

    Raises
    ------
    UserError
        Where the registered run has no such study.
    """
    settings = registered_plan().config
    if study not in settings["studies"]:
        raise UserError(f"{CONFIG} has no study '{study}'{did_you_mean(study, settings['studies'])}")
    config = {**settings, "seed": seed, "studies": {study: settings["studies"][study]}}
    with atomic_path(path) as part:
        part.write_text(config_text(config), encoding="utf-8")


def read_comparisons(path: Path) -> list[dict[str, str]]:
    """The comparisons that were kept, older ones without a registration; none where there is no file."""
    if not path.exists():
        return []
    with reading(path):
        lines = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
        return [{"registration": "", **line} for line in lines]


def keep_comparisons(path: Path, lines: Sequence[dict[str, str]]) -> None:
    """Write them: one of a study, registration, seed and day takes the place of the same before."""
    kept = {tuple(line[key] for key in COLUMNS[:4]): line for line in [*read_comparisons(path), *lines]}
    with atomic_path(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(line for _, line in sorted(kept.items()))

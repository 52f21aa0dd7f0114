"""Which run each study of the published ledger is from: ``provenance.json``, and the runs before: ``history.csv``."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from seedbed.core.config.config_file import read_config_text
from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path, read_json, reading
from seedbed.core.judging.tables import read_table
from seedbed.core.keeping.repository import ROOT, versions_of
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.plan import Plan
from seedbed.core.planning.registration import registration

from .rows import Row

CONFIG = "config/ledger.yaml"
HISTORY: list[str] = ["date", "version", "commit", "study", "registration", "id", "verdict"]
_PACKAGES = ("numpy", "scipy", "scikit-learn", "numba", "torch", "pandas", "snakemake")


def registered_plan() -> Plan:
    """What ``config/ledger.yaml`` asks for, as it is now."""
    settings, quoted = read_config_text((ROOT / CONFIG).read_text(encoding="utf-8"), CONFIG)
    return make_plan(settings, check=False, quoted=quoted)


def present_registrations() -> dict[str, str]:
    """Study -> the digest of its claims, metrics, scenarios, methods, replicates and code, as they are now."""
    return {name: plan.registered for name, plan in registered_plan().studies.items()}


def registrations_of(config: Mapping[str, Any]) -> dict[str, str]:
    """The same for another config, whatever its seed, with the code that is here."""
    return {name: registration(plan) for name, plan in make_plan(config, check=False).studies.items()}


def runs_of(results: Path) -> dict[str, dict[str, Any]]:
    """What produced each registered study of a folder of results: date, version, commit, digest, machine, costs.

    Raises
    ------
    UserError
        Where the run is not finished, or has no registered study.
    """
    path = results / "provenance.json"
    if not path.exists():
        raise UserError(f"{path} is not there: a run writes it when it ends; run the same command again")
    record = read_json(path)
    with reading(path):
        shared = {
            "date": record["date"],
            "version": version_of(results),
            "commit": record["git"].get("commit", ""),
            "modified": bool(record["git"].get("modified", False)),
            "machine": f"{record['processor']}, {record['cores']} cores, {record['memory_gb']} GB",
            "platform": record["platform"],
            "python": record["python"],
            "packages": {name: record["packages"][name] for name in _PACKAGES if name in record["packages"]},
        }
        registered = dict(record["registered"])
        if not registered:
            raise UserError(f"{path}: no study of this run is registered; config/ledger.yaml is the registered run")
        replicates = {name: entry["replicates"] for name, entry in record["config"]["studies"].items()}
    return {
        study: {"registration": digest, "replicates": replicates[study], **shared, **_costs(results / study)}
        for study, digest in sorted(registered.items())
    }


def version_of(results: Path) -> str:
    """The version of the code beside a folder of results."""
    path = results.resolve().parent / "workflow/scripts/seedbed/__init__.py"
    with reading(path):
        found = re.search(r'^__version__ = "(.+)"$', path.read_text(encoding="utf-8"), re.M)
        if not found:
            raise ValueError("it names no version")
        return found[1]


def _costs(folder: Path) -> dict[str, Any]:
    runs: pd.DataFrame = read_table(str(folder / "runs.parquet"))
    statuses = {str(name): int(count) for name, count in runs["status"].value_counts().items()}
    tunings: pd.DataFrame = read_table(str(folder / "tunings.csv"))
    spent = {"cpu_seconds": runs, "tuning_cpu_seconds": tunings}
    seconds = {name: round(float(table["cpu_seconds"].sum()), 1) for name, table in spent.items()}
    return {"fits": len(runs), **seconds, "statuses": statuses}


def lines_of(rows: Iterable[Row], runs: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    """What the history is to say of a run."""
    return [
        {**{key: runs[row.study][key] for key in ("date", "version", "commit", "registration")}, "study": row.study}
        | {"id": row.id, "verdict": row.verdict}
        for row in rows
    ]


def extended(history: str, rows: list[Row], runs: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of ``history.csv`` with a run behind all others; what stands there stays, byte by byte.

    A study whose last entry has the same digest and the same verdicts is the same run, published again: nothing is
    added for it.
    """
    past = list(csv.DictReader(io.StringIO(history)))
    new = [
        line
        for study in dict.fromkeys(row.study for row in rows)
        if not _is_last(lines := lines_of((row for row in rows if row.study == study), runs), past)
        for line in lines
    ]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, HISTORY, lineterminator="\n")
    if not history:
        writer.writeheader()
    writer.writerows(new)
    return history + stream.getvalue()


def _is_last(lines: list[dict[str, str]], past: list[dict[str, str]]) -> bool:
    of_study = [line for line in past if line["study"] == lines[0]["study"]]
    last = [line for line in of_study if line["date"] == of_study[-1]["date"]]
    said = ("registration", "id", "verdict")
    return [[line[key] for key in said] for line in last] == [[line[key] for key in said] for line in lines]


def write_history(path: Path, rows: list[Row], runs: Mapping[str, Mapping[str, Any]]) -> None:
    """Add a run to ``history.csv``.

    Raises
    ------
    UserError
        Where the file is not the committed one with lines behind it: the history is only ever added to.
    """
    history = path.read_text(encoding="utf-8") if path.exists() else ""
    check_history(path, history)
    with atomic_path(path) as part:
        part.write_text(extended(history, rows, runs), encoding="utf-8")


def check_history(path: Path, history: str) -> None:
    """Every committed version of the file is the beginning of the next, and the last of them of ``history``."""
    if not path.resolve().is_relative_to(ROOT):
        return
    versions = [*versions_of(path.resolve().relative_to(ROOT).as_posix()), history.strip()]
    for older, newer in itertools.pairwise(versions):
        if not newer.startswith(older):
            raise UserError(f"{path}: lines were rewritten that git has otherwise; the history is only added to")

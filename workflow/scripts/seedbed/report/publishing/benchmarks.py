"""The benchmarks that are committed with the ledger: how fast our code is beside its peers, and on which machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from seedbed.core.canonical import digest
from seedbed.core.code.code_digest import source_digest
from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path
from seedbed.core.judging.tables import read_table
from seedbed.core.planning.plan import benchmark_job
from seedbed.core.study import study_cases
from seedbed.core.study_folders import study_names
from seedbed.report.numbers import known, number, seconds

from .words import EARLIER, table

BENCHMARK = "benchmark.csv"
FIELDS: list[str] = [
    "study", "date", "machine", "code", "case", "contender", "status", "clock", "seconds", "first_seconds", "ratio",
    "target", "accuracy", "accuracy_label",
]  # fmt: skip
_HEAD = """\
# Benchmarks

How long others take for the same, as a multiple of our time: the least CPU time of several turns, one thread where
no other number is named, a process for every turn (where the clock is the wall's, it is said). Of cases of short calls
it is the second call of each process, and the time of the first, which also pays for memory that was never touched,
stands in brackets. Ratios depend on the processor, and a little on what else the machine did. *Missed* are targets that
were set before; what a target is held against is in bold.
`make benchmark` measures them anew; [benchmark.csv](benchmark.csv) has the numbers, [the ledger](README.md) claims."""

Line = Mapping[str, str]


def publish_benchmarks(results: Path, folder: Path) -> list[str]:
    """Take over what ``snakemake benchmark`` has measured below ``results``, study by study.

    Returns
    -------
    list of str
        The studies.

    Raises
    ------
    UserError
        Where other code, or other versions of packages, were measured than those that are here.
    """
    found = sorted(results.glob("*/benchmark.csv"))
    lines = [line for path in found for line in _measured(path)]
    studies = {line["study"] for line in lines}
    if lines:
        kept = [line for line in read_benchmarks(folder / BENCHMARK) if line["study"] not in studies]
        text = io.StringIO()
        writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted([*kept, *lines], key=lambda line: line["study"]))
        with atomic_path(folder / BENCHMARK) as part:
            part.write_text(text.getvalue(), encoding="utf-8")
    return sorted(studies)


def read_benchmarks(path: Path) -> list[Line]:
    """The lines that were published; none where there is no file."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.exists() else []


def present_code(lines: Sequence[Line]) -> dict[str, str]:
    """Study -> the digest of its benchmark and of all local code that it measures, of those with lines."""
    return {name: _code(name) for name in study_names() if any(line["study"] == name for line in lines)}


def benchmark_page(lines: Sequence[Line], code: Mapping[str, str]) -> str:
    """A table for each study: cases, contenders, ratios, targets, errors."""
    parts = [_HEAD]
    for study in dict.fromkeys(line["study"] for line in lines):
        here = [line for line in lines if line["study"] == study]
        state = "the code is that of today" if here[0]["code"] == code.get(study) else f"**{EARLIER}**"
        asked = [line for line in here if line["target"]]
        missed, failed = sum(map(_missed, asked)), sum(line["status"] != "ok" for line in asked)
        summary = f"{len(asked) - missed - failed} targets met, {missed} missed"
        summary += f", {failed} not measured" if failed else ""
        parts += [f"## {study}", f"{here[0]['date']}, {here[0]['machine']}; {state}; {summary}."]
        parts.append(table(("case", "contender", "ratio", "target", "time", "error"), _rows(here)))
    return "\n\n".join(parts) + "\n"


def _measured(path: Path) -> Iterator[dict[str, str]]:
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    study, table = path.parent.name, read_table(str(path))
    if {*table["job"]} != {digest(benchmark_job(study))}:
        raise UserError(
            f"{path} was measured with other code or other packages: snakemake benchmark measures it anew; or delete it"
        )
    code = _code(study)
    for row in table.to_dict("records"):
        yield {
            "study": study,
            "date": day,
            "machine": str(row["machine"]),
            "code": code,
            "case": str(row["case"]),
            "contender": str(row["contender"]),
            "status": str(row["status"]),
            "clock": str(row["clock"]),
            "seconds": _digits(row["cpu_seconds_min"]),
            "first_seconds": _digits(row["cpu_seconds_first"]) if row["warm"] else "",
            "ratio": _digits(row["ratio_to_ours"]),
            "target": _digits(row["target"]),
            "accuracy": _digits(row["accuracy"]),
            "accuracy_label": str(row["accuracy_label"]),
        }


def _rows(lines: Sequence[Line]) -> Iterator[tuple[str, ...]]:
    shown = ""
    for line in lines:
        case = line["case"].replace("_", " ") if line["case"] != shown else ""  # words break where room is little
        shown = line["case"]
        if line["status"] != "ok":
            yield case, line["contender"], "", "", line["status"], ""
            continue
        ratio, target = number(_value(line["ratio"])), ""
        if line["target"]:
            ratio, target = f"**{ratio}**", number(_value(line["target"])) + (", *missed*" if _missed(line) else "")
        clock = "" if line["clock"] == "cpu" else " on the wall’s clock"
        note = f", {line['accuracy_label']}" if case and line["accuracy"] else ""
        first = f" (first {seconds(_value(line['first_seconds']))})" if line.get("first_seconds") else ""
        time = seconds(_value(line["seconds"])) + clock + first
        yield case, line["contender"], ratio, target, time, _error(line) + note


def _missed(line: Line) -> bool:
    ratio, target = _value(line["ratio"]), _value(line["target"])
    return ratio is not None and target is not None and ratio < target


def _error(line: Line) -> str:
    value = _value(line["accuracy"])
    return "" if value is None else number(value) if known(value) else "not finite"


def _value(text: str) -> float | None:
    return float(text) if text else None


def _digits(value: float) -> str:
    return "" if value != value else f"{value:.4g}"


def _code(study: str) -> str:
    return source_digest(study_cases(study))

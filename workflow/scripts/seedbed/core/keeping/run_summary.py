"""The last words of a run: where its report lies, and what failed. They speak of that run alone."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from seedbed.core.errors import UserError, printable
from seedbed.core.files import read_json, reading
from seedbed.core.statuses import FAILED, NOT_REPRODUCIBLE

from .earlier_report import unmark_report
from .run_lock import LOCK

REPORT = Path("results/report.html")
PROVENANCE = Path("results/provenance.json")
_MOST = 10  # cells that are named


def print_summary(succeeded: bool) -> None:
    """Print to stderr, since stdout belongs to ``--dag`` and its kin; the report no longer waits for this run."""
    if succeeded:
        unmark_report(REPORT)
    print(printable("\n".join(["", *summary_lines(succeeded), ""])), file=sys.stderr)


def summary_lines(succeeded: bool) -> list[str]:
    """What the user wants to know when a run has ended."""
    try:
        if not succeeded:
            return _words_of_a_failure()
        if is_of_this_run(REPORT) and PROVENANCE.exists():
            record = read_json(PROVENANCE)
            return [f"Report: {REPORT}", *_words_of_the_report(record), *_words_of_the_figures(record)]
        lines = ["Done.", *_answers_of_this_run(), *_words_of_the_fits()]
        if REPORT.exists():
            return [*lines, f"The report is that of an earlier run: {REPORT}"]
        return [*lines, "The report is made by the default target: snakemake --cores N"]
    except UserError as error:
        return [str(error)]


def is_of_this_run(path: Path) -> bool:
    """Whether a file was made since this run began, which writes its lock file first."""
    return path.exists() and (not LOCK.exists() or path.stat().st_mtime_ns >= LOCK.stat().st_mtime_ns)


def _answers_of_this_run() -> list[str]:
    found = [path for path in sorted(Path("results").glob("*/*/answer/page.html")) if is_of_this_run(path)]
    return [f"Answer: {path.parent / 'labels.csv'}, and about it: {path}" for path in found]


def _words_of_a_failure() -> list[str]:
    lines = ["Some jobs failed; their logs are above and below logs/. What was finished is kept:"]
    lines += ["mend the cause and run the same command again.", *_words_of_the_fits()]
    return lines + ([f"The report of an earlier run: {REPORT}"] if REPORT.exists() else [])


def _words_of_the_report(record: dict[str, Any]) -> list[str]:
    with reading(PROVENANCE):
        counts = {str(status): int(number) for status, number in record["status_counts"].items()}
        return _words(counts, [*record["missing"], *record.get("not_reproducible", [])])


def _words_of_the_figures(record: dict[str, Any]) -> list[str]:
    """Figures that could not be drawn, at most ten of them; what a study has left that is no longer run is not told."""
    lines = []
    with reading(PROVENANCE):
        paths = [Path("results", study, "figures", "drawn.json") for study in sorted(record["environments"])]
    for path in filter(Path.exists, paths):
        told = read_json(path)
        with reading(path):
            failed = {name: words["error"] for name, words in told.items() if "error" in words}
        lines += [f"  {path.parts[1]} / figure {name} could not be drawn: {error}" for name, error in failed.items()]
    return lines[:_MOST] + ([f"  ... and {len(lines) - _MOST} more figures"] if len(lines) > _MOST else [])


def _words_of_the_fits() -> list[str]:
    """Of those that this run made, when there is no report that speaks of them."""
    rows = list(_rows_of_this_run())
    return _words(Counter(row["status"] for row in rows), rows) if rows else []


def _rows_of_this_run() -> Iterator[dict[str, Any]]:
    for path in sorted(Path("results").glob("*/*/fits/*/*.json")):
        if is_of_this_run(path):
            study, scenario, _, method = path.parts[1:5]
            rows = read_json(path)
            with reading(path):
                yield from (
                    {"study": study, "scenario": scenario, "method": method}
                    | {key: str(row[key]) for key in ("status", "message")}
                    for row in rows
                )


def _words(counts: dict[str, int], rows: Iterable[dict[str, Any]]) -> list[str]:
    """How many fits ended how; and those that failed, the same failure of several methods in one line."""
    failed: dict[tuple[str, ...], Counter[str]] = {}
    for row in rows:
        if row["status"] in FAILED or row["message"].startswith(NOT_REPRODUCIBLE):
            what = row["study"], row["scenario"], row["status"], row["message"]
            failed.setdefault(what, Counter())[row["method"]] += 1
    lines = ["Fits: " + ", ".join(f"{n} {status.replace('_', ' ')}" for status, n in counts.items())]
    for (study, scenario, status, message), methods in list(failed.items())[:_MOST]:
        who = next(iter(methods)) if len(methods) == 1 else f"{len(methods)} methods"
        lines.append(f"  {study} / {scenario} / {who}: {max(methods.values())} x {status}: {message}")
    if len(failed) > _MOST:
        lines.append(f"  ... and {len(failed) - _MOST} more; the report and the logs have all")
    return lines

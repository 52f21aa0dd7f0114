"""The last words of a run: where the report lies, and what failed."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from .errors import UserError
from .files import read_json, reading
from .later_run import unmark_report
from .statuses import FAILED

REPORT = Path("results/report.html")
PROVENANCE = Path("results/provenance.json")


def print_summary(succeeded: bool) -> None:
    """Print to stderr, since stdout belongs to ``--dag`` and its kin; the report no longer waits for this run."""
    if succeeded:
        unmark_report(REPORT)
    print("\n".join(["", *summary_lines(succeeded), ""]), file=sys.stderr)


def summary_lines(succeeded: bool) -> list[str]:
    """What the user wants to know when a run has ended."""
    if not succeeded:
        lines = ["Some jobs failed; their logs are above and below logs/. What was finished is kept:"]
        lines += ["mend the cause and run the same command again."]
        return lines + ([f"The report of an earlier run: {REPORT}"] if REPORT.exists() else [])
    if not (REPORT.exists() and PROVENANCE.exists()):
        return ["Done. The report is made by the default target: snakemake --cores N"]
    try:
        record = read_json(PROVENANCE)
        with reading(PROVENANCE):
            counts = ", ".join(f"{n} {status.replace('_', ' ')}" for status, n in record["status_counts"].items())
            failed = Counter(
                (row["study"], row["scenario"], row["method"], row["status"], row["message"])
                for row in record["missing"]
                if row["status"] in FAILED
            )
    except UserError as error:
        return [str(error)]
    lines = [f"Report: {REPORT}", f"Fits: {counts}"]
    lines += [f"  {' / '.join(cell[:3])}: {n} x {cell[3]}: {cell[4]}" for cell, n in list(failed.items())[:10]]
    if len(failed) > 10:
        lines.append(f"  ... and {len(failed) - 10} more; the report lists all")
    return lines

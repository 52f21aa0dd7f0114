"""What a config will cost, from a small run of it: ``python -m seedbed.core.commands.run_cost config/ledger.yaml``.

In the folder that holds the results of a pilot, or of any run with the same cells. ``--pilot FILE`` writes the pilot's
config: one replicate of everything, one data set to tune on, and a number as its seed, so that no data of a registered
run are seen beforehand.

What is counted is the CPU time *in fits*, for tables and for tuning. All else is *outside fits*; docs/environments.md
says how much that is, and of what.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from seedbed.core.config.asked_types import with_numbers
from seedbed.core.config.config_file import config_text, read_config_text
from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path
from seedbed.core.judging.tables import read_table
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.plan import StudyPlan

IN_FITS = (
    "In fits: the adapter's call and the processes that it starts, or what the adapter itself has measured of it. "
    "Outside, and not counted here: Snakemake, the plan, servers and imports, forks and limits, draws, scores, tables, "
    "figures, report."
)
PILOT = {"replicates": 1, "tuning_replicates": 1}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 2 with one message for a mistake."""
    parser = argparse.ArgumentParser(prog="python -m seedbed.core.commands.run_cost", description=__doc__)
    parser.add_argument("config")
    parser.add_argument("--pilot", help="write the config of a pilot to this file, and end")
    parser.add_argument("--results", default="results", help="where the pilot's results lie (default: results)")
    chosen = parser.parse_args(arguments)
    try:
        settings, quoted = read_config_text(Path(chosen.config).read_text(encoding="utf-8"), chosen.config)
        if chosen.pilot:
            with atomic_path(chosen.pilot) as path:
                path.write_text(config_text(pilot_of(with_numbers(settings, quoted))), encoding="utf-8")
            return 0
        plan = make_plan(settings, quoted=quoted)
        costs = {name: list(study_cost(study, Path(chosen.results))) for name, study in plan.studies.items()}
    except (UserError, OSError) as error:
        print(f"run_cost: {error}", file=sys.stderr)
        return 2
    print(as_text(costs))
    return 0


def pilot_of(config: dict[str, Any]) -> dict[str, Any]:
    """The config with one replicate of everything."""
    studies = {name: {**entry, **PILOT} for name, entry in config["studies"].items()}
    return {**config, "seed": 1, "studies": studies}


def study_cost(plan: StudyPlan, results: Path) -> Iterator[tuple[str, str, float | None]]:
    """``kind, method, CPU seconds`` of all fits of a study by scenario and method; None where none was measured.

    Raises
    ------
    UserError
        Where the study has no results.
    """
    folder = results / plan.study.name
    if not (folder / "runs.parquet").is_file():
        raise UserError(f"{folder}: there are no results of a pilot; --pilot FILE writes the config of one")
    runs = read_table(str(folder / "runs.parquet"))
    fits = runs.groupby(["scenario", "method"])["cpu_seconds"].mean()
    for scenario in plan.scenarios:
        for method in plan.methods_of(scenario):
            each = fits.get((scenario, method))
            yield "fits", method, None if each is None or pd.isna(each) else float(each) * plan.replicates
    tried = read_table(str(folder / "tunings.csv"))
    tuned = tried.assign(each=tried["cpu_seconds"] / tried["n_expected"]).groupby(["scenario", "method"])["each"].sum()
    for scenario, method in plan.tunings():
        each = tuned.get((scenario, method))
        yield "tuning", method, None if each is None or pd.isna(each) else float(each) * plan.tuning_replicates


def as_text(costs: dict[str, list[tuple[str, str, float | None]]]) -> str:
    """A table by study, with its three dearest methods, and the sum."""
    lines, total = ["study        fits, s  tuning, s  not measured  dearest"], 0.0
    for study, rows in costs.items():
        table = pd.DataFrame(rows, columns=["kind", "method", "seconds"])
        spent = table.groupby("kind")["seconds"].sum()
        dearest = table.groupby("method")["seconds"].sum().nlargest(3)
        words = ", ".join(f"{name} {seconds:.0f}" for name, seconds in dearest.items())
        fits, tuning = (float(spent.get(kind, 0.0)) for kind in ("fits", "tuning"))
        lines.append(f"{study:<12} {fits:7.0f}  {tuning:9.0f}  {int(table['seconds'].isna().sum()):12d}  {words}")
        total += fits + tuning
    return "\n".join([*lines, f"{total:.0f} s of CPU in fits, {total / 3600:.1f} hours", IN_FITS])


if __name__ == "__main__":
    sys.exit(main())

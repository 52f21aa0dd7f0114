"""A registered run that nobody ran: the tables of a folder of results that publishing reads."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
from seedbed.core.files import write_json
from seedbed.core.judging.judged_claims import ClaimWords, JudgedClaim, WeighedEffects, write_verdicts
from seedbed.core.judging.tables import COST_COLUMNS, RUN_COLUMNS, SUMMARY_COLUMNS, TUNING_COLUMNS, write_table
from seedbed.core.study import load_claims

VERDICTS = ("reproduced", "contradicted", "inconclusive", "no counterexample")


def make_run(
    folder: Path, studies: dict[str, str], seed: object = "registered", date: str = "2026-11-29", turned: int = 0
) -> Path:
    """``folder/results`` of a run of some studies, each with its registration; ``turned`` claims come out otherwise."""
    results = folder / "results"
    package = folder / "workflow/scripts/seedbed"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text('__version__ = "0.3.1"\n')
    for name in studies:
        (results / name / "figures").mkdir(parents=True, exist_ok=True)
        claims = [_claim(entry, place, turned) for place, entry in enumerate(load_claims(name))]
        write_verdicts(claims, results / name / "claims.json")
        runs = [[name, "s", "m", replicate, "ok", "", 1.0, 2.0, 3.0] for replicate in range(40)]
        write_table(pd.DataFrame(runs, columns=RUN_COLUMNS + COST_COLUMNS), f"{results}/{name}/runs.parquet")
        tunings = [["s", "m", "{}", 0.1, 0.01, 8, 8, seconds, seconds == 30.0, ""] for seconds in (30.0, 45.0)]
        write_table(pd.DataFrame(tunings, columns=TUNING_COLUMNS), f"{results}/{name}/tunings.csv")
        means = [["s", "m", "error", 0.123456, 0.01, 0.11, 0.13, 40, 40]]
        write_table(pd.DataFrame(means, columns=SUMMARY_COLUMNS), f"{results}/{name}/summary.csv")
    write_json(
        {
            "date": f"{date}T12:00:00+00:00",
            "git": {"commit": "0123456789abcdef", "modified": False, "remote": ""},
            "processor": "a processor",
            "cores": 2,
            "memory_gb": 8.0,
            "platform": "Linux",
            "python": "3.11.1",
            "packages": {"numpy": "2.0.0", "other": "1"},
            "seed": seed,
            "registered": studies if seed == "registered" else {},
            "config": {"studies": {name: {"replicates": 40} for name in studies}},
        },
        results / "provenance.json",
    )
    return results


def _claim(entry: dict[str, Any], place: int, turned: int) -> JudgedClaim:
    tested = "test" in entry
    verdict = VERDICTS[(place + (place < turned)) % len(VERDICTS)] if tested else "not tested here"
    weighed = WeighedEffects.none(entry.get("not_tested", ""))
    if tested:
        law = "share" if verdict == "no counterexample" else "any"
        weighed = replace(weighed, n=40, n_expected=40, law=law, effect=0.2, low=0.1, high=0.3, holds_above=0.0)
    words = {field.name: getattr(ClaimWords.of(entry), field.name) for field in fields(ClaimWords)}
    judged = {"p_holm": 0.001, "family": 5, "verdict": verdict, "standing": "registered", "budgets": {}}
    return JudgedClaim(**words, **vars(weighed), **judged)

"""Results that no fit has computed: tables of a config with drawn numbers, for tests of what is made from them."""

from __future__ import annotations

import contextlib
import itertools
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from seedbed.core.job_records.reports import ReportJob
from seedbed.core.job_records.summaries import FigureJob, SummaryJob
from seedbed.core.jobs.scoring import tuning_table
from seedbed.core.judging.claim_tests import read_test
from seedbed.core.judging.claims import judge_claims
from seedbed.core.judging.judged_claims import write_verdicts
from seedbed.core.judging.summaries import SummaryFiles, summarise_study
from seedbed.core.judging.tables import write_table
from seedbed.core.planning.config import make_plan
from seedbed.core.planning.plan import Plan, StudyPlan
from seedbed.core.study import Study, load_claims, load_study, study_names
from seedbed.report.drawing.draw import draw_figures
from seedbed.report.page.render import render_report

FROM_SCORES = {"certificates"}  # studies' own figures that need no data and no fits
SUMMARY = ("summary", "costs", "standings", "comparisons", "claims", "state")


def config_of_all_studies(scenarios: int = 2, methods: int = 6, replicates: int = 6) -> dict[str, Any]:
    """Some scenarios and methods of every study, a control and an oracle among them where there is one.

    Scenarios in which methods are ranked come first.
    """
    studies = {}
    for name in study_names():
        study = load_study(name)
        special = [key for key, method in study.methods.items() if method.role in ("control", "oracle")]
        chosen = [*[key for key in study.methods if key not in special][:methods], *special]
        studies[name] = {
            "replicates": replicates,
            "scenarios": {key: {} for key in sorted(study.scenarios, key=unranked_in(study))[:scenarios]},
            "methods": {key: {} for key in chosen},
        }
    return {"seed": 1, "studies": studies, "report": {"title": "Made results"}}


def unranked_in(study: Study) -> Callable[[str], bool]:
    """Tells the scenarios in which nobody can be ranked: no control, or too few methods."""

    def unranked(scenario: str) -> bool:
        task = study.generators[study.scenarios[scenario].generator].task
        roles = [method.role for method in study.methods.values() if method.task in ("", task)]
        return "control" not in roles or len(roles) < 3

    return unranked


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """As a job of the workflow does: in the folder that holds ``results``."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def make_results(folder: Path, config: dict[str, Any]) -> Plan:
    """Everything of ``folder/results`` but data and fits, the report included."""
    with working_in(folder):
        plan = make_plan(config)
        for study in plan.studies.values():
            make_study(plan, study, draw_tables(study))
            invent_verdicts(study)
        render(plan)
    return plan


def make_study(plan: Plan, study: StudyPlan, tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """The tables and figures of one study from its scores and runs, in the working directory."""
    folder = Path("results", study.study.name)
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    scores, runs = tables
    write_table(scores, f"{folder}/scores.parquet")
    write_table(runs, f"{folder}/runs.parquet")
    write_table(tuning_table([], []), f"{folder}/tunings.csv")
    files = {name: f"{folder}/{name}.{'json' if name in ('claims', 'state') else 'csv'}" for name in SUMMARY}
    summarise_study(SummaryJob.from_json(study.summary_job(plan.report)), scores, runs, SummaryFiles(**files))
    inputs = {name: f"{folder}/{name}.parquet" for name in ("scores", "runs")}
    inputs |= {name: files[name] for name in ("summary", "costs", "comparisons")}
    job = FigureJob.from_json(study.figure_job(plan.report))
    job = replace(job, figures={name: job.figures[name] for name in FROM_SCORES & set(job.figures)})
    draw_figures(job, inputs, f"{folder}/figures")


def invent_verdicts(study: StudyPlan) -> None:
    """Judge all claims of a study on drawn scores, also where the run has not their scenarios and methods."""
    claims = load_claims(study.study.name)
    tests = [read_test(entry["test"]) for entry in claims if entry.get("test", {}).get("kind", "speed") != "speed"]
    scores = []
    for place, test in enumerate(tests):
        about = study.study.metrics[test.metric]
        for scenario, method in itertools.product(test.named_scenarios, test.named_methods):
            rng = np.random.default_rng(zlib.crc32(f"{scenario} {method} {place % 3}".encode()))
            values = np.clip(rng.uniform(0.2, 0.8) + rng.normal(0, 0.1, 10), 0, 1)
            values = values if about.log_floor is None else 10 ** (-16 + 16 * values)
            scores += [[scenario, method, replicate, test.metric, value] for replicate, value in enumerate(values)]
    table = pd.DataFrame(scores, columns=["scenario", "method", "replicate", "metric", "value"])
    table = table.drop_duplicates(["scenario", "method", "replicate", "metric"])
    write_verdicts(judge_claims(claims, table), f"results/{study.study.name}/claims.json")


def render(plan: Plan, job: ReportJob | None = None, n_processes: int = 1) -> None:
    """The report, in the working directory."""
    files = "results/report.html", "results/provenance.json"
    render_report(job or ReportJob.from_json(plan.report_job()), *files, n_processes)


def draw_tables(study: StudyPlan, failures: bool = True) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores and runs: methods differ, replicates spread, and one method fails in one scenario."""
    scores, runs = [], []
    for position, scenario in enumerate(study.scenarios):
        for method in study.methods_of(scenario):
            rng = np.random.default_rng(zlib.crc32(f"{scenario} {method}".encode()))
            level = {"control": 0.9, "oracle": 0.05}.get(study.methods[method].role, rng.uniform(0.1, 0.6))
            for replicate in range(study.replicates):
                broken = failures and position == 0 and method == study.methods_of(scenario)[1] and replicate < 2
                status, message = ("error", "ValueError: made to fail") if broken else ("ok", "")
                costs = rng.lognormal(-2, 0.2), rng.lognormal(-2, 0.2), rng.lognormal(2, 0.1)
                runs.append([study.study.name, scenario, method, replicate, status, message, *costs])
                for metric, about in study.metrics_of(scenario).items() if not broken else ():
                    loss = np.clip(level + rng.normal(0, 0.03), 0, 1)
                    value = loss if about.direction == "lower" else 1 - loss
                    value = 10 ** (-16 + 16 * loss) if about.log_floor is not None else value
                    scores.append([study.study.name, scenario, method, replicate, metric, value])
    columns = ["study", "scenario", "method", "replicate"]
    costs = ["status", "message", "wall_seconds", "cpu_seconds", "peak_memory_mb"]
    return pd.DataFrame(scores, columns=[*columns, "metric", "value"]), pd.DataFrame(runs, columns=[*columns, *costs])

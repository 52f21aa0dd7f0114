"""The report: one self-contained HTML file, and its provenance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml

from seedbed.core.errors import printable
from seedbed.core.files import atomic_path, read_json, reading, write_json
from seedbed.core.job_records.reports import ReportJob
from seedbed.core.judging.tables import read_table
from seedbed.core.keeping.provenance import describe_run
from seedbed.core.recall.user_cache import forget_old
from seedbed.core.statuses import FAILED, NOT_REPRODUCIBLE, USABLE
from seedbed.report import numbers
from seedbed.report.drawing.formats import VEGA_CONFIG
from seedbed.report.formulas import in_letters, with_formulas
from seedbed.report.ledger import findings, rows
from seedbed.report.ledger.interval_widths import deciding_size, interval_widths
from seedbed.report.own_data import NO_RANKING, title_of

from . import bundle
from .benchmark_page import describe_benchmark
from .study_page import describe_study

TEMPLATES = Path(__file__).parent / "templates"
STUDY_PARTS = (("data", "Data"), ("which", "Which method when"), ("map", "Heat map"), ("results", "Results"),
               ("figures", "Figures"), ("tunings", "Tuned parameters"), ("failures", "Failures"),
               ("references", "References"), ("files", "Files"))  # fmt: skip
STUDY_FILES = ("scores.parquet", "runs.parquet", "summary.csv", "costs.csv", "standings.csv", "comparisons.csv",
               "tunings.csv", "claims.json")  # fmt: skip


def render_report(job: ReportJob, report: str, provenance: str, n_processes: int = 1) -> None:
    """Write the report (HTML) and the record of the run (JSON).

    Parameters
    ----------
    job : ReportJob
        What was asked for, and what things are called.
    report, provenance : str
        The files to write, beside the studies' folders.
    n_processes : int
        How many studies are read and described side by side.
    """
    results = Path(report).parent
    level = job.settings.confidence_level
    studies = _described(job, results, n_processes)
    runs = pd.concat([study.pop("runs") for study in studies], ignore_index=True)
    claims = [claim for study in studies for claim in study["claims"]]
    record = describe_run(job, runs)
    write_json(record, provenance)
    script = f"\n{bundle.script()}\n"
    page = (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=title_of(job.settings.title, studies),
            no_ranking=NO_RANKING,
            level=level,
            studies=studies,
            claims=claims,
            order=rows.ORDER,
            names=[study["study"] for study in studies],
            study_parts=STUDY_PARTS,
            files=STUDY_FILES,
            after="standings",
            ledger_rows=bundle.pack_json([rows.table_row(claim) for claim in claims]),
            record=record,
            banners=[*_banners(job, studies, runs, results)],
            benchmarks=[describe_benchmark(found, read_table(found.path)) for found in job.benchmarks],
            config_text=yaml.safe_dump(dict(job.config), sort_keys=False, allow_unicode=True, width=110),
            resolved_text=json.dumps(job.resolved, indent=1),
            now=datetime.now(UTC),
            style=bundle.style_sheet(),
            script=script,
            content_policy=bundle.content_policy(script),
            vega_config=VEGA_CONFIG.read_text(encoding="utf-8"),
            libraries=bundle.libraries(),
            formats=list(dict.fromkeys(["svg", *job.settings.figure_formats])),
            library_versions=bundle.library_versions(),
            views={study["study"]: study["packed_views"] for study in studies},
        )
    )
    with atomic_path(report) as part:
        part.write_text(page, encoding="utf-8")
    forget_old("views-")
    forget_old("picture-")


def _described(job: ReportJob, results: Path, n_processes: int) -> list[dict[str, Any]]:
    """What the page shows of each study: a second of work apiece, which is most of a report's."""
    names, level = list(job.studies), job.settings.confidence_level
    asked = names, [results / each.study for each in names], [level] * len(names)
    if min(n_processes, len(names)) < 2:
        return list(map(describe_study, *asked))
    with ProcessPoolExecutor(min(n_processes, len(names)), get_context("fork")) as pool:
        return list(pool.map(describe_study, *asked))


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    filters = ("number", "interval", "p_value", "better_end", "seconds", "megabytes")
    environment.filters |= {name: getattr(numbers, name) for name in filters}
    environment.filters |= {
        name: getattr(rows, name) for name in ("verdict_counts", "false_verdicts", "put_to_the_test", "left_out")
    }
    environment.filters |= {
        "formulas": with_formulas,
        "in_letters": in_letters,
        "interval_widths": interval_widths,
        "deciding_size": deciding_size,
        "larger_run": findings.larger_run,
        "totals": findings.totals,
        "tally": findings.tally,
        "words": lambda name: str(name).replace("_", " "),
    }
    environment.tests["known"] = numbers.known
    return environment


def _seen(value: Any) -> Any:
    """Texts that others wrote, with their control characters as escapes; what we mark as HTML passes."""
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def tables_digest(folder: Path) -> str:
    """The digest of what the config asked for when the tables of a study's folder were made."""
    path = folder / "state.json"
    state = read_json(path)
    with reading(path):
        return state["cells"]


def _banners(
    job: ReportJob, studies: list[dict[str, Any]], runs: pd.DataFrame, results: Path
) -> Iterator[dict[str, str]]:
    """What a reader must know before believing the page: results of another config, and cells that are missing."""
    older = [study["title"] for study in studies if tables_digest(results / study["study"]) != study["cells"]]
    if older:
        every = len(older) == len(studies) > 1
        whose = "all studies" if every else ", ".join(f"“{title}”" for title in older)
        yield {
            "kind": "outdated",
            "text": f"The results of {whose} are older than this config or this code: run snakemake --cores N without "
            "options that leave work out.",
            "link": "provenance",
        }
    for study in studies:
        if study["costs"]["missing"]:
            yield {
                "kind": "incomplete",
                "text": f"“{study['title']}” is incomplete: {study['costs']['missing']} of "
                f"{study['costs']['expected']} fits of this config are not in its tables.",
                "link": f"{study['study']}-failures",
            }
    failed = int(runs["status"].isin(FAILED).sum())
    if failed:
        yield {
            "kind": "incomplete",
            "text": f"{failed} of {len(runs)} fits failed. Means are over the replicates that gave an answer; every "
            "table says how many.",
            "link": "failures",
        }
    differing = int(runs["message"].fillna("").str.startswith(NOT_REPRODUCIBLE).sum())
    if differing:
        yield {
            "kind": "incomplete",
            "text": f"{differing} fit{'s' if differing > 1 else ''} gave another answer when repeated with the same "
            "seed: what rests on such a method holds for these runs of it alone.",
            "link": "failures",
        }
    if not runs["status"].isin(USABLE).any():
        yield {"kind": "incomplete", "text": "No fit gave an answer.", "link": "failures"}
    if job.settings.confidence_level != 0.95:
        level = 100 * job.settings.confidence_level
        yield {"kind": "note", "text": f"Intervals and verdicts are at a level of {level:g} %.", "link": "claims"}

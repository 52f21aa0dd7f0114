"""The report: one self-contained HTML file, and its provenance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml

from ..core.files import atomic_path, read_json, reading, write_json
from ..core.provenance import describe_run
from ..core.statuses import FAILED, USABLE
from ..core.tables import read_table
from . import bundle, numbers
from .benchmark_page import describe_benchmark
from .ledger import VERDICTS, verdict_counts
from .study_page import RESULTS, describe_study

TEMPLATES = Path(__file__).parent / "templates"


def render_report(job: dict[str, Any], output: Any) -> None:
    """Write ``output.report`` (HTML) and ``output.provenance`` (JSON).

    Parameters
    ----------
    job : dict
        ``config``, ``config_digest``, ``resolved``, ``settings``, ``studies`` and ``benchmarks`` (see
        ``Plan.report_job``).
    output : object
        With the attributes ``report`` and ``provenance``: the files to write.
    """
    studies = [describe_study(names) for names in job["studies"]]
    runs = pd.concat([study.pop("runs") for study in studies], ignore_index=True)
    record = describe_run(job, runs)
    write_json(record, output.provenance)
    page = (
        _environment()
        .get_template("page.html.j2")
        .render(
            title=job["settings"]["title"],
            level=job["settings"]["confidence_level"],
            studies=studies,
            claims=[claim for study in studies for claim in study["claims"]],
            verdicts=VERDICTS,
            record=record,
            banners=[*_banners(job, studies, runs)],
            benchmarks=[describe_benchmark(found, read_table(found["path"])) for found in job["benchmarks"]],
            config_text=yaml.safe_dump(job["config"], sort_keys=False, allow_unicode=True, width=110),
            resolved_text=json.dumps(job["resolved"], indent=1),
            now=datetime.now(UTC),
            style=bundle.style_sheet(),
            script=bundle.script(),
            vega_config=(bundle.ASSETS / "vega_config.json").read_text(encoding="utf-8"),
            libraries=bundle.libraries(),
            library_versions=bundle.library_versions(),
            views={study["study"]: bundle.pack_json(study["views"]) for study in studies},
        )
    )
    with atomic_path(output.report) as part:
        part.write_text(page, encoding="utf-8")


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = ("number", "interval", "p_value", "seconds", "megabytes")
    environment.filters |= {name: getattr(numbers, name) for name in filters}
    environment.filters |= {"verdict_counts": verdict_counts, "words": lambda name: str(name).replace("_", " ")}
    environment.tests["known"] = numbers.known
    return environment


def tables_digest(study: str) -> str:
    """The digest of what the config asked for when the study's tables were made."""
    path = RESULTS / study / "state.json"
    state = read_json(path)
    with reading(path):
        return state["cells"]


def _banners(job: dict[str, Any], studies: list[dict[str, Any]], runs: pd.DataFrame) -> Iterator[dict[str, str]]:
    """What a reader must know before believing the page: results of another config, and cells that are missing."""
    for study in studies:
        if tables_digest(study["study"]) != study["cells"]:
            yield {
                "kind": "outdated",
                "text": f"The results of “{study['title']}” are older than this config or this code: run "
                "snakemake --cores N without options that leave work out.",
                "link": "provenance",
            }
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
    if not runs["status"].isin(USABLE).any():
        yield {"kind": "incomplete", "text": "No fit gave an answer.", "link": "failures"}
    if job["settings"]["confidence_level"] != 0.95:
        level = 100 * job["settings"]["confidence_level"]
        yield {"kind": "note", "text": f"Intervals and verdicts are at a level of {level:g} %.", "link": "claims"}

"""The report: one self-contained HTML file, and its provenance."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd

from ..core.files import atomic_path, read_json, write_json
from ..core.provenance import describe_run
from ..core.statuses import STATUSES, USABLE
from ..core.tables import read_table
from .numbers import interval, number, p_value

RESULTS = Path("results")


def render_report(job: dict[str, Any], output: Any) -> None:
    """Write ``output.report`` (HTML) and ``output.provenance`` (JSON).

    Parameters
    ----------
    job : dict
        ``config``, ``config_digest``, ``settings``, ``studies`` and ``benchmarks`` (see ``Plan.report_job``).
    output : object
        With the attributes ``report`` and ``provenance``: the files to write.
    """
    studies = [describe_study(names, job["settings"]["confidence_level"]) for names in job["studies"]]
    runs = pd.concat([study.pop("runs") for study in studies], ignore_index=True)
    record = describe_run(job["config"], job["config_digest"], runs)
    write_json(record, output.provenance)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "p_value": p_value}
    page = environment.get_template("report.html.j2").render(
        title=job["settings"]["title"],
        level=job["settings"]["confidence_level"],
        studies=studies,
        record=record,
        coverage=f"{runs['status'].isin(USABLE).sum()} of {len(runs)}",
        benchmarks=[_benchmark(found) for found in job["benchmarks"]],
        statuses=STATUSES[1:],
        config_text=json.dumps(job["config"], indent=2),
    )
    with atomic_path(output.report) as part:
        part.write_text(page, encoding="utf-8")


def _benchmark(found: dict[str, str]) -> dict[str, Any]:
    """The table of one study, and whether the code has changed since it was measured."""
    table = read_table(found["path"])
    return {
        "rows": table.replace({np.nan: None}).to_dict("records"),
        "outdated": set(table["job"]) != {found["job"]},
    }


def describe_study(names: dict[str, Any], level: float) -> dict[str, Any]:
    """Everything that the template shows of one study."""
    folder = RESULTS / names["study"]
    tables = {name: read_table(str(folder / f"{name}.csv")) for name in ("summary", "costs", "comparisons")}
    runs = read_table(str(folder / "runs.parquet"))
    labels = {name: method["label"] for name, method in names["methods"].items()}
    images = {path.stem: embed_svg(path) for path in sorted((folder / "figures").glob("*.svg"))}
    return names | {
        "folder": folder.as_posix(),
        "labels": labels,
        "runs": runs,
        "claims": read_json(folder / "claims.json"),
        "tables": [describe_scenario(names, scenario, tables) for scenario in names["scenarios"]],
        "overall": [name for name in images if "." not in name],
        "failures": _failures(runs, labels),
        "images": images,
    }


def describe_scenario(names: dict, scenario: dict[str, Any], tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """The table of one scenario: methods in the order of the main metric, best first."""
    summary = tables["summary"][tables["summary"]["scenario"] == scenario["name"]]
    costs = tables["costs"][tables["costs"]["scenario"] == scenario["name"]].set_index("method")
    cells = {(row.method, row.metric): row for row in summary.itertuples()}
    scored = set(summary.loc[summary["n_scored"] > 0, "metric"])
    main, *others = scenario["metrics"]
    others = [metric for metric in others if metric in scored]
    rows = [
        {
            **names["methods"][method],
            "main": _cell(cells.get((method, main))),
            "others": [_cell(cells.get((method, metric))) for metric in others],
            "cost": costs.loc[method].to_dict(),
        }
        for method in scenario["methods"]
    ]
    sign = 1 if names["metrics"][main]["direction"] == "lower" else -1
    rows.sort(key=lambda row: np.nan_to_num(sign * row["main"]["mean"], nan=np.inf))
    metrics = {"main": names["metrics"][main], "others": [names["metrics"][metric] for metric in others]}
    return {"name": scenario["name"], "label": scenario["label"], "rows": rows, **metrics}


def _cell(row: Any) -> dict[str, Any]:
    if row is None:
        return {"mean": np.nan, "error": np.nan, "interval": "–"}
    return {"mean": row.mean, "error": row.standard_error, "interval": interval(row.low, row.high)}


def _failures(runs: pd.DataFrame, labels: dict[str, str]) -> list[dict[str, Any]]:
    """One line per scenario, method, status and message, with the replicates that it befell."""
    bad = runs[runs["status"] != "ok"]
    groups = bad.groupby(["scenario", "method", "status", "message"], sort=False)["replicate"]
    return [
        {
            "scenario": scenario,
            "label": labels[method],
            "status": status,
            "message": message,
            "replicates": ", ".join(map(str, replicates)),
        }
        for (scenario, method, status, message), replicates in groups
    ]


def embed_svg(path: Path) -> str:
    """The figure as a data URI: the page needs no other file."""
    return "data:image/svg+xml;base64," + base64.b64encode(path.read_bytes()).decode()

"""The page on an answer: what was fitted to what, what the clusters or classes are like, and how to use it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import numpy as np
import pandas as pd

from seedbed.core.errors import printable
from seedbed.core.files import atomic_path, reading

from .model import Answer, load_answer

_MOST = 40  # features of which means are shown
# what stands out in a table of means: beyond so many standard deviations of all rows
_APART = 0.75

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
<style>
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.45; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } .scroll { overflow-x: auto; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #8885; text-align: right; font-variant-numeric: tabular-nums; }
th:first-child, td.text { text-align: left; } .high, .low { font-weight: 600; }
.high::after { content: " \\25b2"; color: #b45309; } .low::after { content: " \\25bc"; color: #1d4ed8; }
pre { padding: .8rem; overflow-x: auto; background: #8882; } small, .note { opacity: .8; }
</style></head><body>
<p><a href="../../../report.html">The whole report</a></p>
<h1>{{ title }}</h1>
<p>{{ lead }}</p>
<ul>{% for line in facts %}<li>{{ line }}</li>{% endfor %}</ul>
{% if groups %}
<h2>{{ heading }}</h2>
<div class="scroll" role="region" tabindex="0" aria-label="{{ heading }}"><table>
<thead><tr><th scope="col">{{ kind }}</th>
{%- for name in columns %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
<tbody>
{% for group in groups %}<tr><th scope="row">{{ group.name }}</th>
{%- for cell in group.cells %}<td class="{{ cell.side }}">{{ cell.text }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div>
<p class="note">{{ note }}</p>
{% endif %}
<h2>Use it</h2>
<p><a href="labels.csv">labels.csv</a>: {{ said }}. In Python, in the folder of the project, for other rows too:</p>
<pre>import sys
sys.path.insert(0, "workflow/scripts")
from seedbed import load_answer

answer = load_answer("{{ model }}")
answer.predict("data/more_rows.csv")   # the columns of the first table; a data frame does as well
</pre>
<p>{{ predicts }}</p>
</body></html>
"""


def write_page(labels_file: str, model_file: str, page_file: str) -> None:
    """Write the page of an answer.

    Parameters
    ----------
    labels_file, model_file : str
        What :func:`seedbed.answers.fitting.write_answer` wrote.
    page_file : str
    """
    answer = load_answer(model_file)
    with reading(labels_file):
        table = pd.read_csv(labels_file, dtype={"id": str})
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, finalize=_seen)
    page = environment.from_string(_PAGE).render(page_parts(answer, table, model_file))
    with atomic_path(page_file) as part:
        Path(part).write_text(page, encoding="utf-8")


def page_parts(answer: Answer, table: pd.DataFrame, model_file: str) -> dict[str, Any]:
    """What the page says."""
    scenario, method = answer.about["labels"]
    clusters = "silhouette" in table
    kind = "Cluster" if clusters else "Class" if "label" in table else "Variable"
    columns = [name for name in table if name not in ("id", "row")]
    params = ", ".join(f"{name} = {value}" for name, value in answer.params.items())
    facts = [
        f"{len(table)} rows of {answer.about['path'] or scenario}, {len(answer.recipe.names)} features",
        f"{answer.method}: {params}" if params else answer.method,
    ]
    left_out = int(answer.rows.max(initial=0)) - len(answer.rows)
    if left_out > 0:
        which = f"{left_out} row{'s' if left_out > 1 else ''} before the last one"
        facts.append(f"{which} left out, as the scenario says, and without a label")
    return {
        "title": f"{method}: {scenario}",
        "lead": "The chosen method, fitted to all rows. Which method does better, and how surely, the report says.",
        "facts": facts,
        "kind": kind,
        **(_of_groups(answer, table, kind) if "label" in table else _of_variables(answer)),
        "said": f"id and row of the file, and {', '.join(map(str, columns))}",
        "model": model_file,
        "predicts": (
            "The file holds numbers and text alone. When a prediction is asked for, the method is fitted again to the "
            "rows in it, and must give the same answer; a method without a way of its own to predict says so."
        ),
    }


def _of_groups(answer: Answer, table: pd.DataFrame, kind: str) -> dict[str, Any]:
    more = ["silhouette"] if kind == "Cluster" else []
    return {
        "heading": f"What the {kind.lower()}{'es' if kind == 'Class' else 's'} are like",
        "columns": ["rows", *more, *_names(answer)],
        "groups": list(_groups(answer, table)),
        "note": _note(answer),
    }


def _of_variables(answer: Answer) -> dict[str, Any]:
    ranked = sorted(answer.importance.items(), key=lambda item: -item[1])[:_MOST]
    return {
        "heading": "Which variables matter",
        "columns": ["importance"],
        "groups": [{"name": name, "cells": [{"text": _number(value), "side": ""}]} for name, value in ranked],
        "note": (
            "The share of the predictor's variance that is lost when a variable is shuffled between rows; how much "
            "that varies between samples, the report shows."
        ),
    }


def _names(answer: Answer) -> list[str]:
    return answer.recipe.names[:_MOST]


def _groups(answer: Answer, table: pd.DataFrame) -> Any:
    """Sizes, silhouettes, and means of the features in the table's own units."""
    values = answer.original_features()[:, :_MOST]
    means, spreads = values.mean(axis=0), values.std(axis=0)
    for label, rows in table.groupby("label").indices.items():
        part = table.iloc[rows]
        cells = [{"text": str(len(rows)), "side": ""}]
        if "silhouette" in table:
            cells.append({"text": _number(part["silhouette"].mean()), "side": ""})
        for mean, whole, spread in zip(values[rows].mean(axis=0), means, spreads, strict=True):
            apart = (mean - whole) / spread if spread > 0 else 0.0
            side = "high" if apart > _APART else "low" if apart < -_APART else ""
            cells.append({"text": _number(mean), "side": side})
        yield {"name": str(label), "cells": cells}


def _note(answer: Answer) -> str:
    more = len(answer.recipe.names) - _MOST
    hidden = f" {more} more features are not shown." if more > 0 else ""
    return (
        f"Means in the units of the table; ▲ and ▼ where they lie more than {_APART:g} standard deviations of all rows "
        f"above or below the mean of all.{hidden}"
    )


def _number(value: float) -> str:
    return "–" if not np.isfinite(value) else f"{value:.3g}".replace("-", "−")


def _seen(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not hasattr(value, "__html__") else value

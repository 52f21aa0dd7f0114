"""``docs/ledger``: what is kept there, and the pages that are computed from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from seedbed.core.files import atomic_path, read_json, write_json
from seedbed.core.judging.tables import read_table
from seedbed.core.study import load_study
from seedbed.report.numbers import known

from .benchmarks import BENCHMARK, benchmark_page, present_code, publish_benchmarks, read_benchmarks
from .figures import published_figure
from .findings import findings_block, with_findings
from .pages import Ledger, pages
from .picture import picture
from .rows import read_claims_of_run, read_ledger, write_ledger
from .runs import present_registrations, registrations_of, runs_of, write_history
from .seeds import compared, keep_comparisons, read_comparisons

LEDGER, PROVENANCE, HISTORY, SEEDS, PICTURE = (
    "ledger.csv", "provenance.json", "history.csv", "other_seeds.csv", "ledger.svg",
)  # fmt: skip
_MEANS = ["scenario", "method", "metric", "mean", "low", "high", "n_scored", "n_expected"]


def publish(results: Path, folder: Path) -> list[str]:
    """Take over the registered studies of a run; those of other runs stay as they are.

    Returns
    -------
    list of str
        The studies.

    Raises
    ------
    UserError
        Where the run is not finished or not registered, a benchmark in it is of other code, or the history is not the
        committed one.
    """
    runs = runs_of(results)
    rows = [row for name in runs for row in read_claims_of_run(load_study(name), results / name / "claims.json")]
    publish_benchmarks(results, folder)  # it may refuse, before anything is written
    write_history(folder / HISTORY, rows, runs)
    kept = [row for row in read_ledger(folder / LEDGER) if row.study not in runs]
    write_ledger(sorted([*kept, *rows], key=lambda row: row.study), folder / LEDGER)
    for name, run in runs.items():
        run["figure"] = _publish_figure(name, results, folder)
        _write(folder / f"{name}.csv", _means(results / name / "summary.csv"))
    write_json({**_kept_runs(folder), **runs}, folder / PROVENANCE)
    return [*runs]


def compare(
    results: Path, folder: Path, registrations: Callable[[Mapping[str, Any]], Mapping[str, str]] = registrations_of
) -> list[dict[str, str]]:
    """Hold a run with another seed against what is published, and keep how many verdicts differ.

    Parameters
    ----------
    results, folder : Path
        Of the run, and of the ledger.
    registrations : callable
        What a config's studies digest to, with the code of the run, which has to be the code that is here.
    """
    lines = compared(read_ledger(folder / LEDGER), _kept_runs(folder), results, registrations)
    keep_comparisons(folder / SEEDS, lines)
    return lines


def load_ledger(folder: Path, present: Mapping[str, str] | None = None) -> Ledger:
    """What the folder holds, with the digests of the code that is here."""
    runs = _kept_runs(folder)
    return Ledger(
        rows=read_ledger(folder / LEDGER),
        runs=runs,
        present=present_registrations() if present is None else present,
        seeds=read_comparisons(folder / SEEDS),
        benchmarks=read_benchmarks(folder / BENCHMARK),
        figures={name: run["figure"] for name, run in runs.items() if run["figure"]},
    )


def written_pages(ledger: Ledger, readme: str) -> dict[str, str]:
    """Path below the repository -> text, of everything that is computed from the ledger."""
    texts = {f"docs/ledger/{name}": text for name, text in pages(ledger).items()}
    texts[f"docs/ledger/{PICTURE}"] = picture(ledger)
    if ledger.benchmarks:
        texts["docs/ledger/benchmark.md"] = benchmark_page(ledger.benchmarks, present_code(ledger.benchmarks))
    return texts | {"README.md": with_findings(readme, findings_block(ledger))}


def write_pages(root: Path) -> None:
    """Compute the pages, the picture and the findings of the front page anew."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name, text in written_pages(load_ledger(root / "docs/ledger"), readme).items():
        _write(root / name, text)


def _kept_runs(folder: Path) -> dict[str, Any]:
    path = folder / PROVENANCE
    return read_json(path) if path.exists() else {}


def _publish_figure(study: str, results: Path, folder: Path) -> dict[str, str]:
    found = published_figure(load_study(study), results)
    if found is None:
        return {}
    said, content = found
    with atomic_path(folder / said["file"]) as path:
        path.write_bytes(content)
    return said


def _means(path: Path) -> str:
    """The summary of a study to four digits, small enough to be committed."""
    table = read_table(str(path))[_MEANS]
    numbers = table.select_dtypes("float").columns
    return table.assign(**{name: table[name].map(_four_digits) for name in numbers}).to_csv(
        index=False, lineterminator="\n"
    )


def _four_digits(value: float) -> Any:
    return float(f"{value:.4g}") if known(value) else pd.NA


def _write(path: Path, text: str) -> None:
    with atomic_path(path) as part:
        part.write_text(text, encoding="utf-8")

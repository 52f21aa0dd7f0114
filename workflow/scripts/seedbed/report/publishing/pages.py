"""The pages of the published ledger, computed from its CSV, its provenance and the digests of the present code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seedbed.core.study import load_study
from seedbed.core.study_folders import study_names
from seedbed.report.numbers import seconds

from .rows import Row
from .words import EARLIER, WHOSE, counted, in_order, is_earlier, table

_HEAD = """\
# The ledger

What the registered runs found, claim by claim. A claim is **registered** when its test was fixed before the data that
judge it were drawn: the seed of these data is the digest of claims, scenarios, methods, replicates and code. That is
not to say that nothing was known: `written` in [ledger.csv](ledger.csv), which has all numbers, tells whether claim and
test were fixed before any result of it had been seen. Of the {tested} claims that were tested, {before} were. How a
verdict comes about is in [the questions](../faq.md#how-sure-is-a-verdict).

![A square for every claim, by study: held, contradicted, open, not tested](ledger.svg)"""
_REPEAT = """\
## Again

`make ledger` runs `config/ledger.yaml` (it goes on where it was stopped), and writes this folder; `make pages` computes
the pages anew. A study whose claims, scenarios, methods or code have changed since its run is said to be *of an earlier
version*. [history.csv](history.csv) keeps every run that was ever published, and is only added to: a published verdict
cannot disappear. Runs that were never published are not in it. [provenance.json](provenance.json) has the packages."""
_SEEDS = """\
## Other dice

The published run and the same study with another seed, or on another machine (`--compare`): how many verdicts come out
otherwise."""


@dataclass(frozen=True)
class Ledger:
    """What ``docs/ledger`` holds, and what it is held against."""

    rows: Sequence[Row]
    runs: Mapping[str, Mapping[str, Any]]
    present: Mapping[str, str]
    seeds: Sequence[Mapping[str, str]] = ()
    benchmarks: Sequence[Mapping[str, str]] = ()
    figures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # study -> file, title, caption

    @property
    def studies(self) -> list[str]:
        """Those that were published, by name."""
        return sorted(self.runs)

    def is_earlier(self, study: str) -> bool:
        """Whether what the study's run judged is not what the repository holds now."""
        return is_earlier(self.runs[study], self.present.get(study))

    def of(self, study: str, origin: str = "") -> list[Row]:
        """The claims of a study, of one origin or of both."""
        return [row for row in self.rows if row.study == study and origin in ("", row.origin)]


def pages(ledger: Ledger) -> dict[str, str]:
    """File name -> text, of every page."""
    return {"README.md": front_page(ledger)} | {f"{study}.md": study_page(ledger, study) for study in ledger.studies}


def front_page(ledger: Ledger) -> str:
    """Counts by study, what stands against the papers and against us, and where it all comes from."""
    parts = [_head(ledger), "## By study", _counts(ledger), *_against(ledger)]
    parts += ["## Where it comes from", _provenance(ledger), *_seeds(ledger), *_speed(ledger), _REPEAT]
    return "\n\n".join(parts) + "\n"


def study_page(ledger: Ledger, study: str) -> str:
    """All claims of one study, its figure, and its run."""
    parts = [f"# {title_of(study)}: what was found", _state(ledger, study), *_figure(ledger, study)]
    for origin, title in WHOSE.items():
        if rows := ledger.of(study, origin):
            parts += [f"## {title}", f"{len(rows)}: {counted(rows)}.", *_claims(rows)]
    return "\n\n".join(parts) + "\n"


def title_of(study: str) -> str:
    """The study's title; one that the repository no longer has keeps its name."""
    return load_study(study).title if study in study_names() else study


def _head(ledger: Ledger) -> str:
    tested = [row for row in ledger.rows if row.is_tested]
    before = sum(row.written == "before results" for row in tested)
    return _HEAD.format(tested=len(tested), before=before)


def _counts(ledger: Ledger) -> str:
    rows = []
    for study in ledger.studies:
        state = EARLIER if ledger.is_earlier(study) else "current"
        paper, ours = (counted(ledger.of(study, origin)) for origin in WHOSE)
        rows.append((f"[{study}]({study}.md)", paper, ours, state))
    return table(("study", "the paper’s claims", "our own", "version"), rows)


def _against(ledger: Ledger) -> Iterator[str]:
    """What was contradicted, the papers' and ours alike, with its source: not every bound is the paper's own."""
    for origin, title in (("paper", "## Against the papers"), ("ours", "## Against us")):
        found = [row for row in ledger.rows if (row.origin, row.verdict) == (origin, "contradicted")]
        yield title
        lines = (f"- {row.study}: {row.statement} Source: {row.source}. Found: {_found(row)}." for row in found)
        yield "\n".join(lines) or "Nothing."


def _found(row: Row) -> str:
    return "; ".join(part for part in (row.found_in_words, f"it holds {_where(row)}", row.note) if part)


def _where(row: Row) -> str:
    return f"between {row.region_text.replace(' to ', ' and ')}" if row.holds_below is not None else row.region_text


def _provenance(ledger: Ledger) -> str:
    rows = []
    for study, run in sorted(ledger.runs.items()):
        commit = run["commit"][:10] + (" and changes" if run["modified"] else "")
        cost = f"{run['fits']:,} fits, {seconds(run['cpu_seconds'])} of CPU time"
        tuning = run.get("tuning_cpu_seconds")  # older runs kept the sum of their fits alone
        if tuning is None:
            cost += ", tuning not counted"
        elif tuning:
            cost += f", and {seconds(tuning)} for tuning"
        rows.append((study, run["date"][:10], run["version"], commit, run["registration"], run["replicates"], cost))
    head = ("study", "date", "version", "commit", "registration", "replicates", "cost")
    machines = sorted({f"{run['machine']}; Python {run['python']}" for run in ledger.runs.values()})
    return table(head, rows) + "\n\n" + "\n".join(f"- {machine}" for machine in machines)


def _seeds(ledger: Ledger) -> Iterator[str]:
    published = {study: run["registration"] for study, run in ledger.runs.items()}
    if seeds := [one for one in ledger.seeds if published.get(one["study"]) == one["registration"]]:
        head = ("study", "seed", "date", "verdicts", "differ", "which")
        yield _SEEDS
        yield table(head, ([one[key] for key in head] for one in seeds))


def _speed(ledger: Ledger) -> Iterator[str]:
    if ledger.benchmarks:
        yield "## How fast\n\n[Our code beside its peers](benchmark.md), with errors, targets, and the machine."


def _state(ledger: Ledger, study: str) -> str:
    run, now = ledger.runs[study], ledger.present.get(study)
    words = f"The run of {run['date'][:10]}, {run['replicates']} replicates, registered as `{run['registration']}`"
    links = f"[All that the study offers](../studies/{study}.md), [means]({study}.csv), [the ledger](README.md)."
    if study not in study_names():
        links = f"[Means]({study}.csv), [the ledger](README.md)."
    if not ledger.is_earlier(study):
        return f"{words}: claims, scenarios, methods and code are those of today. {links}"
    today = f"today’s are `{now}`" if now else "today’s registered run has no such study"
    changed = f"claims, scenarios, methods or code have changed since ({today})"
    return f"{words}: **{EARLIER}**, {changed}. {links}"


def _figure(ledger: Ledger, study: str) -> Iterator[str]:
    if figure := ledger.figures.get(study):
        yield f"![{figure['title']}]({figure['file']})"
        yield f"*{figure['title']}.* {figure['caption']}".strip()


def _claims(rows: Sequence[Row]) -> Iterator[str]:
    tested = [row for row in in_order(rows) if row.is_tested]
    if tested:
        head = ("verdict", "claim", "found", "holds", "n", "p (Holm)")
        lines = [
            (f"**{row.verdict}**", f"{row.statement} `{row.id}`{_standing(row)}", _effect(row), row.region_text,
             row.n_text, row.p_text)
            for row in tested
        ]  # fmt: skip
        yield table(head, lines)
    if left := [row for row in rows if not row.is_tested]:
        yield "Not tested here:"
        yield "\n".join(f"- {row.statement} `{row.id}` {row.reason}" for row in left)


def _effect(row: Row) -> str:
    return f"{row.effect_text}; {row.note}" if row.note else row.effect_text


def _standing(row: Row) -> str:
    """Claims about clocks and data sets of old were there before the data."""
    return "" if row.standing == "registered" else " *(exploratory)*"

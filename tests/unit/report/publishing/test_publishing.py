"""What is taken over of a run, what stays of others, and that the history is only added to."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from made_runs import make_run
from seedbed.core.config.config_file import read_config_text
from seedbed.core.errors import UserError
from seedbed.core.judging.judged_claims import StepEffect, read_verdicts, write_verdicts
from seedbed.core.planning.config import make_plan
from seedbed.core.study import load_claims, load_study, study_names
from seedbed.report.publishing.__main__ import main
from seedbed.report.publishing.chosen import FIGURES, FINDINGS
from seedbed.report.publishing.findings import BEGIN, END, with_findings
from seedbed.report.publishing.folder import compare, load_ledger, publish, written_pages
from seedbed.report.publishing.picture import picture
from seedbed.report.publishing.rows import read_ledger
from seedbed.report.publishing.runs import check_history, extended, present_registrations, runs_of
from seedbed.report.publishing.seeds import read_comparisons, write_config

README = f"# Head\n\n{BEGIN}\n\nold\n\n{END}\n\nTail\n"
NOW = {"density": "d1", "directional": "v1"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two studies of one run."""
    publish(make_run(tmp_path / "run", NOW), tmp_path / "ledger")
    return tmp_path / "ledger"


def text_of(folder: Path, name: str, present: dict[str, str] = NOW) -> str:
    return written_pages(load_ledger(folder, present), README)[name]


def test_every_claim_has_a_line_with_its_verdict(folder: Path) -> None:
    rows = read_ledger(folder / "ledger.csv")
    assert [(row.study, row.id) for row in rows] == [
        (study, claim["id"]) for study in NOW for claim in load_claims(study)
    ]
    first = rows[0]
    assert (first.verdict, first.effect, first.low, first.high, first.n, first.p) == (
        "reproduced", 0.2, 0.1, 0.3, 40, 0.001
    )  # fmt: skip
    assert (first.effect_text, first.region_text, first.p_text) == ("0.2 [0.1, 0.3]", "above 0", "0.001")
    untested = next(row for row in rows if not row.is_tested)
    assert untested.reason and untested.effect is None and untested.effect_text == "–"


def test_a_broken_step_of_a_trend_is_said_wherever_the_claim_is(tmp_path: Path) -> None:
    results, folder = make_run(tmp_path / "run", {"density": "d1"}), tmp_path / "ledger"
    path = results / "density/claims.json"
    steps = tuple(StepEffect(step=step, effect=0.1, low=0.0, high=0.2, kept=kept) for step, kept in
                  (("a → b", True), ("b → c", False), ("c → d", False)))  # fmt: skip
    claims = [
        replace(claim, steps=steps) if claim.verdict == "contradicted" else claim for claim in read_verdicts(path)
    ]
    write_verdicts(claims, path)
    publish(results, folder)
    note = "not at every step: b → c: 0.1 [0, 0.2]; c → d: 0.1 [0, 0.2]"
    rows = read_ledger(folder / "ledger.csv")
    assert {row.note for row in rows if row.verdict == "contradicted"} == {note}
    assert {row.note for row in rows if row.verdict != "contradicted"} == {""}
    n = sum(row.verdict == "contradicted" for row in rows)
    assert text_of(folder, "docs/ledger/density.md").count(f"; {note} |") == n > 0
    assert text_of(folder, "docs/ledger/README.md").count(f"; {note}.") == n


def test_a_ledger_of_before_has_no_notes(folder: Path) -> None:
    path = folder / "ledger.csv"
    now = read_ledger(path)
    lines = [*csv.DictReader(io.StringIO(path.read_text()))]
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, [name for name in lines[0] if name != "note"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    assert read_ledger(path) == now and {row.note for row in now} == {""}


def test_what_speaks_against_a_paper_names_its_source(folder: Path) -> None:
    text = text_of(folder, "docs/ledger/README.md")
    for row in read_ledger(folder / "ledger.csv"):
        if row.verdict == "contradicted":
            assert f"{row.statement} Source: {row.source}. Found: " in text


def test_the_front_page_counts_claims_that_were_fixed_before_results(folder: Path) -> None:
    tested = [row for row in read_ledger(folder / "ledger.csv") if row.is_tested]
    before = sum(row.written == "before results" for row in tested)
    text = " ".join(text_of(folder, "docs/ledger/README.md").split())
    assert f"Of the {len(tested)} claims that were tested, {before} were." in text and 0 < before < len(tested)


def test_costs_are_those_of_fits_and_of_tuning(folder: Path) -> None:
    run = load_ledger(folder, NOW).runs["density"]
    assert (run["cpu_seconds"], run["tuning_cpu_seconds"]) == (80.0, 75.0)
    assert "| 40 fits, 1 min 20 s of CPU time, and 1 min 15 s for tuning |" in text_of(folder, "docs/ledger/README.md")
    path = folder / "provenance.json"
    older = json.loads(path.read_text())
    del older["density"]["tuning_cpu_seconds"]
    path.write_text(json.dumps(older))
    assert "| 40 fits, 1 min 20 s of CPU time, tuning not counted |" in text_of(folder, "docs/ledger/README.md")


def test_a_run_of_one_study_leaves_the_others(folder: Path, tmp_path: Path) -> None:
    before = {row.id: row for row in read_ledger(folder / "ledger.csv") if row.study == "density"}
    assert publish(make_run(tmp_path / "later", {"directional": "v2"}, date="2027-01-01", turned=3), folder) == [
        "directional"
    ]
    rows = read_ledger(folder / "ledger.csv")
    assert {row.id: row for row in rows if row.study == "density"} == before
    assert [row.verdict for row in rows if row.study == "directional"][:2] == ["contradicted", "inconclusive"]
    runs = load_ledger(folder, NOW).runs
    assert (runs["density"]["registration"], runs["directional"]["registration"]) == ("d1", "v2")
    assert (runs["directional"]["version"], runs["directional"]["fits"]) == ("0.3.1", 40)


def test_the_history_keeps_every_run_and_is_only_added_to(folder: Path, tmp_path: Path) -> None:
    first = (folder / "history.csv").read_text()
    publish(make_run(tmp_path / "again", NOW, date="2026-12-24"), folder)
    assert (folder / "history.csv").read_text() == first, "the same digests and verdicts: the same run"
    publish(make_run(tmp_path / "later", {"density": "d2"}, date="2027-01-01"), folder)
    text = (folder / "history.csv").read_text()
    assert text.startswith(first)
    new = [*csv.DictReader(io.StringIO(text))][first.count("\n") - 1 :]
    assert {(line["date"][:10], line["study"], line["registration"]) for line in new} == {
        ("2027-01-01", "density", "d2")
    }
    assert [line["id"] for line in new] == [claim["id"] for claim in load_claims("density")]


def test_the_same_digest_with_other_verdicts_is_kept_too(folder: Path, tmp_path: Path) -> None:
    first = (folder / "history.csv").read_text()
    results = make_run(tmp_path / "machine", {"density": "d1"}, date="2027-01-01", turned=2)
    publish(results, folder)
    assert (folder / "history.csv").read_text().count("\n") == first.count("\n") + len(load_claims("density"))
    rows = [row for row in read_ledger(folder / "ledger.csv") if row.study == "density"]
    assert extended(first, rows, runs_of(results)).startswith(first)


def test_lines_that_git_has_otherwise_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seedbed.report.publishing import runs

    monkeypatch.setattr(runs, "ROOT", tmp_path)
    monkeypatch.setattr(runs, "versions_of", lambda name: ["a\nb", "a\nb\nc"])
    check_history(tmp_path / "history.csv", "a\nb\nc\nd\n")
    for rewritten in ("a\nb\n", "a\nx\nc\nd\n", ""):
        with pytest.raises(UserError, match="only added to"):
            check_history(tmp_path / "history.csv", rewritten)


def test_a_study_that_has_changed_is_of_an_earlier_version(folder: Path) -> None:
    changed = {**NOW, "directional": "v9"}
    assert "of an earlier version" not in text_of(folder, "docs/ledger/density.md", changed)
    page = text_of(folder, "docs/ledger/directional.md", changed)
    assert "**of an earlier version**" in page and "`v1`" in page and "`v9`" in page
    lines = text_of(folder, "docs/ledger/README.md", changed).splitlines()
    states = {study: next(line for line in lines if line.startswith(f"| [{study}]")) for study in NOW}
    assert states["density"].endswith("| current |") and states["directional"].endswith("| of an earlier version |")
    assert "of an earlier version" in text_of(folder, "docs/ledger/ledger.svg", changed)
    assert "of an earlier version" not in text_of(folder, "docs/ledger/ledger.svg")


def test_a_page_shows_all_claims_and_contradictions_first(folder: Path) -> None:
    page = text_of(folder, "docs/ledger/density.md")
    for claim in load_claims("density"):
        assert page.count(f"`{claim['id']}`") == 1
    verdicts = re.findall(r"^\| \*\*([a-z ]+)\*\*", page.partition("## Our own")[0], re.M)
    assert verdicts == sorted(verdicts, key=["contradicted", "reproduced", "no counterexample", "inconclusive"].index)
    front = text_of(folder, "docs/ledger/README.md")
    against = front.partition("## Against the papers")[2].partition("## Against us")
    for row in read_ledger(folder / "ledger.csv"):
        if row.verdict == "contradicted":
            assert row.statement in against[2 * (row.origin == "ours")]


def test_the_picture_has_a_square_for_every_claim(folder: Path) -> None:
    ledger = load_ledger(folder, NOW)
    root = ElementTree.fromstring(picture(ledger))
    squares = [node for node in root.iter("{http://www.w3.org/2000/svg}rect") if len(node)]
    assert len(squares) == len(ledger.rows)
    height, lowest = float(root.attrib["height"]), max(float(node.attrib["y"]) for node in squares)
    assert lowest + 11 <= height and max(float(node.attrib["x"]) for node in squares) + 11 <= float(
        root.attrib["width"]
    )


def test_findings_are_those_whose_verdict_has_a_sentence(folder: Path) -> None:
    text = text_of(folder, "README.md")
    assert text.startswith("# Head\n") and text.endswith("\n\nTail\n") and "old" not in text
    shown = re.findall(r"^- \*\*(.+?)\*\*, (the paper’s|our own) claim: .*\[(\w+)\]", text, re.M)
    assert f"of `density`, `directional` ({len(study_names()) - 2} of {len(study_names())} studies not yet)" in text
    assert shown and len(shown) <= 5 and {study for _, _, study in shown} <= set(NOW)
    assert with_findings(text, "x") == with_findings(README, "x")
    with pytest.raises(UserError, match="findings"):
        with_findings("no markers", "x")


def test_what_was_chosen_by_hand_exists() -> None:
    for finding in FINDINGS:
        claims = {claim["id"]: claim for claim in load_claims(finding.study)}
        assert finding.id in claims and (finding.held or finding.contradicted)
        for sentence in (finding.held, finding.contradicted):
            first = sentence.partition(" ")[0]
            assert first not in ("but", "and", "also", "it", "there", "they"), f"{sentence}: of what does it speak?"
    for study, names in FIGURES.items():
        assert {name.partition(".")[0] for name in names} <= set(load_study(study).figures)


def test_another_seed_is_compared_and_kept(folder: Path, tmp_path: Path) -> None:
    [line] = compare(make_run(tmp_path / "seed", {"density": ""}, seed=7, turned=3), folder, lambda config: NOW)
    tested = [claim for claim in load_claims("density") if "test" in claim]
    assert (line["study"], line["seed"], line["verdicts"], line["differ"]) == ("density", "7", str(len(tested)), "3")
    assert line["which"].startswith(f"{tested[0]['id']}: reproduced, there contradicted")
    compare(make_run(tmp_path / "other", {"density": ""}, seed=8), folder, lambda config: NOW)
    assert [(kept["seed"], kept["differ"]) for kept in load_ledger(folder, NOW).seeds] == [("7", "3"), ("8", "0")]
    assert "| density | 7 |" in text_of(folder, "docs/ledger/README.md")


def test_a_comparison_is_one_with_the_run_that_was_published_then(folder: Path, tmp_path: Path) -> None:
    compare(make_run(tmp_path / "seed", {"density": ""}, seed=7), folder, lambda config: NOW)
    publish(make_run(tmp_path / "later", {"density": "d2"}, date="2027-01-01"), folder)
    assert "## Other dice" not in text_of(folder, "docs/ledger/README.md")
    compare(make_run(tmp_path / "again", {"density": ""}, seed=8), folder, lambda config: {"density": "d2"})
    with pytest.raises(UserError, match="code of density are not those of the published run"):
        compare(tmp_path / "again/results", folder, lambda config: NOW)
    page = text_of(folder, "docs/ledger/README.md")
    assert "| density | 8 |" in page and "| density | 7 |" not in page
    kept = read_comparisons(folder / "other_seeds.csv")
    assert [(line["registration"], line["seed"]) for line in kept] == [("d1", "7"), ("d2", "8")]


def test_a_comparison_of_before_is_kept_without_a_registration(tmp_path: Path) -> None:
    path = tmp_path / "other_seeds.csv"
    path.write_text("study,seed,date,machine,verdicts,differ,which\ndensity,1,2026-11-29,x,3,0,\n")
    assert [(line["registration"], line["seed"]) for line in read_comparisons(path)] == [("", "1")]


def test_what_cannot_be_published_is_said_in_one_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text(README)
    assert main(["--run", str(tmp_path / "none")], tmp_path) == 2
    assert "is not there" in capsys.readouterr().err
    assert main(["--run", str(make_run(tmp_path / "seeded", NOW, seed=3))], tmp_path) == 2
    assert "no study of this run is registered" in capsys.readouterr().err
    assert not (tmp_path / "docs/ledger/ledger.csv").exists()


def test_numbers_are_shown_as_factors_and_shares(folder: Path) -> None:
    row = replace(read_ledger(folder / "ledger.csv")[0], unit="")
    assert replace(row, scale="ratio", effect=1.0, low=0.0, high=2.0).effect_text == "10 [1, 100] times"
    assert replace(row, law="share", effect=1.0, low=0.9, high=1.0).effect_text == (
        "100 % [90 %, 100 %] of the data sets"
    )
    assert replace(row, law="share", effect=1.0).found_in_words == "100 % [10 %, 30 %] of 40 data sets"
    assert replace(row, kind="comparison", metric="error").found_in_words == (
        "claimed advantage in error: 0.2 [0.1, 0.3], 40 data sets"
    )
    assert replace(row, holds_below=0.5).region_text == "0 to 0.5"


def test_the_config_of_another_seed_is_that_of_one_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "directional", "5", str(tmp_path / "config.yaml")], tmp_path) == 0
    plan = make_plan(yaml.safe_load((tmp_path / "config.yaml").read_text()))
    study = plan.studies["directional"]
    assert (list(plan.studies), study.seed, study.replicates, study.registered) == (["directional"], 5, 40, "")
    assert main(["--only", "directional", "registered", str(tmp_path / "config.yaml")], tmp_path) == 0
    alone = make_plan(yaml.safe_load((tmp_path / "config.yaml").read_text())).studies["directional"]
    assert alone.registered == present_registrations()["directional"], "whatever else is run"
    assert main(["--only", "directions", "5", str(tmp_path / "config.yaml")], tmp_path) == 2
    assert "did you mean 'directional'" in capsys.readouterr().err


def test_text_that_looks_like_a_number_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from seedbed.report.publishing import runs

    (tmp_path / "config").mkdir()
    (tmp_path / runs.CONFIG).write_text(
        'seed: registered\nreport: {title: "1e3"}\n'
        "studies:\n  directional: {replicates: 3, limits: {seconds: 6e1}, scenarios: {}, methods: {}}\n"
    )
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    write_config("directional", 5, tmp_path / "one.yaml")
    content, quoted = read_config_text((tmp_path / "one.yaml").read_text(), "one.yaml")
    assert content["report"]["title"] == "1e3" and quoted == {("report", "title"): "1e3"}
    assert content["studies"]["directional"]["limits"]["seconds"] == 60 and content["seed"] == 5


def test_a_study_without_a_figure_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text(README)
    results = make_run(tmp_path / "run", NOW)
    (results / f"density/figures/{FIGURES['density'][0]}.svg").write_text("<svg></svg>")
    assert main(["--run", str(results)], tmp_path) == 0
    said = capsys.readouterr().out
    assert "no figure of directional was small enough" in said and "no figure of density" not in said

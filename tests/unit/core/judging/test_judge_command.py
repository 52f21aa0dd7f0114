"""``python -m seedbed.judge``: the ledger's test for effects in a file, and one message for every mistake."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import seedbed
from scipy import stats
from seedbed.core.judging.claims import judge_claims
from seedbed.judge import judge, main
from test_claims import claim, tidy

EFFECTS = np.round(np.random.default_rng(0).normal(0.2, 0.15, 12), 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "effects.csv"
    rows = [f"{i},{'st'[i % 2]},{value}" for i, value in enumerate(EFFECTS)]
    path.write_text("\n".join(["replicate,scenario,effect", *rows, ""]))
    return path


def ask(capsys: pytest.CaptureFixture, *words: object) -> dict:
    assert main([str(word) for word in words]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_ledger_says_the_same(file: Path, capsys: pytest.CaptureFixture) -> None:
    found = ask(capsys, file, "--column", "effect")
    ledger = judge_claims([claim()], tidy({"a": np.zeros(12), "b": EFFECTS}))[0]
    for ours, theirs in (("verdict", "verdict"), ("mean", "effect"), ("p_inside", "p_inside"), ("n", "n")):
        assert found[ours] == pytest.approx(getattr(ledger, theirs))
    assert found["interval"] == pytest.approx([ledger.low, ledger.high]) and found["verdict"] == "reproduced"


def test_regions_levels_families_and_groups(file: Path, capsys: pytest.CaptureFixture) -> None:
    assert ask(capsys, file, "--low", "-1e-1", "--high", "0.5")["verdict"] == "reproduced"
    assert ask(capsys, file, "--low", 0.5)["verdict"] == "contradicted"
    assert ask(capsys, file, "--low", "-inf", "--high", 0)["verdict"] == "contradicted"
    assert ask(capsys, file, "--low", 0.2, "--high", 0.2)["verdict"] == "inconclusive"
    many = ask(capsys, file, "--family-size", 100_000)
    assert many["verdict"] == "inconclusive" and many["p_adjusted"] == 1 and many["replicates_needed"]["as_seen"]
    wide, narrow = (ask(capsys, file, "--level", level)["interval"] for level in (0.99, 0.8))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    grouped = ask(capsys, file, "--by", "scenario")
    assert [(row["group"], row["n"]) for row in grouped["groups"]] == [("s", 6), ("t", 6)]
    assert grouped["groups"][0]["mean"] == pytest.approx(EFFECTS[::2].mean())
    assert grouped["mean"] == pytest.approx(EFFECTS.mean()) and grouped["prediction_interval"] == [None, None]


def test_small_and_equal_samples_are_honest() -> None:
    assert judge(np.array([1.0, 1.1]))["verdict"] == "inconclusive"
    equal = judge(np.full(4, 0.5))
    assert equal["verdict"] == "inconclusive" and equal["interval"] == [None, None] and "fewer than 6" in equal["note"]
    enough = judge(np.full(10, 0.5))
    assert enough["verdict"] == "reproduced" and enough["interval"] == [0.5, 0.5] and "equal" in enough["note"]
    assert judge(np.zeros(10))["verdict"] == "inconclusive"
    assert judge(np.full(10, -0.5))["verdict"] == "contradicted"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for size in (1e308, 1e-308, 5e-324):
            found = judge(size * np.array([1.0, -1.0, 1.0, 0.5, 1.0, 0.9, 0.8]), high=np.inf)
            assert found["verdict"] == "inconclusive" and found["interval"][0] <= found["mean"]


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        (None, [], "there is no such file"),
        ("", [], "cannot be read as CSV"),
        ("a,b\n1,2\n3,4\n", [], "no column 'effect' (it has: a, b)"),
        ("effect\n1\nlarge\n3\n", [], "line 3 of the column 'effect': large is no finite number"),
        ("effect\n1\nnan\n\n3\ninf\n", [], "line 3 and 1 more rows"),
        ("effect,x\n1,2\n,3\n", [], "nothing is no finite number"),
        ("effect\n1\n", [], "has 1 effects"),
        ("effect\n", [], "has 0 effects"),
        ("effect\n1,2\n3,4\n", [], "line 2 has 2 values, and the head has 1 names"),
        ("effect,effect\n1,2\n3,4\n", [], "2 columns are called 'effect'"),
        ("effect;scenario\n1;a\n", [], "separated by commas, not by semicolons"),
        ("effect;scenario\n0,5;a\n", [], "separated by commas, not by semicolons"),
        ("effect\tscenario\n1\ta\n", [], "not by tabs"),
        ('effect\n"0,1"\n2\n', [], "numbers are written like 0.1"),
        ("effect\n1\n\n\n1e400\n", [], "line 5 of the column"),
        ("effect\n10%\n2\n", [], "10% is no finite number"),
        ("scenario,effect\n,1\na,2\n", ["--by", "scenario"], "line 2 of the column 'scenario' is empty"),
        ("\n\n", [], "it is empty"),
        ("effect\n1\n2\n", ["--low", "abc"], "--low: it must be a number, got abc"),
        ("effect\n1\n2\n", ["--level", "high"], "--level: it must be a number, got high"),
        ("effect\n1\n2\n", ["--family-size", "2.5"], "whole number, at least 1, got 2.5"),
        ("effect\n1\n2\n", ["--by", "scenario"], "no column 'scenario'"),
        ("effect\n1\n2\n", ["--low", "1", "--high", "0"], "--low 1 is above --high 0"),
        ("effect\n1\n2\n", ["--low", "-inf"], "both infinite"),
        ("effect\n1\n2\n", ["--low", "nan"], "must be a number"),
        ("effect\n1\n2\n", ["--level", "1"], "at least 0.5 and below 1"),
        ("effect\n1\n2\n", ["--level", "95"], "at least 0.5 and below 1"),
        ("effect\n1\n2\n", ["--family-size", "0"], "at least 1"),
        ("effect\n1\n2\n", ["--famly-size", "3"], "unrecognized arguments"),
    ],
)
def test_mistakes_end_in_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture, text: str | None, words: list[str], message: str
) -> None:
    path = tmp_path / "effects.csv"
    if text is not None:
        path.write_text(text)
    assert main([str(path), *words]) != 0
    out, err = capsys.readouterr()
    assert out == "" and message in err and err.count("\n") == 1 and "Traceback" not in err


def test_what_stands_around_the_column_does_not_matter(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path, spellings = tmp_path / "effects.csv", ["effect\n1\n2\n4\n", "\ufeff\n effect \r\n\r\n 1\r\n2 \r\n4"]
    spellings += ['x,"effect",\n"a,b","1",\n,2,\n"c\nd",4\n', "effect\r1\r2\r4\r"]
    found = []
    for text in spellings:
        path.write_bytes(text.encode())
        found.append(ask(capsys, path))
    assert all(one == found[0] for one in found) and found[0]["mean"] == pytest.approx(7 / 3)


def test_what_is_no_text_or_no_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "utf16.csv").write_bytes("effect\n1\n2\n".encode("utf-16"))
    for name, message in (("utf16.csv", "save it as UTF-8"), (".", "it is no file")):
        assert main([str(tmp_path / name)]) == 2
        err = capsys.readouterr().err
        assert message in err and err.count("\n") == 1


def test_student_s_interval_and_t_are_scipy_s(file: Path, capsys: pytest.CaptureFixture) -> None:
    found = ask(capsys, file, "--low", 0.1)
    t = stats.ttest_1samp(EFFECTS, 0.1)
    assert found["student_interval"] == pytest.approx(list(t.confidence_interval(0.95)))
    assert found["p_inside"] >= t.pvalue * (1 - 1e-12)  # the heavier of two tails
    signs = np.array(list(itertools.product((-1.0, 1.0), repeat=len(EFFECTS))))
    reached = np.mean(signs @ (EFFECTS - 0.1) >= (EFFECTS - 0.1).sum() - 1e-9)
    assert found["p_sign_flips"] == pytest.approx(2 * min(reached, 1 - reached + 2.0 ** -len(EFFECTS)))
    ranks = stats.wilcoxon(EFFECTS - 0.1, method="exact") if len(set(np.abs(EFFECTS - 0.1))) == len(EFFECTS) else None
    assert ranks is None or found["p_signed_rank"] == pytest.approx(ranks.pvalue)


@pytest.mark.slow
def test_it_runs_as_a_module(file: Path) -> None:
    scripts = str(Path(seedbed.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "seedbed.judge", str(file)], env={"PYTHONPATH": scripts}, capture_output=True, text=True
    )
    assert done.returncode == 0 and json.loads(done.stdout)["verdict"] == "reproduced", done.stderr

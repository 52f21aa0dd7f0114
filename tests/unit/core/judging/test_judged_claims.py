"""Verdicts in a file, and back."""

from __future__ import annotations

import json
from pathlib import Path

from scored_claims import claim, planted, runs_of, without
from seedbed.core.judging.claims import judge_claims
from seedbed.core.judging.judged_claims import read_verdicts, write_verdicts


def test_the_file_of_verdicts_gives_back_what_was_judged(tmp_path: Path) -> None:
    scores = planted(3.0)
    missing = without(scores, "b", [3])
    along = claim(kind="trend", methods=["a", "b", "c"], direction="higher")
    del along["test"]["ours"], along["test"]["peer"]
    entries = [claim(), claim(peer="absent"), claim(margin=2.9), along]
    judged = judge_claims(entries, missing, runs_of(scores, {"b": [3]}, 16), ranges={"error": (-50.0, 50.0)})
    assert judged[0].least and judged[3].steps and {one.verdict for one in judged} >= {"reproduced", "not tested here"}
    write_verdicts(judged, tmp_path / "claims.json")
    assert read_verdicts(tmp_path / "claims.json") == judged
    keys = [*json.loads((tmp_path / "claims.json").read_text())[0]]
    assert keys[:8] == ["id", "statement", "source", "origin", "written", "paper_figure", "test", "effect"]
    assert keys[-5:] == ["p_holm", "family", "verdict", "standing", "budgets"]

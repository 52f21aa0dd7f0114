"""Numbers, formulas and styles of methods, as the report shows them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_labels import method_label
from seedbed.core.study import load_study, study_names
from seedbed.report.formulas import display_formula, with_formulas
from seedbed.report.ledger.words import share_text
from seedbed.report.numbers import factor, interval, megabytes, number, p_value, seconds
from seedbed.report.styles import COLOURS, NEUTRAL, method_styles


def test_numbers_read_well() -> None:
    assert number(float("nan")) == number(None) == "–"
    assert [number(value) for value in (0.0, 1e-4, 2.5e-5, 123456.0, 1e12)] == [
        "0",
        "0.0001",
        "2.5·10⁻⁵",
        "123000",
        "1·10¹²",
    ]
    assert interval(-0.5, 2.0) == "[−0.5, 2]" and interval(None, 1.0) == "–"
    assert p_value(1e-9) == "< 0.001" and p_value(0.04321) == "0.043"
    assert seconds(7200) == "2 h 0 min" and megabytes(2048.0) == "2.00 GiB" and factor(np.log10(4)) == "4"
    assert share_text(10, 10) == "10 of 10 [69.2 %, 100 %]" and share_text(0, 0) == "0 of 0"


def test_formulas_become_mathml_and_text_is_escaped() -> None:
    assert "<math" in display_formula(r"\sum_k x_k") and 'display="block"' in display_formula("x")
    drawn = str(with_formulas("for $x_k$ & <b>"))
    assert "<msub>" in drawn and "&amp; &lt;b&gt;" in drawn


def test_methods_keep_their_colours_whoever_else_is_there() -> None:
    registered = {f"m{i}": "baseline" for i in range(30)} | {"oracle": "oracle"}
    everyone = method_styles(registered, registered)
    assert len({(style.colour, style.marker) for style in everyone.values()}) == 31
    few = method_styles(registered, {"m7": "baseline", "own": "ours", "oracle": "oracle"})
    assert few["m7"] == everyone["m7"] and few["oracle"].colour == NEUTRAL and few["own"].colour in COLOURS


@pytest.mark.parametrize(
    ("role", "origin", "told", "words"),
    [
        ("ours", "paper", False, "the paper’s method"),
        ("ours", "ours", False, "our variant"),
        ("baseline", "paper", False, "the paper’s method"),
        ("ours", "", False, "under test"),
        ("baseline", "", False, "baseline"),
        ("control", "", False, "control"),
        ("oracle", "", False, "oracle"),
        ("ours", "paper", True, "given the truth"),
    ],
)
def test_a_method_says_what_it_is(role: str, origin: str, told: bool, words: str) -> None:
    label = replace(method_label("a", role), origin=origin, given_the_truth=told)
    assert label.what_it_is == words
    assert label.is_contestant == (words in ("the paper’s method", "our variant", "under test", "baseline"))


@pytest.mark.parametrize("name", study_names())
def test_a_study_has_a_method_under_test_and_no_reference_is_anybodys(name: str) -> None:
    methods = load_study(name).methods.values()
    assert any(method.role == "ours" for method in methods)
    assert not any(method.origin for method in methods if method.role in ("control", "oracle"))

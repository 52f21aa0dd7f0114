"""Formulas in the texts of a study: drawn where they may stand, refused where they may not or cannot be drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from seedbed.core.code.study_texts import formula_errors, text_errors
from seedbed.core.planning.claims_file import claims_errors
from seedbed.core.study import Study, load_claims, load_study, study_names
from seedbed.report.formulas import in_letters, with_formulas

STUDY = load_study("clustering")


def texts(study: Study) -> list[str]:
    return [text for _, text in text_errors(study)]


@pytest.mark.parametrize("name", study_names())
def test_our_own_texts_can_be_drawn(name: str) -> None:
    assert texts(load_study(name)) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"question": r"Is $\frac{1}$ enough?"}, "STUDY.question"),
        ({"method": r"As $\left( x$ says"}, "STUDY.method"),
        ({"references": ("A", r"On $\frac$")}, "STUDY.references[1]"),
        ({"formula": "x = 1\n\\frac{1}"}, "STUDY.formula"),
        ({"formula": r"\nosuch{x}"}, "STUDY.formula"),
        ({"formula": r"\sum_{i x"}, "STUDY.formula"),
        ({"question": "Is $a & b$ so?"}, "STUDY.question"),
    ],
)
def test_a_formula_that_cannot_be_drawn_is_named(change: dict, where: str) -> None:
    [found] = texts(replace(STUDY, **change))
    assert found.startswith(f"{where}: the formula ") and "cannot be drawn: " in found


def test_captions_may_hold_formulas_and_titles_and_labels_may_not() -> None:
    name, figure = next(iter(STUDY.figures.items()))
    figures = {name: replace(figure, caption="Along $x$."), "other": replace(figure, title="Along $x$")}
    methods = {"kmeans": replace(STUDY.methods["kmeans"], label="$k$-means")}
    plain = " is no formula here, where the report writes plain text; write it without $"
    assert texts(replace(STUDY, figures=figures, methods=methods, title="On $x$")) == [
        f"STUDY.title: $x${plain}",
        f"figures.other.title: $x${plain}",
        f"methods.kmeans.label: $k${plain}",
    ]
    assert texts(replace(STUDY, title="Costs in $")) == [], "one sign is money"


def test_statements_of_claims_may_hold_formulas() -> None:
    [claim] = [one for one in load_claims("clustering") if "test" in one][:1]
    assert [*claims_errors(STUDY, [claim | {"statement": "It is at most $n^2$ steps."}])] == []
    [found] = claims_errors(STUDY, [claim | {"statement": r"It is at most $\frac{1}$ steps."}])
    assert found.startswith(f"{claim['id']}.statement: the formula ")


def test_what_is_drawn_is_escaped_around_and_raw_where_it_cannot_be_drawn() -> None:
    assert str(with_formulas("a < b \x1b[1m")) == r"a &lt; b \x1b[1m"
    assert str(with_formulas(r"x $\frac$ <")) == r"x $\frac$ &lt;"
    assert "<mi>x</mi>" in with_formulas("the point $x$") and in_letters("the point $x$") == "the point x"
    assert [*formula_errors("from 5 $ on")] == []

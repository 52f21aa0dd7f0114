"""Drawings and pages of a folder that came from others: nothing fetches, links, computes or steers a terminal."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from seedbed.core.errors import UserError, printable
from seedbed.report.figures import charts
from seedbed.report.figures.reading import read_figures
from seedbed.report.figures.view_checks import check_view
from seedbed.report.page.bundle import content_policy

CHART = {
    "$schema": charts.SCHEMA,
    "params": [{"name": "hidden", "value": []}],
    "width": 620,
    "height": 60,
    "layer": [
        {
            "data": {"values": [{"method": "a", "mean": 1.0}]},
            "transform": [charts.SHOWN],
            "mark": {"type": "point"},
            "encoding": {"x": {"field": "mean", "type": "quantitative"}},
        }
    ],
}


ADDRESS = "http://127.0.0.1:9/leak.csv"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"data": {"url": ADDRESS}}),
        (("layer", 0), {"data": {"url": ADDRESS, "values": []}}),
        (("layer", 0), {"data": {"name": "elsewhere"}}),
        (("layer", 0, "data"), {"format": {"type": "csv"}}),
        (("layer", 0, "mark"), {"type": "image"}),
        (("layer", 0), {"mark": "image"}),
        (("layer", 0), {"mark": {"type": "text", "text": "a"}}),
        (("layer", 0, "mark"), {"href": ADDRESS}),
        (("layer", 0, "encoding"), {"href": {"value": ADDRESS}}),
        (("layer", 0, "encoding"), {"url": {"value": ADDRESS}}),
        (("layer", 0), {"transform": [{"calculate": "1", "as": "a"}]}),
        (("layer", 0), {"transform": [{"lookup": "a", "from": {"data": {"url": ADDRESS}}}]}),
        (("layer", 0), {"transform": [{"filter": "toString.constructor('alert(1)')()"}]}),
        (("layer", 0, "encoding", "x"), {"axis": {"labelExpr": "datum.value + 1"}}),
        (("params", 0), {"expr": "1"}),
        (("params", 0), {"bind": "href"}),
        ((), {"usermeta": {"embedOptions": {"loader": {}}}}),
        ((), {"config": {"background": "red"}}),
        ((), {"$schema": ADDRESS}),
        ((), {"datasets": {}}),
        ((), {"height": "1px;background:url(x)"}),
        ((), {"layer": 1}),
        (("layer", 0, "data"), {"values": ADDRESS}),
        (("layer", 0, "data"), {"values": [{"a": {"image": ADDRESS}}]}),
    ],
)
def test_a_drawing_that_could_fetch_link_or_compute_is_refused(tmp_path: Path, path: tuple, value: dict) -> None:
    check_view(CHART)
    chart = copy.deepcopy(CHART)
    part: Any = chart
    for key in path:
        part = part[key]
    part |= value
    with pytest.raises(ValueError):
        check_view(chart)
    figure = dict.fromkeys(("kind", "scenario", "choice", "caption"), "")
    figure |= {"name": "scores.a", "views": {"v": chart}, "beside": False, "sources": []}
    (tmp_path / "views.json").write_text(json.dumps([figure]))
    with pytest.raises(UserError, match="is damaged, or was written by another version"):
        read_figures(tmp_path)


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "views.json").write_text("[NaN]")
    with pytest.raises(UserError, match="NaN is no number that can be drawn"):
        read_figures(tmp_path)


def test_every_drawing_of_ours_passes(made: tuple[Path, Any]) -> None:
    found = [*made[0].glob("results/*/figures/views.json")]
    assert len(found) >= 4
    for path in found:
        for figure in json.loads(path.read_text()):
            for view in figure["views"].values():
                check_view(view)


def test_the_policy_of_the_page_is_that_of_its_script(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    script = page.rpartition("<script>")[2].partition("</script>")[0]
    assert page.count("<script>") == 1
    shown = content_policy(script).replace("'", "&#39;")
    assert f'<meta http-equiv="Content-Security-Policy" content="{shown}">' in page.replace("&#34;", '"')
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "unsafe-inline" not in content_policy(script).partition("style-src")[0] and "eval" not in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain größe 漢字 👩‍👩‍👧 نمی‌خواهم", "plain größe 漢字 👩‍👩‍👧 نمی‌خواهم"),
        ("a\nb", "a\nb"),
        ("\x1b]0;title\x07\x00\r\x7f\x9b", "\\x1b]0;title\\x07\\x00\\r\\x7f\\x9b"),
        ("\udc80 \u2028 \u202e", "\\udc80 \\u2028 \\u202e"),
    ],
)
def test_what_steers_a_terminal_is_shown_and_not_sent(text: str, expected: str) -> None:
    assert printable(text) == expected and str(UserError(text)) == expected
    assert str(UserError.from_list("a", [text])) == f"a\n  - {expected}"

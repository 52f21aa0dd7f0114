"""What the page carries with it."""

from __future__ import annotations

import base64
import gzip
from pathlib import Path

import vl_convert
from seedbed.report.page.bundle import libraries, pack, pack_picture


def test_packed_content_is_the_same_every_time_and_comes_out_again() -> None:
    assert pack("a report") == pack("a report")
    assert gzip.decompress(base64.b64decode(pack("Fréchet"))).decode() == "Fréchet"


def test_a_damaged_copy_of_the_drawing_library_is_packed_anew(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda: "draw();" * 1000)
    packed = libraries()["vega"]
    (kept,) = (tmp_path / "seedbed").iterdir()
    written = kept.read_text()
    for damage in (written[:-9], "", "é", written[:90] + "AAAA" + written[94:]):
        kept.write_text(damage)
        assert libraries()["vega"] == packed and kept.read_text() == written


def test_a_picture_is_carried_with_the_digits_that_a_screen_shows() -> None:
    svg = """<svg viewBox="0 0 10.123456 5"><path d="M 1.234567 -8.999999 L 30 4.5" style="stroke-width: 0.123456"
        transform="scale(0.015625)"/><use x="12.345678" y="3.999999"/></svg>"""
    drawn = pack_picture({"svg": svg, "width": 10, "height": 5, "suffix": "svg"})
    carried = gzip.decompress(base64.b64decode(drawn["packed"])).decode()
    shorter = {"1.234567": "1.23", "-8.999999": "-8.99", "12.345678": "12.34", '"3.999999"': '"3.99"'}
    for long, short in shorter.items():
        svg = svg.replace(long, short)
    assert carried == svg and "svg" not in drawn and drawn["suffix"] == "svg"

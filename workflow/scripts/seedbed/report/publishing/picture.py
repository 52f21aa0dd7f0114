"""The picture of the ledger: a square for every claim, as an SVG that reads in light and dark and at any width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from .pages import Ledger
from .rows import Row
from .words import EARLIER, SHORT, counts, in_order

_WIDTH, _LEFT, _STEP, _SIZE, _LINE = 520, 112, 13, 11, 15
_PER_ROW = (_WIDTH - _LEFT - 52) // _STEP
# apart in lightness too, so that they read in grey; a cross marks what was contradicted
_STYLE = """\
text{font:12px system-ui,sans-serif;fill:#1f2328}.l{font-size:11px}.s{font-size:10px;fill:#59636e}
.reproduced{fill:#1b7f79}.nocounterexample{fill:#7cc4bd}.contradicted{fill:#c2410c}
.inconclusive{fill:#c9ced6}.nottestedhere{fill:none;stroke:#9aa3ae;stroke-dasharray:2 2}
.x{stroke:#fff;stroke-width:1.6}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.reproduced{fill:#3fb6ac}
.nocounterexample{fill:#1f6f69}.contradicted{fill:#f0793b}.inconclusive{fill:#59636e}.x{stroke:#0d1117}}"""


def picture(ledger: Ledger) -> str:
    """The SVG: for each study a line of the paper's claims and one of ours."""
    parts: list[str] = list(_legend(ledger.rows))
    y = 44
    for study in ledger.studies:
        parts.append(f'<text x="0" y="{y + 10}" font-weight="600">{escape(study)}</text>')
        if ledger.is_earlier(study):
            parts.append(f'<text class="s" x="0" y="{y + 23}">{EARLIER}</text>')
        for origin, title in (("paper", "paper"), ("ours", "ours")):
            rows = in_order(ledger.of(study, origin))
            if rows:
                parts.append(f'<text class="s" x="{_LEFT + 34}" y="{y + 9}" text-anchor="end">{title}</text>')
                parts += _squares(rows, y)
                y += _LINE * (1 + (len(rows) - 1) // _PER_ROW)
        y += 12
    body = "\n".join(parts)
    title = f"Verdicts on {len(ledger.rows)} claims of {len(ledger.studies)} studies"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}" role="img">'
        f"<title>{title}</title><style>{_STYLE}</style>\n{body}\n</svg>\n"
    )


def _legend(rows: Sequence[Row]) -> Iterator[str]:
    x = 0
    for verdict, total in counts(rows).items():
        text = f"{total} {SHORT[verdict]}"
        yield from _square(verdict, x, 6)
        yield f'<text class="l" x="{x + 15}" y="16">{text}</text>'
        x += 27 + round(6.1 * len(text))


def _squares(rows: Sequence[Row], y: int) -> Iterator[str]:
    for place, row in enumerate(rows):
        line, column = divmod(place, _PER_ROW)
        yield from _square(row.verdict, _LEFT + 42 + column * _STEP, y + line * _LINE, f"{row.id}: {row.verdict}")


def _square(verdict: str, x: int, y: int, tip: str = "") -> Iterator[str]:
    kind = verdict.replace(" ", "")
    title = f"<title>{escape(tip)}</title>" if tip else ""
    yield f'<rect class="{kind}" x="{x}" y="{y}" width="{_SIZE}" height="{_SIZE}" rx="2">{title}</rect>'
    if verdict == "contradicted":
        a, b, c, d = x + 3, x + _SIZE - 3, y + 3, y + _SIZE - 3
        yield f'<path class="x" d="M{a} {c}L{b} {d}M{a} {d}L{b} {c}"/>'

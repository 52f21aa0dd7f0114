"""What the page carries with it: libraries and data, compressed, since it may fetch nothing."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import urllib.parse
from importlib import resources
from pathlib import Path
from typing import Any

from seedbed.core.recall.user_cache import kept_of, kept_text

ASSETS = Path(__file__).parent / "assets"
STYLE_SHEETS = ("page.css", "front.css", "ledger.css", "tables.css", "figures.css", "print.css")
SCRIPTS = (
    "unpack.js", "tables.js", "panels.js", "charts.js", "parts.js", "pictures.js", "methods.js", "ledger.js",
    "contents.js", "printing.js", "theme.js", "columns.js", "page.js",
)  # fmt: skip
_COORDINATES = re.compile(r' (?:d|points|[cr]?[xy][12]?)="[^"]*"')
_DIGITS = re.compile(r"(\.\d\d)\d+")


def pack(content: str | bytes) -> str:
    """Gzip and base64, the same bytes every time; the browser's own DecompressionStream reads it."""
    data = content.encode() if isinstance(content, str) else content
    return base64.b64encode(gzip.compress(data, compresslevel=9, mtime=0)).decode()


def pack_json(value: Any) -> str:
    """The same for data."""
    return pack(json.dumps(value, separators=(",", ":"), allow_nan=False))


def pack_picture(drawn: dict[str, Any]) -> dict[str, Any]:
    """A figure as it was read from its folder, its SVG packed, with an empty picture that keeps its place."""
    if "svg" not in drawn:
        return drawn
    size = f"viewBox='0 0 {drawn['width'] or 1} {drawn['height'] or 1}'"
    place = "data:image/svg+xml," + urllib.parse.quote(f"<svg xmlns='http://www.w3.org/2000/svg' {size}/>")
    rest = {key: value for key, value in drawn.items() if key != "svg"}
    packed = kept_of("picture", __file__, drawn["svg"].encode(), lambda: pack(_shortened(drawn["svg"])))
    return rest | {"packed": packed, "place": place}


def _shortened(svg: str) -> str:
    """Coordinates to a hundredth of a point, which no screen shows: half of what many points take is further digits."""
    return _COORDINATES.sub(lambda found: _DIGITS.sub(r"\1", found[0]), svg)


def libraries() -> dict[str, str]:
    """Vega, Vega-Lite and vega-embed in one script, and DataTables, packed.

    The script takes two seconds to put together, so it is kept for the next report of the same user.
    """
    import vl_convert

    made: Any = vl_convert  # its stub lacks the version, and that the bundle needs no snippet
    vega = kept_text(f"vega-{made.__version__}", lambda: pack(made.javascript_bundle()))
    tables = resources.files("itables") / "html" / "dt_bundle.js"
    return {"vega": vega, "datatables": pack(tables.read_bytes())}


def library_versions() -> str:
    """For the page's last line."""
    import itables
    import vl_convert

    vega = f"Vega {vl_convert.get_vega_version()}, Vega-Lite {vl_convert.get_vegalite_versions()[-1]}"
    return f"{vega}; DataTables of itables {itables.__version__}"


def style_sheet() -> str:
    """All of ours in one."""
    return "\n".join((ASSETS / "styles" / name).read_text(encoding="utf-8") for name in STYLE_SHEETS)


def script() -> str:
    """All of ours in one."""
    return "\n".join((ASSETS / "scripts" / name).read_text(encoding="utf-8") for name in SCRIPTS)


def content_policy(script: str) -> str:
    """What the page may do, for the browser to enforce: run this script and what it unpacks, and fetch nothing else.

    Images may lie beside the page: without JavaScript it shows the saved figures.
    ``script`` is the text of its one script element. Whatever labels, messages and drawings say, the browser neither
    asks a network nor runs a script that they bring along.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}' blob:; style-src 'unsafe-inline'; "
        "img-src data: blob: 'self'; form-action 'none'; base-uri 'none'"
    )

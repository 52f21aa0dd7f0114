"""What the page carries with it: libraries and data, compressed, since it may fetch nothing."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from ..core.files import atomic_path, reading
from .views import ViewFigure

ASSETS = Path(__file__).parent / "assets"
STYLE_SHEETS = ("page.css", "tables.css", "figures.css")
SCRIPTS = ("unpack.js", "tables.js", "charts.js", "page.js")
LARGEST_SVG = 300_000  # bytes: a larger picture is carried as PNG


def pack(content: str | bytes) -> str:
    """Gzip and base64, the same bytes every time; the browser's own DecompressionStream reads it."""
    data = content.encode() if isinstance(content, str) else content
    return base64.b64encode(gzip.compress(data, compresslevel=9, mtime=0)).decode()


def pack_json(value: Any) -> str:
    """The same for data."""
    return pack(json.dumps(value, separators=(",", ":"), allow_nan=False))


def libraries() -> dict[str, str]:
    """Vega, Vega-Lite and vega-embed in one script, and DataTables, packed.

    The script takes two seconds to put together, so it is kept beside Snakemake's own records.
    """
    import vl_convert

    kept = Path(".snakemake") / f"seedbed-vega-{vl_convert.__version__}.txt"
    if (vega := _kept(kept)) is None:
        vega = pack(vl_convert.javascript_bundle())
        kept.parent.mkdir(exist_ok=True)
        with atomic_path(str(kept)) as part:
            part.write_text(vega, encoding="ascii")
    tables = resources.files("itables") / "html" / "dt_bundle.js"
    return {"vega": vega, "datatables": pack(tables.read_bytes())}


def _kept(path: Path) -> str | None:
    """What an earlier report has packed; None if it is not there, or no longer whole."""
    try:
        text = path.read_text(encoding="ascii")
        return text if gzip.decompress(base64.b64decode(text)) else None
    except (OSError, ValueError, EOFError, zlib.error):
        return None


def library_versions() -> str:
    """For the page's last line."""
    import itables
    import vl_convert

    vega = f"Vega {vl_convert.get_vega_version()}, Vega-Lite {vl_convert.get_vegalite_versions()[-1]}"
    return f"{vega}; DataTables of itables {itables.__version__}"


def style_sheet() -> str:
    """All of ours in one."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in STYLE_SHEETS)


def script() -> str:
    """All of ours in one."""
    return "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)


def read_figures(folder: Path) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The interactive figures of a study, and by name those that are drawn on paper alone, as data URIs.

    Raises
    ------
    UserError
        If one is damaged. The folder is named: it is made as a whole, so it is to be deleted as a whole.
    """
    with reading(folder):
        if not (folder / "views.json").exists():
            raise ValueError("it has no views.json")
        views = json.loads((folder / "views.json").read_text(encoding="utf-8"))
        needed = {field.name for field in fields(ViewFigure)} - {"numbers"}
        if not all(needed <= {*view} for view in views):
            raise ValueError("views.json describes other figures than this version draws")
        names = {path.stem for path in folder.glob("*.svg")} - {view["name"] for view in views}
        return views, {name: picture(folder / name) for name in sorted(names)}


def picture(stem: Path) -> str:
    """A figure as a data URI: SVG, or PNG where that would be large."""
    svg, png = stem.with_name(stem.name + ".svg"), stem.with_name(stem.name + ".png")
    chosen, kind = (svg, "svg+xml") if svg.stat().st_size <= LARGEST_SVG or not png.exists() else (png, "png")
    content = chosen.read_bytes()
    if (b"</svg>" if chosen == svg else b"IEND") not in content[-30:]:
        raise ValueError(f"{chosen.name} was cut off")
    return f"data:image/{kind};base64," + base64.b64encode(content).decode()

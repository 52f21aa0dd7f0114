"""What draws charts in Vega-Lite, with its own fonts before those of the machine.

It measures texts letter by letter, and opens the file of the font for each: four thousand times a chart, more than half
of a chart's CPU time. The fonts that it carries in itself have no file, and are the same on every machine.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from types import ModuleType

_NO_FONTS = Path(__file__).with_name("no_fonts.conf")
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
_VARIABLE = "FONTCONFIG_FILE"


@cache
def vega() -> ModuleType:
    """vl-convert, with the machine's fonts behind its own: they have the letters that those lack."""
    import vl_convert

    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = str(_NO_FONTS)  # read at the first call, which looks for fonts
    try:
        for folder in _FOLDERS:
            vl_convert.register_font_directory(os.path.expanduser(folder))
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
    return vl_convert

"""``python docs/website/build.py [FOLDER]``: the site, in build/site or a folder of yours. A warning is an error."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "workflow/scripts"))

from layout import lay_out  # noqa: E402
from sphinx.cmd.build import main  # noqa: E402


def build(site: Path) -> int:
    source = site.with_name(f"{site.name}-source")
    lay_out(source)
    options = ["--builder", "html", "--conf-dir", str(ROOT / "docs"), "--doctree-dir", str(source / "../.doctrees")]
    return main(["--fail-on-warning", "--keep-going", *options, str(source), str(site)])


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/site").resolve()))

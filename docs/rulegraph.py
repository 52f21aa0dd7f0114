"""``docs/rulegraph.md``: which rule feeds which. Run ``python docs/rulegraph.py`` after a change of the rules."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).with_suffix(".md")
_HEAD = """\
# The rules

Made by `python docs/rulegraph.py` from `snakemake --rulegraph mermaid-js`; a test compares. Rules that a config does
not need, such as `tune_method` where nothing is tuned, are left out by Snakemake.

"""


def rulegraph(config: Path) -> str:
    """The page for a config that uses every rule."""
    root = PAGE.parents[1]
    command = [sys.executable, "-m", "snakemake", "all", "archive", "benchmark", "verify", "--rulegraph", "mermaid-js"]
    done = subprocess.run(
        [*command, "--configfile", str(config), "--cores", "1"], cwd=root, capture_output=True, text=True, check=True
    )
    names = dict(re.findall(r"(id\d+)\[(\w+)\]", done.stdout))
    edges = {(names[a], names[b]) for a, b in re.findall(r"(id\d+) --> (id\d+)", done.stdout)}
    alone = set(names.values()) - {name for edge in edges for name in edge}
    lines = [*sorted(f"    {a} --> {b}" for a, b in edges), *(f"    {name}" for name in sorted(alone))]
    return _HEAD + "\n".join(["```mermaid", "flowchart TB", *lines, "```", ""])


if __name__ == "__main__":
    PAGE.write_text(rulegraph(PAGE.parents[1] / "config.yaml"), encoding="utf-8")

"""A tutorial as its reader takes it: files that it shows are written, commands typed, and what it quotes is looked for.

A file is a block below a line that holds its name alone (`` `my_config.yaml`: ``), commands stand in blocks of ``sh``,
and a quotation (``> ...``) is something that the last command printed, or that the report shows now.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from project import ROOT, Project

_PARTS = re.compile(
    r"^(?:`(?P<path>[^`\n]+)`:\n\n)?```(?P<language>\w*)\n(?P<block>.*?)^```$|^(?P<quote>>[^\n]*(?:\n>[^\n]*)*)$",
    re.M | re.S,
)


@dataclass
class Reader:
    """Works in a project of his own."""

    project: Project
    printed: str = ""

    def follow(self, page: str) -> Iterator[str]:
        """Take every step of a page; the headings of its sections, each after its steps were taken."""
        text = (ROOT / page).read_text(encoding="utf-8")
        for section in text.split("\n## ")[1:]:
            for part in _PARTS.finditer(section):
                self._take(part)
            yield section.partition("\n")[0]

    def _take(self, part: re.Match[str]) -> None:
        if part["path"]:
            path = self.project.folder / part["path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(part["block"], encoding="utf-8")
        elif part["language"] == "sh":
            for line in part["block"].splitlines():
                self.type(line)
        elif part["quote"]:
            for line in part["quote"].split("\n"):
                quoted = as_words(line[1:])
                assert quoted in as_words(self.printed) or quoted in self.report, f"{quoted!r} is nowhere to be seen"

    def type(self, line: str, check: bool = True) -> str:
        """A command, as in the environment that ``make run`` makes."""
        tools = Path(sys.executable).parent
        typed = re.sub(r"^snakemake\b", f"{sys.executable} -m snakemake", line)
        typed = re.sub(r"^make\b", f"make --silent --assume-old=.venv/run.stamp BIN={tools}", typed)
        done = subprocess.run(
            typed, shell=True, cwd=self.project.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert done.returncode == 0 or not check, f"{line}\n{done.stdout}"
        self.printed = done.stdout
        return self.printed

    @property
    def report(self) -> str:
        """What the report shows, without its tags."""
        page = self.project.folder / "results/report.html"
        return as_words(html.unescape(re.sub(r"<[^>]+>", "", page.read_text("utf-8")))) if page.exists() else ""


def as_words(text: str) -> str:
    """One blank for all white space."""
    return " ".join(text.split())

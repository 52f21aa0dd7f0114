"""The sources of the site in one folder: the pages of docs/, those of the repository that they point to, the API."""

from __future__ import annotations

import re
from os.path import relpath
from pathlib import Path

from api_pages import api_pages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# Pages that lie elsewhere in the repository, and their addresses on the site.
ELSEWHERE = {
    "README.md": "index.md",
    "docs/decisions": "decisions/README.md",
    "docs/gallery": "examples/index.rst",
    "data/README.md": "repository/data.md",
    "config/README.md": "repository/config.md",
    "CONTRIBUTING.md": "repository/contributing.md",
    "SECURITY.md": "repository/security.md",
    "CHANGELOG.md": "repository/changelog.md",
}
_BESIDE = "\n```{toctree}\n:hidden:\n:glob:\n*\n```\n"  # a README's pages are those of its folder
_LEFT_OUT = {"skeleton", "website", "__pycache__"}
_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?(?=\))")


def lay_out(source: Path) -> None:
    """Write what has changed since the last time, and remove what is no longer there, the gallery's own pages apart."""
    texts = {f"api/{name}": text for name, text in api_pages().items()}
    copies = {}
    for path in sorted(path for path in DOCS.rglob("*") if path.is_file()):
        place = path.relative_to(DOCS)
        if not _LEFT_OUT & set(place.parts):
            copies[place.as_posix()] = path
    copies |= {place: ROOT / name for name, place in ELSEWHERE.items() if place.startswith("repository/")}
    for place, path in list(copies.items()):
        if path.suffix == ".md":
            texts[place] = _with_links(path, place, copies) + (_BESIDE if place.endswith("/README.md") else "")
    texts["index.md"] += _named_nowhere(texts)
    for place, path in copies.items():
        if place not in texts:
            _write(source / place, path.read_bytes())
    for place, text in texts.items():
        _write(source / place, text.encode())
    for path in list(source.rglob("*")):
        place = path.relative_to(source)
        if path.is_file() and place.parts[0] != "examples" and place.as_posix() not in {*texts, *copies}:
            path.unlink()


def _named_nowhere(texts: dict[str, str]) -> str:
    """A list of contents with the pages of docs/ that index.md does not name; of a folder with a README, that."""
    pages = {place.removesuffix(".md") for place in texts if place.endswith(".md") and place != "index.md"}
    folders = {page.rpartition("/")[0] for page in pages if page.endswith("/README")}
    known = set(re.findall(r"^[\w/-]+$", texts["index.md"], re.M))
    heads = {page for page in pages if page.endswith("/README") or page.rpartition("/")[0] not in folders}
    lost = sorted(heads - known)
    return "\n".join(["\n```{toctree}", ":hidden:", ":caption: More", *lost, "```", ""]) if lost else ""


def _with_links(path: Path, place: str, copies: dict[str, Path]) -> str:
    """The page, with links that lead out of docs/ turned to where their targets are on the site."""

    def turned(match: re.Match[str]) -> str:
        target = (path.parent / match[1]).resolve()
        name = target.relative_to(ROOT).as_posix() if target.is_relative_to(ROOT) else ""
        if name in ELSEWHERE:
            there = ELSEWHERE[name]
        elif target.is_relative_to(DOCS):
            there = target.relative_to(DOCS).as_posix()
        elif target.is_file():
            there = f"repository/files/{name}"
            copies[there] = target
        else:
            return match[0]  # Sphinx says that it leads nowhere
        return relpath(there, Path(place).parent) + (match[2] or "")

    parts = re.split(r"(^```.*?^```$)", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    return "".join(part if i % 2 else _LINK.sub(turned, part) for i, part in enumerate(parts))


def _write(path: Path, content: bytes) -> None:
    """Leaves the date of a file that is the same, by which Sphinx sees what to read again."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

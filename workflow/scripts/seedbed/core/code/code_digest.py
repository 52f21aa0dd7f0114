"""What code a result depends on: a digest over the import closure of a few modules.

Snakemake does not see that an imported module changed. Rules therefore carry this digest in ``params:``,
so that editing one method's module refits that method and nothing else. Imports are read from the
source (nothing is executed), and followed within the local packages only; of other libraries the
version counts. A file that a module's text names as ``{here}/file``, which is how a
:class:`~seedbed.core.programs.program.Program` names its script, counts as a part of the module.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from seedbed.core.canonical import digest
from seedbed.core.files import content_digest
from seedbed.core.recall.findings import found

SCRIPTS = Path(__file__).parents[3]  # workflow/scripts: where the package and the rules' scripts lie
_BESIDE = re.compile(r"\{here\}/([\w./-]*\w)")  # a file beside a module, in words that the module runs


@cache
def code_digest(*sources: str) -> str:
    """Digest of modules and of everything they import.

    Parameters
    ----------
    *sources : str
        Dotted targets ``"package.module:attribute"``, modules, or scripts such as ``"fit_method.py"``.

    Returns
    -------
    str
        Sixteen hexadecimal digits. The order of ``sources`` does not matter, nor where the files lie. Computed
        once per process: all jobs of a run see the same code. A user's own modules lie in the working directory,
        where ``snakemake`` runs; it is searched after our own folder.
    """
    names = [source.partition(":")[0].removesuffix(".py") for source in sources]
    files, libraries = _finder(SCRIPTS, Path.cwd()).closure(names)
    return digest({"files": files, "libraries": {name: _version(name) for name in libraries}})


def source_digest(*sources: str) -> str:
    """The same of the local files alone, whatever the versions of libraries: equal on every machine."""
    names = [source.partition(":")[0] for source in sources]
    files, _ = _finder(SCRIPTS, Path.cwd()).closure(names)
    return digest(files)


def own_files(*sources: str) -> list[str]:
    """The user's own modules among these and what they import: files below the working directory."""
    here = Path.cwd()
    finder = _finder(SCRIPTS, here)
    names, _ = finder.closure(source.partition(":")[0] for source in sources)
    found = [path.resolve() for name in names if (path := finder.locate(name)) is not None]
    own = [path for path in found if path.is_relative_to(here) and not path.is_relative_to(SCRIPTS.resolve())]
    packages = {folder / "__init__.py" for path in own for folder in path.parents if folder.is_relative_to(here)}
    own += [path for path in packages if path.is_file()] + [file for path in own for file in files_beside(path)]
    return sorted({path.relative_to(here).as_posix() for path in own})


def files_beside(path: Path) -> list[Path]:
    """Files that a module names as ``{here}/file``, as far as they are there."""
    text = path.read_text(encoding="utf-8", errors="replace")
    names = dict.fromkeys(_BESIDE.findall(text)) if "{here}/" in text else {}
    return [file for name in names if (file := path.parent / name).is_file()]


def forget_digests() -> None:
    """Look at the files anew (for tests: the files of a run stay as they are)."""
    code_digest.cache_clear()
    _finder.cache_clear()


class _Finder:
    """Knows every module once, however many closures it is part of."""

    def __init__(self, *roots: Path) -> None:
        self.roots = roots
        self.locate = cache(self._locate)
        self.needs = cache(self._needs)
        self.lazy_members = cache(self._lazy_members)

    def closure(self, names: Iterable[str]) -> tuple[dict[str, str], set[str]]:
        """``{module: digest of its text}`` for local modules, and the names of the other libraries."""
        files: dict[str, str] = {}
        libraries: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in files:
                continue
            if self.locate(name) is None:
                libraries.add(name.partition(".")[0])
                continue
            files[name], needed = self.needs(name)
            waiting += needed
        return files, libraries - set(sys.stdlib_module_names)

    def _locate(self, name: str) -> Path | None:
        """The source file of a local module or package."""
        relative = Path(*name.split("."))
        for root in self.roots:
            for path in (root / relative / "__init__.py", (root / relative).with_suffix(".py")):
                if path.is_file() and "site-packages" not in path.parts:
                    return path
        return None

    def _needs(self, name: str) -> tuple[str, list[str]]:
        """Digest of a local module's text, and what it imports."""
        path = self.locate(name)
        assert path is not None  # only asked of local modules
        text, imports = _read_module(path)
        beside = {str(file.relative_to(path.parent)): content_digest(file) for file in files_beside(path)}
        return digest([text, beside]) if beside else text, [*dict.fromkeys(self.resolve(name, path, imports))]

    def resolve(self, name: str, path: Path, imports: Iterable[_Import]) -> Iterator[str]:
        """Absolute names of the modules that ``import`` statements of a module need."""
        package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
        for level, module, attributes in imports:
            base = package[: len(package) - level + 1] if level else []
            source = ".".join([*base, *([module] if module else [])])
            members = [f"{source}.{attribute}" for attribute in attributes]
            yield from (member for member in members if self.locate(member))
            names = [
                attribute for attribute, member in zip(attributes, members, strict=True) if not self.locate(member)
            ]
            if names or not attributes:
                yield source
                yield from self.lazy_members(source, tuple(names))

    def _lazy_members(self, source: str, names: tuple[str, ...]) -> list[str]:
        """Where a package that loads its names on demand has them from, by its own table.

        All of its modules if no name is given (``import package``), if a name is not in the table (``*``), or if
        the package has no table that can be read.
        """
        path = self.locate(source)
        if path is None or path.name != "__init__.py" or not _is_lazy(text := path.read_text(encoding="utf-8")):
            return []
        table = {name: f"{source}.{module}" for name, module in _name_table(text).items()}
        if names and set(names) <= set(table) and all(self.locate(table[name]) for name in names):
            return [table[name] for name in names]
        files = sorted(file for file in path.parent.rglob("*.py") if file != path)
        places = [file.relative_to(path.parent).with_suffix("").parts for file in files]
        return [".".join([source, *place]).removesuffix(".__init__") for place in places]


def _is_lazy(text: str) -> bool:
    """Does a package look its names up when they are asked for (PEP 562)?"""
    return "__getattr__" in text


def _name_table(text: str) -> dict[str, str]:
    """``{name: module}``: the entries of all dicts of text that the file spells out."""
    try:
        nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Dict)]
        tables = [ast.literal_eval(node) for node in nodes]
    except (SyntaxError, ValueError):
        return {}
    pairs = [pair for table in tables for pair in table.items()]
    return {name: module for name, module in pairs if isinstance(name, str) and isinstance(module, str)}


_finder = cache(_Finder)
_Import = list[Any]  # level, module or None, list of names: as JSON has it


def _read_module(path: Path) -> tuple[str, list[_Import]]:
    status = path.stat()
    return _parse_module(path, status.st_mtime_ns, status.st_size)


@cache
def _parse_module(path: Path, *_state: int) -> tuple[str, list[_Import]]:
    text = path.read_text(encoding="utf-8")
    state = _digest_of(text)
    return state, found("imports", lambda: [_own_state(), state], lambda: _imports_of(text))


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _own_state() -> str:
    """Of the code that reads imports."""
    return _digest_of(Path(__file__).read_text(encoding="utf-8"))


def _imports_of(text: str) -> list[_Import]:
    imports: list[_Import] = []
    try:
        nodes = list(_executed(ast.parse(text), whole="call_forked" in text))
    except SyntaxError:  # the fit will say so, in a status row
        nodes = []
    for node in nodes:
        if isinstance(node, ast.Import):
            imports += [[0, alias.name, []] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports.append([node.level, node.module, [alias.name for alias in node.names]])
        elif isinstance(node, ast.Call) and getattr(node.func, "id", None) == "call_forked":
            targets = [target.value for target in node.args if isinstance(target, ast.Constant)]
            imports += [[0, text.partition(":")[0], []] for text in targets if isinstance(text, str)]
    return imports


_STATEMENTS = ast.stmt, ast.excepthandler, ast.match_case


def _executed(tree: ast.AST, whole: bool = True) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker looks at; without expressions, in which nothing is imported, if
    not the ``whole`` is asked for.
    """
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            waiting += node.orelse
        else:
            yield node
            waiting += [child for child in ast.iter_child_nodes(node) if whole or isinstance(child, _STATEMENTS)]


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())


# Looking through the metadata of all packages for these names takes half a second of every start.
_DISTRIBUTED_AS = {"sklearn": "scikit-learn", "yaml": "PyYAML", "vl_convert": "vl-convert-python", "PIL": "pillow"}


@cache
def _version(library: str) -> str:
    name = _DISTRIBUTED_AS.get(library, library)
    try:
        return f"{name}=={importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        names = _distributions().get(library, [])
    return ",".join(sorted(f"{name}=={importlib.metadata.version(name)}" for name in set(names))) or "absent"

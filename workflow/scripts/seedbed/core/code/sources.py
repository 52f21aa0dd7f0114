"""What a module offers, read from its source: nothing is imported, so that looking costs little and runs nothing."""

from __future__ import annotations

import ast
import glob
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from seedbed.core.errors import did_you_mean

from .code_digest import SCRIPTS

_DEFINITIONS = re.compile(r"^(class|(?:async )?def) (\w+)", re.M)
_WRITTEN = "package.module:name, or .module:name for a module of the study"


@dataclass(frozen=True)
class Named:
    """What a name of a module stands for: ``class``, ``function``, ``value``, or ``?`` where that is not plain."""

    kind: str
    node: ast.AST | None = None


def target_errors(target: str, wanted: str, abroad: bool = False) -> list[str]:
    """What is wrong with a dotted target.

    Parameters
    ----------
    target : str
        ``"package.module:attribute"``.
    wanted : str
        ``class``, ``function`` or ``either``.
    abroad : bool
        It is to be imported in another environment, whose libraries are not known here.
    """
    module, _, attribute = target.partition(":")
    if not all(part.isidentifier() for part in [*module.split("."), attribute]):
        return [f"'{target}' is no target: write {_WRITTEN}"]
    try:
        path = module_file(module)
    except ModuleNotFoundError as error:
        return [] if abroad and not is_local(module) else [f"'{target}': {error}"]
    if path is None:
        return []
    try:
        found = name_of(path, attribute)
    except SyntaxError as error:
        return [f"'{target}': {path.name}, line {error.lineno}: SyntaxError: {error.msg}"]
    if found is None:
        return [f"'{target}': the module has no '{attribute}'{did_you_mean(attribute, names_of(path))}"]
    if found.kind == "?" or found.kind == wanted or (wanted == "either" and found.kind != "value"):
        return []
    needed = {"class": "a class", "function": "a function"}.get(wanted, "a class or a function")
    return [f"'{target}' is a {found.kind}: {needed} is needed"]


def is_local(module: str) -> bool:
    """Is a module the package's or the user's, and not an installed library's?"""
    roots = [SCRIPTS.resolve(), Path.cwd()]
    places = [Path(place).resolve() for place in _places(module.partition(".")[0], os.getcwd())]
    return any(place.is_relative_to(root) and "site-packages" not in place.parts for place in places for root in roots)


def module_file(module: str) -> Path | None:
    """The source of a module; None if it is there and has none.

    Raises
    ------
    ModuleNotFoundError
        If there is no such module. Only the topmost package is asked for, which imports nothing.
    """
    first, _, rest = module.partition(".")
    places = _places(first, os.getcwd())
    if not places:
        raise ModuleNotFoundError(f"there is no module '{first}'")
    inner = f"/{rest.replace('.', '/')}" if rest else ""
    if module in sys.builtin_module_names or (not rest and places[0].endswith(".so")) or module == "os.path":
        return None
    for path in (f"{place}{inner}" for place in places):
        for file in (f"{path}/__init__.py", f"{path}.py"):
            if os.path.isfile(file):
                return Path(file)
        if os.path.isdir(path) or glob.glob(f"{glob.escape(path)}.*.so"):
            return None
    raise ModuleNotFoundError(f"there is no module '{module}'{did_you_mean(module, _siblings(module, places))}")


def name_of(path: Path, name: str) -> Named | None:
    """What a name stands for at the top of a module; None if the module does not set it.

    A class or function of ours or of a library is found without parsing the module: others have tested it.
    """
    text, untested = _text(path), _is_untested(path)
    if (kind := _written(text).get(name)) and not untested:
        return Named("class" if kind == "class" else "function")
    if untested:
        _compile(path, text)
    return _names(path, text).get(name) or _names(path, text).get("*")


def _is_untested(path: Path) -> bool:
    """Is a file the user's own?"""
    here = path.resolve()
    return (
        here.is_relative_to(Path.cwd())
        and not here.is_relative_to(SCRIPTS.resolve())
        and "site-packages" not in here.parts
    )


def definition(path: Path, name: str) -> ast.AST | None:
    """The ``class`` or ``def`` of a name, if the module has it at its top."""
    found = _names(path, _text(path)).get(name)
    return found.node if found else None


def inherited(module: str, node: ast.ClassDef) -> list[ast.ClassDef] | None:
    """A class and what it inherits from, nearest first, wherever the bases are written; None if one is not found."""
    family = [node]
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id == "object":
            continue
        found = _class_of(module, base.id) if isinstance(base, ast.Name) else None
        more = inherited(*found) if found and found[1] is not node else None
        if more is None:
            return None
        family += [one for one in more if one not in family]
    return family


def _class_of(module: str, name: str, hops: int = 20) -> tuple[str, ast.ClassDef] | None:
    """Where the class is written that a module knows by a name, and its definition; modules may import in a circle."""
    try:
        path = module_file(module)
    except ModuleNotFoundError:
        return None
    if path is None or not hops:
        return None
    node = definition(path, name)
    if isinstance(node, ast.ClassDef):
        return module, node
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for statement in ast.parse(_text(path), path.name).body:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                if name == (alias.asname or alias.name):
                    above = package[: len(package) - statement.level + 1] if statement.level else []
                    source = ".".join([*above, *([statement.module] if statement.module else [])])
                    return _class_of(source, alias.name, hops - 1)
    return None


def is_class(target: str) -> bool:
    """Whether a target names a class, as its source says."""
    module, _, name = target.partition(":")
    path = module_file(module)
    found = name_of(path, name) if path else None
    return found is not None and found.kind == "class"


def names_of(path: Path) -> list[str]:
    """The public names that a module sets."""
    return [name for name, found in _names(path, _text(path)).items() if name.isidentifier() and name[0] != "_"]


@cache
def _places(first: str, here: str) -> list[str]:
    """Where a topmost module lies, without its suffix: our own folder first, then as Python looks for it ``here``."""
    if (SCRIPTS / first).is_dir():
        return [str(SCRIPTS / first)]
    spec = importlib.util.find_spec(first)
    if spec is None:
        return []
    return [*(spec.submodule_search_locations or [str(spec.origin).removesuffix(".py")])]


def _siblings(module: str, places: list[str]) -> Iterator[str]:
    parent, _, _ = module.rpartition(".")
    inner = parent.partition(".")[2].replace(".", "/")
    for place in places if parent else ():
        for path in Path(place, inner).glob("*"):
            if path.stem.isidentifier() and path.stem[0] != "_" and (path.suffix == ".py" or path.is_dir()):
                yield f"{parent}.{path.stem}"


def _text(path: Path) -> str:
    status = path.stat()
    return _read(path, status.st_mtime_ns, status.st_size)


@cache
def _read(path: Path, *_state: int) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@cache
def _compile(path: Path, text: str) -> None:
    """A ``return`` outside of a function, a ``from __future__`` further down: what can be parsed may be wrong still."""
    compile(text, path.name, "exec", dont_inherit=True)


@cache
def _written(text: str) -> dict[str, str]:
    return {name: kind for kind, name in _DEFINITIONS.findall(text)}


@cache
def _names(path: Path, text: str) -> dict[str, Named]:
    """Every name at the top of a module; ``*`` if there may be more."""
    names = dict(_bound(ast.parse(text, path.name).body))
    return names | ({"*": Named("?")} if "__getattr__" in names else {})


def _bound(body: list[ast.stmt]) -> Iterator[tuple[str, Named]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield node.name, Named("class", node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, Named("function", node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], Named("?")
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            plain = isinstance(node.value, ast.Constant | ast.Dict | ast.List | ast.Tuple | ast.Set | ast.JoinedStr)
            for inner in (part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)):
                yield inner.id, Named("value" if plain else "?")
        else:
            for field in ("body", "orelse", "finalbody", "handlers"):
                for part in getattr(node, field, ()):
                    yield from _bound(part.body if isinstance(part, ast.ExceptHandler) else [part])

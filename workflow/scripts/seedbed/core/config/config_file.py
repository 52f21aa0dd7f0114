"""A config file as text: what is wrong with its YAML, before Snakemake reads it.

Snakemake says of a broken file only that it is broken, takes the last of two equal keys, and runs the Python of a
file that asks for YTE. A file named by ``--configfile`` it has read before we are asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from seedbed.core.canonical import is_exponent
from seedbed.core.errors import UserError

_YTE = "__use_yte__"
_SURPRISING = re.compile(r"[-+]?(0[0-7_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")  # in base 8, in base 60
_LARGEST = 10_000_000  # bytes
_DEEPEST = 50  # levels: a config has eight
_MOST = 200_000  # values, each alias counted with all that it stands for
KeyPath = tuple[Any, ...]


class PlainLoader(yaml.SafeLoader):
    """Plain YAML, in which a key stands once and a value that cannot be made is named by its line."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[Any, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                line = key.start_mark.line + 1
                if key.value in seen:
                    text = f"the key '{key.value}' stands here for the second time (first in line {seen[key.value]})"
                    raise _mistake(text, key)
                seen[key.value] = line
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            value = super().construct_object(node, deep)
        except (ValueError, OverflowError) as error:  # the 30th of February, a whole number of 5000 digits
            start = node.value[:20] + ("..." if len(node.value) > 20 else "")
            kind = node.tag.rpartition(":")[2].replace("int", "whole number").replace("timestamp", "date")
            reason = "it has too many digits" if "digits" in str(error) else str(error)
            text = f"'{start}' is written like a {kind} and is none ({reason}); text stands in quotes"
            raise _mistake(text, node) from None
        if isinstance(value, int | float) and isinstance(node.value, str) and _SURPRISING.fullmatch(node.value):
            raise _mistake(f"'{node.value}' is {value} for YAML; write that, or text in quotes", node)
        return value


def _mistake(text: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, text, node.start_mark)


def check_config_files(paths: Iterable[str | Path]) -> dict[KeyPath, str]:
    """Read each file as plain YAML (or JSON).

    Returns
    -------
    dict
        By the path of its key: text that stands in quotes though it looks like a number such as ``1e3``. Snakemake
        hands on what it has read without the quotes.

    Raises
    ------
    UserError
        That names file, line and column; or the tag or key that would run Python.
    """
    quoted: dict[KeyPath, str] = {}
    for path in map(Path, paths):
        if path.is_file():
            quoted |= _check(path)
    return quoted


def _check(path: Path) -> dict[KeyPath, str]:
    if (size := path.stat().st_size) > _LARGEST:
        raise UserError(f"{path} has {size / 1e6:.0f} MB; a config of more than {_LARGEST / 1e6:.0f} MB is not read")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is no text in UTF-8 (byte {error.start})") from None
    return read_config_text(text, str(path))[1]


def read_config_text(text: str, name: str) -> tuple[dict[str, Any], dict[KeyPath, str]]:
    """The content of a config, and the texts in it that only their quotes keep from being numbers.

    Raises
    ------
    UserError
        See :func:`check_config_files`; ``name`` is what the message calls the text.
    """
    try:
        content, quoted = _read(text)
    except yaml.YAMLError as error:
        raise UserError(f"{name}{_place(error)}: {_reason(error)}") from None
    except RecursionError:
        raise UserError(f"{name}: it is nested more than {_DEEPEST} levels deep") from None
    except ValueError as error:
        raise UserError(f"{name}: {error}") from None
    if not isinstance(content, dict):
        raise UserError(f"{name} holds no 'key: value' lines; config.yaml as it was shipped shows what belongs into it")
    if _YTE in content:
        raise UserError(f"{name}: '{_YTE}' would let the file run Python; configs here are plain YAML")
    return content, quoted


class _Dumper(yaml.SafeDumper):
    """Quotes what would be read as a number."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"' if is_exponent(data) else None)


_Dumper.add_representer(str, _Dumper.represent_str)


def config_text(config: Mapping[str, Any]) -> str:
    """A config as YAML, which :func:`read_config_text` reads as it was: texts like ``1e3`` stand in quotes."""
    return yaml.dump(dict(config), Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def _read(text: str) -> tuple[Any, dict[KeyPath, str]]:
    try:
        content = json.loads(text, object_pairs_hook=_unlike)
    except ValueError as error:
        if isinstance(error, _EqualKeys):
            raise
    else:
        _check_size(content)
        return content, {path: value for path, value in _leaves(content) if is_exponent(value)}
    loader = PlainLoader(text)  # a SafeLoader
    try:
        node = loader.get_single_node()
        if node is None:
            return None, {}
        _check_nodes(node)
        return loader.construct_document(node), dict(_quoted(node))
    finally:
        loader.dispose()


def read_plain(text: str) -> Any:
    """Plain YAML or JSON whose keys stand once; a ``yaml.YAMLError``, ``ValueError`` or ``RecursionError`` if not."""
    return _read(text)[0]


class _EqualKeys(ValueError):
    pass


def _unlike(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        key = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise _EqualKeys(f"the key '{key}' stands twice in one mapping")
    return found


def _leaves(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path, value
    else:
        for key, item in items:
            yield from _leaves(item, (*path, key))


def _check_size(content: Any) -> None:
    """The same bounds for JSON, whose parser has none of its own."""
    level, count = [content], 0
    for _ in range(_DEEPEST + 1):
        count += len(level)
        if count > _MOST:
            _too_many()
        inner = [part for part in level if isinstance(part, dict | list)]
        level = [item for part in inner for item in (part.values() if isinstance(part, dict) else part)]
    if level:
        _too_deep()


def _check_nodes(root: yaml.Node) -> None:
    """Bounds, before anything is made: aliases multiply, and one may stand inside of what it stands for."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node, depth: int) -> int:
        if depth > _DEEPEST:
            _too_deep()
        if id(node) in open_nodes:
            raise ValueError("an alias (*name) stands inside of what it stands for")
        if id(node) not in sizes:
            open_nodes.add(id(node))
            parts = node.value if isinstance(node, yaml.CollectionNode) else []
            flat = [part for item in parts for part in (item if isinstance(item, tuple) else (item,))]
            sizes[id(node)] = 1 + sum(size(part, depth + 1) for part in flat)
            open_nodes.discard(id(node))
        if sizes[id(node)] > _MOST:
            _too_many()
        return sizes[id(node)]

    size(root, 0)


def _too_deep() -> None:
    raise ValueError(f"it is nested more than {_DEEPEST} levels deep")


def _too_many() -> None:
    raise ValueError(f"it holds more than {_MOST} values, aliases (*name) written out")


def _quoted(node: yaml.Node, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Texts in quotes that look like numbers; what a merge (<<) brings in is found where it stands."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            merged = key.tag == "tag:yaml.org,2002:merge"
            inner = value.value if merged and isinstance(value, yaml.SequenceNode) else [value]
            for part in inner:
                yield from _quoted(part, path if merged else (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            yield from _quoted(item, (*path, place))
    elif isinstance(node, yaml.ScalarNode) and node.style and is_exponent(node.value):
        yield path, node.value


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    hint = "; indent with spaces" if "\\t" in problem else ""
    ours = "second time" in problem or "in quotes" in problem
    return problem if ours else f"this is no valid YAML: {problem}{hint}"

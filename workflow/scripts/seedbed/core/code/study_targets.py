"""Generators and presets of a study, against what the generators' sources say that they take."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from seedbed.core.errors import did_you_mean
from seedbed.core.study import Generator, Study

from .sources import definition, inherited, module_file, target_errors


@dataclass(frozen=True)
class Signature:
    """The parameters of a generator that a config may set; None where the source does not tell."""

    names: Collection[str] | None
    messages: tuple[str, ...] = ()


def generator_errors(study: Study, target: Callable[[str], str]) -> Iterator[str]:
    """Targets that name nothing, parameters that are not keyword-only, ``files`` that are no parameters."""
    for key, generator in study.generators.items():
        where = f"generators.{key}"
        wrong = target_errors(target(generator.function), "either")
        yield from (f"{where}.function: {text}" for text in wrong)
        if wrong:
            continue
        signature = signature_of(generator, target)
        yield from (f"{where}.function: {text}" for text in signature.messages)
        names = signature.names
        if names is None:
            continue
        for name in generator.files:
            if name not in names:
                yield f"{where}.files: the generator has no parameter '{name}'{did_you_mean(name, names)}"


def preset_errors(study: Study, target: Callable[[str], str], part: bool = False) -> Iterator[str]:
    """Presets of generators and scenarios that are not there, and of parameters that the generator does not have.

    Of a ``part`` of a study it is not known which scenarios there are.
    """
    for key, preset in study.scenarios.items():
        where = f"scenarios.{key}"
        if not part and preset.tune_on and preset.tune_on not in study.scenarios:
            known = did_you_mean(preset.tune_on, study.scenarios)
            yield f"{where}.tune_on: unknown scenario '{preset.tune_on}'{known}"
        generator = study.generators.get(preset.generator)
        if generator is None:
            hint = did_you_mean(preset.generator, study.generators)
            yield f"{where}.generator: unknown generator '{preset.generator}'{hint}"
            continue
        if target_errors(target(generator.function), "either"):
            continue
        names = signature_of(generator, target).names
        if names is None:
            continue
        for name in preset.params:
            if name not in names:
                yield f"{where}.params: unknown parameter '{name}'{did_you_mean(name, names)}"


def signature_of(generator: Generator, target: Callable[[str], str]) -> Signature:
    """What the source of a generator says of its parameters."""
    module, _, name = target(generator.function).partition(":")
    path = module_file(module)
    node = definition(path, name) if path else None
    if isinstance(node, ast.FunctionDef):
        return _of_function(node)
    if isinstance(node, ast.ClassDef):
        return _of_class(node, inherited(module, node))
    return Signature(None)


def _of_function(node: ast.FunctionDef) -> Signature:
    positional = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    keyword_only = [one.arg for one in node.args.kwonlyargs]
    names = None if node.args.kwarg else keyword_only
    if len(positional) == 1:
        return Signature(names)
    if not positional:
        return Signature(names, (f"{node.name} takes no rng; write def {node.name}(rng, *, ...)",))
    rest = ", ".join(positional[1:])
    message = f"{node.name}: {rest} must be keyword-only; write def {node.name}({positional[0]}, *, {rest}, ...)"
    return Signature(None, (message,))


def _of_class(node: ast.ClassDef, family: list[ast.ClassDef] | None) -> Signature:
    """Of a class the fields are the parameters, those of its bases too; None where a base is not to be found."""
    if family is None:
        return Signature(None)
    methods = {one.name for each in family for one in each.body if isinstance(one, ast.FunctionDef)}
    if "draw" not in methods:
        return Signature(None, (f"the class {node.name} has no draw(rng)",))
    if "__init__" in methods:
        return Signature(None)
    names = [name for each in reversed(family) for name in _fields(each)]
    if names and not any(each.decorator_list for each in family):
        cure = f"write @dataclass(frozen=True) above class {node.name}"
        return Signature(None, (f"{node.name} is no dataclass, and takes none of its fields: {cure}",))
    return Signature(names)


def _fields(node: ast.ClassDef) -> Iterator[str]:
    """What a dataclass takes: its annotated names, but class variables and those that it computes itself."""
    for one in node.body:
        if not isinstance(one, ast.AnnAssign) or not isinstance(one.target, ast.Name):
            continue
        if "ClassVar" in ast.unparse(one.annotation):
            continue
        if isinstance(one.value, ast.Call) and any(
            word.arg == "init" and isinstance(word.value, ast.Constant) and word.value.value is False
            for word in one.value.keywords
        ):
            continue
        yield one.target.id

"""Classes that a config names: what is wrong with them is said before anything runs.

Whoever names a class has it imported, which runs its module. That is done in a child under limits, one for each
top-level package: a module that ends its process, closes its streams or never comes back costs a note here, and one
row per fit later, where the same is done again.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import did_you_mean
from seedbed.core.isolation.isolation import run_isolated
from seedbed.core.messages import describe, one_line, text_of
from seedbed.core.method_class import kind_of
from seedbed.core.study import Study, find_user_modules

_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_LIMITS = {"seconds": 20.0, "memory_mb": 2000.0, "patience": 3.0}


@dataclass(frozen=True)
class OwnClass:
    """A class as an entry of the config names it, and what its study expects of it."""

    target: str
    params: list[list[Any]]  # pairs of a name and a value; a grid gives several values for one name
    rename: dict[str, str]
    calls: list[str]
    given: list[str]
    needs: list[str]
    environment: str = ""  # the file of a conda environment of its own

    @classmethod
    def of(
        cls, study: Study, target: str, params: Sequence[tuple[str, Any]], rename: Any, environment: str = ""
    ) -> OwnClass:
        """What an entry of the config says, as far as the schema would let it pass."""
        names = {str(name): own for name, own in rename.items() if isinstance(own, str)} if rename else {}
        pairs = [[name, value] for name, value in params]
        return cls(target, pairs, names, list(study.calls), list(study.given), list(study.needs), environment)


@dataclass
class Look:
    """What was found: mistakes of the config, notes for whoever runs it, and the file that the class comes from."""

    target: str
    messages: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    file: str = ""


def look_at(classes: Mapping[str, OwnClass], own_environments: bool = False) -> dict[str, Look]:
    """Import the classes in children, and compare them with what the config says of them.

    Parameters
    ----------
    classes : mapping of OwnClass
        By their places in the config.
    own_environments : bool
        Fits run in other environments than this process: what cannot be imported here may be there.
    """
    groups: dict[str, list[str]] = {}
    for place, own in classes.items():
        groups.setdefault(own.target.partition(":")[0].partition(".")[0], []).append(place)
    found = {}
    for places in groups.values():
        looks = _look_together([classes[place] for place in places], own_environments)
        found |= dict(zip(places, looks, strict=True))
    return found


def notes_on(looks: Mapping[str, Look]) -> Iterator[str]:
    """What a config imports that is its own, from where, and what is strange about it."""
    lines = sorted({f"  {look.target} from {look.file}" for look in looks.values() if look.file})
    yield from ["Classes of the config's own, which are imported and run:", *lines] if lines else []
    yield from dict.fromkeys(f"{place}: {note}" for place, look in looks.items() for note in look.notes)


def _look_together(classes: Sequence[OwnClass], own_environments: bool) -> list[Look]:
    """In one child, and in one child each if that does not go well: one of them is to blame."""
    here = os.getcwd()
    outcome = run_isolated(lambda: [asdict(_look(one, here, own_environments)) for one in classes], **_LIMITS)
    if outcome.status in ("ok", "not_converged"):
        return [Look(**found) for found in outcome.value]
    if len(classes) > 1:
        return [look for one in classes for look in _look_together([one], own_environments)]
    note = f"it cannot be imported: {outcome.message}; each of its fits will be a row of the failures"
    return [Look(classes[0].target, notes=[note], file="a module that cannot be imported")]


def _look(own: OwnClass, here: str, own_environments: bool) -> Look:
    _be_silent()
    os.chdir(here)
    find_user_modules()
    module, _, attribute = own.target.partition(":")
    if not all(part.isidentifier() for part in [*module.split("."), attribute]):
        return Look(own.target, [f"'{own.target}': a class of your own is written module:Class"])
    try:
        loaded = importlib.import_module(module)
    except ImportError as error:
        missing = getattr(error, "name", None)
        if isinstance(error, ModuleNotFoundError) and missing and f"{module}.".startswith(f"{missing}."):
            return Look(
                own.target,
                [f"'{own.target}': there is no module '{module}' beside config.yaml or among the installed ones"],
            )
        if own_environments:
            return Look(
                own.target, notes=[f"it cannot be imported here, only perhaps where its fits run: {describe(error)}"]
            )
        cure = f"; its environment, {own.environment}, is made with --sdm conda alone" if own.environment else ""
        return Look(own.target, [f"'{own.target}': {place_of(error, here)}{describe(error)}{cure}"])
    except SyntaxError as error:
        return Look(own.target, [f"'{own.target}': {place_of(error, here)}SyntaxError: {one_line(text_of(error.msg))}"])
    except BaseException as error:
        what = f"{place_of(error, here)}{describe(error)}"
        return Look(
            own.target, notes=[f"it cannot be imported: {what}; each of its fits will be a row of the failures"]
        )
    file = str(getattr(getattr(loaded, "__spec__", None), "origin", None) or "no file")
    look = Look(own.target, file=one_line(_relative(file, here)))
    look.messages += _hidden(module, file, here) or _class_errors(own, loaded, attribute, look.notes)
    return look


def _class_errors(own: OwnClass, loaded: Any, attribute: str, notes: list[str]) -> list[str]:
    found = getattr(loaded, attribute, None)
    if found is None:
        known = [name for name, value in vars(loaded).items() if inspect.isclass(value) and not name.startswith("_")]
        return [f"'{own.target}': the module has no class '{attribute}'{did_you_mean(attribute, known)}"]
    wanted = f"a method is a class with {' or '.join(own.calls)}"
    if not inspect.isclass(found):
        return [f"'{own.target}' is {kind_of(found)}: {wanted}"]
    if not any(hasattr(found, name) for name in own.calls):
        return [f"'{own.target}' has no {' or '.join(own.calls)}: {wanted}"]
    try:
        parameters = inspect.signature(found).parameters
    except (TypeError, ValueError):  # of a class in C that does not say
        return []
    messages = [text for name, value in own.params for text in _parameter_errors(found, name, value)]
    there = {name for name, _ in own.params} | {own.rename.get(name, name) for name in own.given}
    notes.extend(
        f"'{own.target}' needs '{name}', which nothing gives it: write it under params, or give it a default"
        for name, parameter in parameters.items()
        if parameter.default is parameter.empty and parameter.kind in _BY_NAME and name not in there
    )
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return messages
    messages += rename_errors(own.rename, own.given, own.target, parameters)
    if own.needs and not {own.rename.get(name, name) for name in own.needs} & set(parameters):
        names = " nor ".join(own.needs)
        notes.append(
            f"'{own.target}' takes neither {names}, and is not told their number; if it has another name for it, "
            f"say so by rename: {{{own.needs[0]}: NAME}}"
        )
    return messages


def _parameter_errors(cls: type, name: str, value: Any) -> list[str]:
    try:
        return parameter_errors(cls, {name: value})
    except Exception:  # annotations that cannot be resolved: nothing can be said of the value
        return []


def rename_errors(
    rename: Mapping[str, str], given: Sequence[str], target: str, parameters: Mapping[str, Any]
) -> Iterator[str]:
    """Names that no adapter passes, and names that the class does not take."""
    for name, own_name in rename.items():
        if name not in given:
            yield f"rename: nothing called '{name}' is passed to a class{did_you_mean(name, given)}"
        if own_name not in parameters:
            yield f"rename: '{target}' takes no '{own_name}'{did_you_mean(own_name, parameters)}"


def _hidden(module: str, file: str, here: str) -> list[str]:
    """A file beside config.yaml that is not the one that Python finds under its name."""
    first = module.partition(".")[0]
    beside = [path for path in (Path(here, f"{first}.py"), Path(here, first, "__init__.py")) if path.is_file()]
    if not beside or Path(file).is_relative_to(here):
        return []
    kind = "Python's own module" if first in sys.stdlib_module_names else "an installed module"
    return [f"'{module}' is {kind}, which hides {beside[0].relative_to(here)} beside config.yaml: rename that file"]


def place_of(error: BaseException, here: str) -> str:
    """``my_methods.py, line 3: ``: the last line below the working directory that had to do with it."""
    if isinstance(error, SyntaxError):
        frames = [(error.filename or "", error.lineno)]
    else:
        frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    for file, line in reversed(frames):
        if Path(file).is_relative_to(here) and "site-packages" not in Path(file).parts:
            return f"{_relative(file, here)}, line {line}: "
    return ""


def _relative(file: str, here: str) -> str:
    return str(Path(file).relative_to(here)) if Path(file).is_relative_to(here) else text_of(file)


def _be_silent() -> None:
    """What a module prints when it is imported is for the logs of its fits."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w", errors="backslashreplace")

"""The base of a method that is a program: R, a command, Python of another environment."""

from __future__ import annotations

import inspect
import json
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from .exchange import Answer, read_answer, write_array
from .running import run_program

_PLACE = re.compile(r"\{(\w+)(\.csv|\.npz)?\}")
_ALL, _RESULT = "arrays", "result"


class Program:
    """A method that is a program: it reads arrays from files, and writes its answer as a CSV file.

    A class of its own gives it the shape that the study asks for, and says what to run; the limits of the fit hold for
    the program as for anything that a fit starts::

        class InR(Program):
            command = ("Rscript", "--vanilla", "{here}/cluster.R", "{X.csv}", "{result.csv}", "{n_clusters}")
            install = "install R (Debian: r-base-core)"

            def __init__(self, n_clusters=2):
                self.n_clusters = n_clusters

            def fit_predict(self, X):
                return self.run(X=X)["label"]

    Attributes
    ----------
    command : sequence of str
        The program and its arguments; no shell reads them. In braces: ``{here}``, the folder of the class's module (a
        file ``{here}/...`` is followed by content, as a module is that is imported); ``{X.csv}``, a file with the array
        that :meth:`run` is given as ``X``; ``{arrays.npz}``, one with all of them; ``{result.csv}``, the file that the
        program is to write; and parameters of the class by their names.
    install : str
        What to do where the program is missing: its fits are then ``skipped`` with this reason.
    """

    command: ClassVar[Sequence[str]] = ()
    install: ClassVar[str] = ""

    def run(self, **arrays: Any) -> Answer:
        """Run the command on arrays, in a folder that is deleted afterwards.

        Parameters
        ----------
        **arrays : array-like
            What the program reads, by the names that ``command`` has for the files.

        Returns
        -------
        Answer
            The columns of ``result.csv`` by their names.

        Raises
        ------
        ValueError
            If ``command`` names what is not there.
        SkipFit, MemoryError, ProgramError
            See :func:`~seedbed.core.programs.running.run_program` and
            :func:`~seedbed.core.programs.exchange.read_answer`.
        """
        named = {name: np.asarray(array) for name, array in arrays.items()}
        with tempfile.TemporaryDirectory(prefix="program-") as place:
            folder = Path(place)
            words = self._words(folder, named)
            source = f"{type(self).__name__} ({Path(words[0]).name})"
            run_program(words, folder, source, self.install)
            return read_answer(folder / f"{_RESULT}.csv", source)

    def _words(self, folder: Path, arrays: Mapping[str, np.ndarray]) -> list[str]:
        """The command as it is run; the files that it names are written on the way."""
        name = type(self).__name__
        if isinstance(self.command, str) or not self.command:
            raise ValueError(f'{name}.command must be a tuple of words, such as ("Rscript", "{{here}}/cluster.R", ...)')
        text = "\n".join(self.command)
        if f"{{{_RESULT}.csv}}" not in text:
            raise ValueError(f"{name}.command must name {{{_RESULT}.csv}}, the file that the program is to write")
        known = {"here": self._here(), **{key: as_word(value) for key, value in self._parameters().items()}}

        def written(match: re.Match[str]) -> str:
            key, suffix = match[1], match[2]
            path = folder / f"{key}{suffix}"
            if not suffix and key in known:
                return known[key]
            if suffix == ".npz" and key == _ALL:
                np.savez(path, allow_pickle=False, **arrays)
            elif suffix == ".csv" and key in arrays:
                write_array(path, key, arrays[key])
            elif (key, suffix) != (_RESULT, ".csv"):
                files = [f"{{{one}.csv}}" for one in (*arrays, _RESULT)] + [f"{{{_ALL}.npz}}"]
                there = ", ".join([*(f"{{{one}}}" for one in known), *files])
                raise ValueError(f"{name}.command: there is no {match[0]} (there are {there})")
            return str(path)

        return [_PLACE.sub(written, str(word)) for word in self.command]

    def _here(self) -> str:
        module = sys.modules.get(type(self).__module__)
        file = getattr(module, "__file__", None)
        return str(Path(file).resolve().parent) if file else str(Path.cwd())

    def _parameters(self) -> dict[str, Any]:
        names = inspect.signature(type(self)).parameters
        return {name: getattr(self, name) for name in names if hasattr(self, name)}


def as_word(value: Any) -> str:
    """A parameter as an argument: text as it is, all else as JSON (``3``, ``0.5``, ``true``, ``null``, ``[1, 2]``).

    >>> as_word("VVV"), as_word(3), as_word(None), as_word([1, 2])
    ('VVV', '3', 'null', '[1, 2]')
    """
    if isinstance(value, str):
        return value
    return json.dumps(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)

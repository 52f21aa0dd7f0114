"""Files that we did not write cannot act, and files that we write are whole or not there."""

from __future__ import annotations

import ast
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbed.core.blocks import load_arrays, save_arrays
from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path, read_json, write_json
from seedbed.core.judging.judged_claims import read_verdicts
from seedbed.core.judging.tables import read_table
from seedbed.user_data.features import check_features
from seedbed.user_data.tables import check_table

ROOT = Path(__file__).parents[2]
FOLDERS = sorted({path.parent for path in (ROOT / "workflow").rglob("*.py")})

FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
# Torch is given nothing to load but what the process itself has saved, if anything; then with weights_only.
FORBIDDEN_CALLS = {"yaml.unsafe_load", "yaml.full_load", "pd.read_pickle", "eval", "exec"}


def name_of(node: ast.expr) -> str:
    """``np.load`` for ``np.load(...)``; ``*.load`` where the object is not a plain name."""
    if isinstance(node, ast.Attribute):
        return f"{node.value.id if isinstance(node.value, ast.Name) else '*'}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


@dataclass(frozen=True)
class Source:
    """A module of ours."""

    path: Path
    tree: ast.Module

    def line(self, node: ast.AST) -> str:
        """Where in it."""
        return f"{self.path.name}, line {getattr(node, 'lineno', 0)}"

    def calls(self) -> Iterator[tuple[ast.Call, str, list[ast.With]]]:
        """Every call, what it calls, and the ``with`` blocks that it is in."""
        yield from _calls(self.tree, [])


def _calls(node: ast.AST, around: list[ast.With]) -> Iterator[tuple[ast.Call, str, list[ast.With]]]:
    if isinstance(node, ast.Call):
        yield node, name_of(node.func), around
    elif isinstance(node, ast.With):
        around = [*around, node]
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, around)


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def sources(request: pytest.FixtureRequest) -> list[Source]:
    """The modules of a folder, read once: all its tests come after each other."""
    return [Source(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(request.param.glob("*.py"))]


def test_nothing_is_imported_that_runs_what_it_reads(sources: list[Source]) -> None:
    for source in sources:
        for node in ast.walk(source.tree):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {module.partition(".")[0] for module in modules} & FORBIDDEN_MODULES, source.line(node)


def test_nothing_that_is_read_can_run(sources: list[Source]) -> None:
    for source in sources:
        for call, name, _ in source.calls():
            assert name not in FORBIDDEN_CALLS, f"{source.line(call)}: {name}"
            if name.partition(".")[0] in ("np", "numpy", "yaml", "torch"):
                reads_plain_data(source, call, name)


def reads_plain_data(source: Source, call: ast.Call, name: str) -> None:
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    where = f"{source.line(call)}: {name}"
    if name in ("np.load", "numpy.load", "np.lib.format.read_array", "np.lib.format.write_array"):
        assert given.get("allow_pickle") == "False", f"{where} without allow_pickle=False"
    if name == "yaml.load":
        loader = given.get("Loader", "none")
        safe = f"class {loader}(yaml.SafeLoader):", f'{loader} = getattr(yaml, "CSafeLoader", yaml.SafeLoader)'
        assert any(text in source.path.read_text() for text in safe), f"{where} by {loader}"
    if name == "torch.load":
        assert given.get("weights_only") == "True", f"{where} without weights_only"


WRITERS = {"write_text", "write_bytes", "to_csv", "to_parquet", "savefig", "save", "savez", "savez_compressed"}
# The module, and what it writes that is no result: a switch of the kernel's, a lock, source that lies in git.
EXEMPT = {
    "seedbed/compiling.py": ".lock",
    "core/job_processes/fork_server.py": ".lock",
    "core/keeping/archive.py": "archive.open(entry, 'w')",  # a member of the file that its caller writes
    "core/method_check/trials.py": "",  # what a fit prints, on its way to the terminal
    "core/programs/exchange.py": "path.open",  # what a program reads, in a folder that goes with its fit
    "core/programs/program.py": "np.savez(path",
    "directional/bessel/generator/__main__.py": "path.write_text(text)",
}


def writes(call: ast.Call, name: str) -> bool:
    method = name.rpartition(".")[2]
    if method not in (*WRITERS, "open", "ZipFile"):
        return False
    arguments = [ast.unparse(item) for item in [*call.args, *(keyword.value for keyword in call.keywords)]]
    if name == "open" or name.endswith(".open"):
        return any(text.strip("'\"")[:1] in ("w", "a", "x") and len(text) <= 5 for text in arguments)
    if name.endswith(".ZipFile"):
        return "'w'" in arguments
    if name.endswith(".to_csv") and not call.args:
        return False  # the text itself
    return method in WRITERS and bool(arguments)


def test_every_file_is_written_whole_or_not_at_all(sources: list[Source]) -> None:
    """Whoever writes does so inside ``with atomic_path(...)``, or to memory."""
    for source in sources:
        exempt = next((text for name, text in EXEMPT.items() if source.path.as_posix().endswith(name)), None)
        for call, name, around in source.calls():
            if not writes(call, name) or (exempt is not None and exempt in ast.unparse(call)):
                continue
            blocks = [item for node in around for item in node.items]
            safe = any("atomic_path" in ast.unparse(item.context_expr) for item in blocks)
            assert safe or "buffer" in ast.unparse(call), f"{source.line(call)}: {ast.unparse(call)}"


class Treacherous:
    """Makes a folder in whichever process unpickles it."""

    def __reduce__(self):
        return os.mkdir, ("acted",)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def treacherous_files(folder: Path) -> list[str]:
    array = np.array([[Treacherous()], [Treacherous()]], dtype=object)
    np.save(folder / "a.npy", array, allow_pickle=True)
    np.savez(folder / "b.npz", X=array, labels=array[:, 0])
    for name in ("c.npz", "d.npy", "e.csv", "f.parquet"):
        (folder / name).write_bytes(pickle.dumps(Treacherous()))
    with zipfile.ZipFile(folder / "g.npz", "w") as archive:
        archive.writestr("X.npy", pickle.dumps(Treacherous()))
        archive.writestr("0/X.npy", pickle.dumps(Treacherous()))
    return [path.name for path in sorted(folder.iterdir())]


def test_a_treacherous_file_does_nothing_but_earn_a_message(here: Path) -> None:
    for name in treacherous_files(here):
        assert check_table(name)[0], name
        assert check_features(name), name
        with pytest.raises(UserError):
            load_arrays(name)
            raise UserError("arrays of objects were read")
        if not name.endswith((".npz", ".npy")):
            with pytest.raises(UserError):
                read_table(name)
                raise UserError("a table of text")
    assert not (here / "acted").exists()


@pytest.mark.slow
def test_a_treacherous_config_does_nothing_but_earn_a_message(here: Path) -> None:
    (here / "bad.yaml").write_text("seed: !!python/object/apply:os.mkdir [acted]\nstudies: {}\n")
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load((here / "bad.yaml").read_text())
    command = [sys.executable, "-m", "snakemake", "-n", "--snakefile", str(ROOT / "Snakefile")]
    done = subprocess.run([*command, "--configfile", "bad.yaml"], capture_output=True, text=True, timeout=120)
    assert done.returncode != 0 and "Traceback" not in done.stderr
    assert "Config file is not valid" in done.stderr
    assert not (here / "acted").exists()


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(0, 400), flip=st.integers(0, 2000), bits=st.integers(1, 255))
def test_a_damaged_block_is_read_right_or_named(cut: int, flip: int, bits: int, tmp_path_factory) -> None:
    """Whatever byte is lost or changed: the same arrays, or one message; never other numbers."""
    path = tmp_path_factory.getbasetemp() / "block.npz"
    arrays = {0: {"X": np.arange(40.0).reshape(8, 5), "labels": np.arange(8)}, 1: {"X": np.ones((2, 2))}}
    save_arrays(path, arrays)
    content = bytearray(path.read_bytes())
    content[flip % len(content)] ^= bits
    path.write_bytes(content[: len(content) - cut])
    try:
        found = load_arrays(path)
    except UserError as error:
        assert str(path) in str(error) and "Delete it" in str(error)
        return
    assert {replicate: set(found[replicate]) for replicate in found} == {0: {"X", "labels"}, 1: {"X"}}
    for replicate, expected in arrays.items():
        for name, array in expected.items():
            np.testing.assert_array_equal(found[replicate][name], array)


LIMITED = """
import resource, sys
sys.path.insert(0, {scripts!r})
from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with atomic_path("kept.txt") as part:
        part.write_bytes(bytes(100_000))
except UserError as error:
    print(error)
"""


def test_a_file_that_cannot_be_finished_leaves_the_old_one(here: Path) -> None:
    (here / "kept.txt").write_text("old")
    code = LIMITED.format(scripts=str(ROOT / "workflow/scripts"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "kept.txt cannot be written: File too large" in done.stdout and "ulimit -f" in done.stdout
    assert [path.name for path in here.iterdir()] == ["kept.txt"] and (here / "kept.txt").read_text() == "old"


@pytest.mark.parametrize("fault", ["a file in the folder's place", "a folder in the file's place"])
def test_names_that_are_taken(here: Path, fault: str) -> None:
    target = here / "a" / "table.csv"
    if fault.startswith("a file"):
        (here / "a").write_text("in the way")
    else:
        target.mkdir(parents=True)
    with pytest.raises(UserError, match=r"table\.csv cannot be written"), atomic_path(target) as part:
        part.write_text("new")


@pytest.mark.parametrize("text", ["", "{", "\x00", "[1, 2", "nan?"])
def test_json_that_is_none(here: Path, text: str) -> None:
    (here / "a.json").write_text(text)
    with pytest.raises(UserError, match=r"a\.json is damaged"):
        read_json("a.json")
    write_json({"a": [1, None]}, "a.json")
    assert read_json("a.json") == {"a": [1, None]}
    with pytest.raises(UserError, match=r"b\.json is not there"):
        read_json("b.json")


def test_verdicts_of_another_version_are_named(here: Path) -> None:
    write_json([{"id": "a", "verdict": "reproduced"}], "claims.json")
    with pytest.raises(UserError, match=r"claims\.json is damaged, or was written by another version.*a claim has no"):
        read_verdicts("claims.json")


def test_tables_of_another_version_are_named(here: Path) -> None:
    (here / "summary.csv").write_text("scenario,method,metric,average\n")
    with pytest.raises(UserError, match=r"summary\.csv is damaged, or was written by another version.*no column mean"):
        read_table("summary.csv")
    (here / "benchmark.csv").write_text("study,case,contender,seconds\na,b,c,1\n")
    with pytest.raises(UserError, match=r"benchmark\.csv is damaged"):
        read_table("benchmark.csv")
    (here / "scores.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(UserError, match=r"scores\.parquet is damaged"):
        read_table("scores.parquet")

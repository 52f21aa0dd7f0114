"""What a config says of classes is checked before anything runs; nothing that an import does reaches the checker."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from seedbed.core.errors import UserError
from seedbed.core.planning.config import make_plan

CLASS = "class M:\n    def __init__(self, k=2, seed=0): pass\n    def fit_predict(self, X): return X[:, 0] > 0\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    before = os.getcwd(), sys.getrecursionlimit(), sys.stdout.closed, set(sys.modules) & {"mine", "other"}
    yield tmp_path
    assert before == (os.getcwd(), sys.getrecursionlimit(), sys.stdout.closed, set(sys.modules) & {"mine", "other"})


def config(**methods: dict) -> dict:
    study = {"replicates": 1, "scenarios": {"isotropic": {}}, "methods": methods}
    return {"seed": 1, "studies": {"clustering": study}}


def mistakes(**methods: dict) -> list[str]:
    with pytest.raises(UserError) as caught:
        make_plan(config(**methods))
    return str(caught.value).splitlines()[1:]


def write(text: str, name: str = "mine") -> None:
    Path(f"{name}.py").write_text(text)


@pytest.mark.parametrize("target", ["subprocess:Popen", "os:system", "builtins:exec", "shutil:rmtree", "pathlib:Path"])
def test_a_config_runs_no_command_by_naming_it(target: str, here: Path) -> None:
    params = {"args": "touch pwned", "shell": True} if target == "subprocess:Popen" else {}
    (line,) = mistakes(a={"method": target, "params": params})
    assert target in line and "a method is a class with fit_predict or fit" in line
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        (CLASS, "mine:N", "the module has no class 'N'"),
        (CLASS + "def make(): pass\n", "mine:make", "is a function: a method is a class"),
        (CLASS + "one = M()\n", "mine:one", "is an object of type M: a method is a class"),
        ("\nclass M\n", "mine:M", "mine.py, line 2: SyntaxError: expected ':'"),
        ("import os\nimport nmpy\n" + CLASS, "mine:M", "mine.py, line 2: ModuleNotFoundError: No module named 'nmpy'"),
        ("from os import no_such\n" + CLASS, "mine:M", "mine.py, line 1: ImportError: cannot import name 'no_such'"),
        (CLASS, "mne:M", "there is no module 'mne' beside config.yaml or among the installed ones"),
        (CLASS, "mine.inner:M", "there is no module 'mine.inner'"),
        (CLASS, "mine:", "is written module:Class"),
        (CLASS, ":M", "is written module:Class"),
        (CLASS, "..mine:M", "is written module:Class"),
    ],
)
def test_names_are_resolved_before_anything_runs(text: str, target: str, expected: str) -> None:
    write(text)
    (line,) = mistakes(a={"method": target})
    assert line.startswith("  - studies.clustering.methods.a: ") and expected in line


def test_a_module_hidden_by_one_of_pythons_own_is_named() -> None:
    write(CLASS, "colorsys")
    (line,) = mistakes(a={"method": "colorsys:M"})
    assert "Python's own module, which hides colorsys.py beside config.yaml: rename that file" in line


def test_a_mistake_in_an_imported_module_is_found_there() -> None:
    write("x = (1,\n", "other")
    write("import other\n" + CLASS)
    (line,) = mistakes(a={"method": "mine:M"})
    assert "other.py, line 1: SyntaxError" in line


DEADLY = {
    "exit": "import os; os._exit(0)",
    "segfault": "import ctypes; ctypes.string_at(0)",
    "system_exit": "raise SystemExit",
    "interrupt": "raise KeyboardInterrupt",
    "raises": "raise RuntimeError('\\x1b]0;\\ud800')",
    "daemon": "import os; os.fork() and os._exit(0); os.setsid()",
}


@pytest.mark.parametrize("name", DEADLY)
def test_an_import_that_dies_is_a_note_and_hides_no_other_mistake(name: str) -> None:
    write(f"{DEADLY[name]}\n{CLASS}")
    write(CLASS, "other")
    methods = {"a": {"method": "mine:M", "params": {"k": 3}}, "b": {"method": "other:M", "params": {"k": 3}}}
    notes = make_plan(config(**methods)).notes
    assert any("methods.a: it cannot be imported" in note and note.isprintable() for note in notes)
    (line,) = mistakes(**methods, c={"method": "other:N"})
    assert "methods.c" in line


@pytest.mark.parametrize(
    "action",
    [
        "import os; os.chdir('/'); os.umask(0o777)",
        "import sys; sys.stdout.close(); sys.stderr.close()",
        "import sys; sys.stdout = sys.stderr = None; print('gone')",
        "import sys; sys.setrecursionlimit(200)",
        "import threading, time; threading.Thread(target=time.sleep, args=(3600,)).start()",
        "import os; os.environ.clear(); os.fork()",
        "print('from the import')",
        "import os; assert os.read(0, 1) == b''",
    ],
)
def test_an_import_leaves_no_mark_on_the_checker(action: str, capfd: pytest.CaptureFixture) -> None:
    write(f"{action}\n{CLASS}")
    notes = make_plan(config(a={"method": "mine:M", "params": {"k": 3}})).notes
    assert "  mine:M from mine.py" in notes
    assert capfd.readouterr().out == ""


def test_arguments_that_nothing_gives_are_named() -> None:
    write("class M:\n    def __init__(self, n_clusters, width, *, strength): ...\n    def fit_predict(self, X): ...\n")
    entry = {"method": "mine:M", "params": {"strength": 1.0}}
    notes = [note for note in make_plan(config(a=entry)).notes if "nothing gives" in note]
    assert len(notes) == 1 and "'mine:M' needs 'width'" in notes[0]
    assert not any("nothing gives" in n for n in make_plan(config(a={**entry, "grid": {"width": [1, 2]}})).notes)
    renamed = {**entry, "rename": {"random_state": "width"}}
    assert not any("nothing gives" in n for n in make_plan(config(a=renamed)).notes)


def test_names_of_a_classs_own() -> None:
    write(CLASS)
    assert any(
        "takes neither n_clusters nor n_components" in note for note in make_plan(config(a={"method": "mine:M"})).notes
    )
    entry = {"method": "mine:M", "rename": {"n_clusters": "k", "random_state": "seed"}}
    plan = make_plan(config(a=entry))
    assert len(plan.notes) == 2
    assert '"rename":{"n_clusters":"k","random_state":"seed"}' in plan.studies["clustering"].fit_job("isotropic", "a")
    lines = mistakes(a={**entry, "rename": {"n_cluster": "k", "random_state": "sed"}})
    assert "nothing called 'n_cluster' is passed to a class; did you mean 'n_clusters'?" in lines[0]
    assert "'mine:M' takes no 'sed'; did you mean 'seed'?" in lines[1]


def test_files_of_a_method_are_followed_by_content() -> None:
    write(CLASS)
    entry = {"method": "mine:M", "files": ["cluster.R"]}
    (line,) = mistakes(a=entry)
    assert line.endswith("methods.a: files: cluster.R: there is no such file")
    jobs = []
    for text in ("one", "another", "one"):
        Path("cluster.R").write_text(text)
        os.utime("cluster.R", (len(jobs) + 1e9,) * 2)
        plan = make_plan(config(a=entry, b={"method": "mine:M"})).studies["clustering"]
        jobs.append([plan.fit_job("isotropic", name) for name in ("a", "b")])
    assert jobs[0] == jobs[2] and jobs[0][0] != jobs[1][0] and jobs[0][1] == jobs[1][1]
    assert make_plan(config(a=entry)).archive_job("9").count("cluster.R") >= 2


def test_annotations_that_cannot_be_resolved_hide_no_mistake() -> None:
    write("class M:\n    def __init__(self, k: 'Unknown' = 2): pass\n    def fit(self, X): pass\n")
    assert "  mine:M from mine.py" in make_plan(config(a={"method": "mine:M", "params": {"k": 3}})).notes

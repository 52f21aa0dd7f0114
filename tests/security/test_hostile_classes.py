"""A class of the user's costs one row, from its first import on, and leaves nothing behind in job or machine."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from seedbed.core.blocks import load_arrays, save_arrays
from seedbed.core.job_records.fits import FitJob
from seedbed.core.jobs.fitting import fit_block

HONEST = """
import os
import numpy as np

class M:
    def __init__(self, n_clusters=2):
        self.n_clusters = n_clusters

    def fit_predict(self, X):
        return np.arange(len(X)) % self.n_clusters
"""
N = 3


def fit(text: str, name: str, seconds: float = 5.0, memory_mb: float = 500.0) -> list[dict]:
    """The rows of a job whose class is ``M`` of a module with this text, in the working directory."""
    Path(f"{name}.py").write_text(text)
    rng = np.random.default_rng(0)
    save_arrays("data.npz", {i: {"X": rng.normal(size=(6, 2)), "n_clusters": np.array(2)} for i in range(N)})
    job = FitJob(
        seed=1, study="s", scenario="c", method="m", params={}, target=f"{name}:M", code="",
        adapter="seedbed.studies.clustering.adapter:fit", limits={"seconds": seconds, "memory_mb": memory_mb},
    )  # fmt: skip
    fit_block(job, "data.npz", (), "fit.npz", "fit.json")
    rows = json.loads(Path("fit.json").read_text())
    assert [row["replicate"] for row in rows] == list(range(N))
    return rows


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return tmp_path


def state() -> tuple:
    """What of this process a stranger's import could have changed."""
    mask = os.umask(0)
    os.umask(mask)
    streams = sys.stdout.closed, sys.stderr.closed, sys.stdin is None
    return os.getcwd(), mask, sys.getrecursionlimit(), streams, dict(os.environ), os.sched_getaffinity(0)


# at the level of the module: what it does, and what must stand in every row
DEADLY = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
    "exit": ("os._exit(0)", "exit status 0 without a result"),
    "kill": ("os.kill(os.getpid(), 9)", "killed by SIGKILL"),
    "kill_group": ("os.killpg(0, 9)", "killed by SIGKILL"),
    "system_exit": ("raise SystemExit(0)", "SystemExit: 0"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "daemon": ("os.fork() and os._exit(0); os.setsid()", "exit status 0 without a result"),
    "no_text": ("raise ValueError('\\ud800 in a name \\x1b]0;title\\x07')", "\\ud800 in a name \\x1b]0;title\\x07"),
    "bad_text": ("class E(Exception):\n def __str__(self): raise RuntimeError\nraise E", "E: its text cannot be shown"),
    "memory": ("held = np.ones(2**27)", "Unable to allocate"),
    "pipes": ("os.closerange(3, 256)", ""),
    "recursion": (
        "sys = __import__('sys'); sys.setrecursionlimit(100); import decimal; f = lambda: f(); f()",
        "Recursion",
    ),
}
# and what leaves its mark on the process, but the class works
HARMLESS = {
    "folder": "os.mkdir('elsewhere'); os.chdir('elsewhere')",
    "mask": "os.umask(0o777)",
    "closed_output": "import sys; sys.stdout.close(); sys.stderr.close()",
    "closed_descriptors": "os.close(0); os.close(1); os.close(2)",
    "closed_and_printed": "os.close(0); os.close(1); os.close(2); np.arange = lambda n, f=np.arange: print(n) or f(n)",
    "no_output": "import sys; sys.stdout = sys.stderr = None",
    "thread": "import threading, time; threading.Thread(target=time.sleep, args=(3600,)).start()",
    "low_recursion": "import sys; sys.setrecursionlimit(100)",
    "signals": "import signal; [signal.signal(n, signal.SIG_IGN) for n in (2, 13, 14, 15, 17)]",
    "second_self": "os.fork()",
    "no_exit": "os._exit = os.getpid = os.waitpid = print",
    "environment": "os.environ.clear()",
    "alarm": "import signal; signal.signal(14, signal.SIG_DFL); signal.alarm(3600)",
    "path": "import sys; sys.path.clear()",
    "exit_hook": "import atexit, pathlib; atexit.register(pathlib.Path('hook').touch)",
    "warning": "import warnings\nclass W(UserWarning):\n n = iter('ab')\n def __str__(self): return next(W.n)\n"
    "for _ in 'ab': warnings.warn(W())",
}


@pytest.mark.parametrize("name", DEADLY)
def test_an_import_that_dies_is_a_row_of_every_replicate(name: str) -> None:
    action, expected = DEADLY[name]
    before = state()
    rows = fit(HONEST.replace("\nclass M", f"\n{action}\nclass M"), f"deadly_{name}")
    assert {row["status"] for row in rows} <= {"error", "out_of_memory"}, rows
    assert all(expected in row["message"] and row["message"].isprintable() for row in rows), rows
    assert state() == before


@pytest.mark.parametrize("name", HARMLESS)
def test_an_import_that_leaves_its_mark_leaves_it_on_its_own_fits(name: str, here: Path) -> None:
    before = state()
    rows = fit(HONEST.replace("\nclass M", f"\n{HARMLESS[name]}\nclass M"), f"harmless_{name}")
    assert [row["status"] for row in rows] == ["ok"] * N, rows
    assert state() == before
    assert all(arrays["labels"].tolist() == [0, 1] * 3 for arrays in load_arrays("fit.npz").values())
    assert not (here / "hook").exists() and (here / "fit.json").stat().st_mode & 0o600 == 0o600


def test_an_import_that_never_ends_is_stopped_at_the_ceiling() -> None:
    rows = fit("import time; time.sleep(3600)" + HONEST, "endless", seconds=0.1)
    assert {row["status"] for row in rows} == {"timeout"}
    assert all("importing endless:M: stopped after 1 s" in row["message"] for row in rows)


# in a fit: what it does, and what stands in its row; None where it goes well
FITS = {
    "segfault": ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
    "exit": ("os._exit(0)", "without a result"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "no_text": ("raise ValueError('\\ud800')", "ValueError: \\ud800"),
    "bad_text": ("class E(Exception):\n   def __str__(self): raise RuntimeError\n  raise E", "E: its text cannot"),
    "closed_output": ("import sys; sys.stdout.close(); sys.stderr.close()", None),
    "no_output": ("import sys; sys.stdout = sys.stderr = None", None),
    "closed_descriptors": ("os.close(0); os.close(1); os.close(2)", None),
    "warning": (
        "import warnings\n  class W(UserWarning):\n   n = iter('ab')\n   def __str__(self): return next(W.n)\n"
        "  for _ in 'ab': warnings.warn(W())",
        None,
    ),
    "folder": ("os.chdir('/')", None),
    "second_self": ("os.fork()", None),
    "thread": ("import threading, time; threading.Thread(target=time.sleep, args=(3600,)).start()", None),
    "recursion": ("import sys; sys.setrecursionlimit(100)", None),
    "returns_up": ("import sys; sys.exit = None; os._exit = print", None),
}


@pytest.mark.parametrize("name", FITS)
def test_a_fit_that_misbehaves_costs_its_own_row(name: str) -> None:
    action, expected = FITS[name]
    before = state()
    text = HONEST.replace("\nclass M", f"\ndef act():\n  {action}\n\nclass M")
    first = "if not os.path.exists('once') and not os.mkdir('once'): act()"
    rows = fit(text.replace("        return np", f"        {first}\n        return np"), f"fit_{name}")
    wanted = ["ok" if expected is None else "error", "ok", "ok"]
    assert [row["status"] for row in rows] == wanted, rows
    assert expected is None or expected in rows[0]["message"]
    assert state() == before


def test_a_fit_that_kills_its_parent_costs_no_other_row() -> None:
    """Its own may still have been written."""
    rows = fit(
        HONEST.replace(
            "return np", "os.path.exists('x') or os.mkdir('x') or os.kill(os.getppid(), 9)\n        return np"
        ),
        "parricide",
    )
    assert [row["status"] for row in rows[1:]] == ["ok"] * (N - 1), rows


def processes(mark: str) -> list[str]:
    """The running processes whose command bears a mark."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes()
        except OSError:
            continue
        if mark.encode() in text:
            found.append(path.parent.name)
    return found


@pytest.mark.parametrize("where", ["import", "fit"])
def test_daemons_end_with_the_job(where: str) -> None:
    seconds = f"36{os.getpid() % 100:02d}.{int(time.time()) % 1000:03d}"
    daemon = f"import subprocess\nsubprocess.Popen(['setsid', 'setsid', 'sleep', '{seconds}'])"
    if where == "import":
        rows = fit(daemon + HONEST, "daemon_of_import")
    else:
        inside = daemon.replace("\n", "\n        ")
        rows = fit(HONEST.replace("return np", f"{inside}\n        return np"), "daemon_of_fit")
    assert [row["status"] for row in rows] == ["ok"] * N
    assert processes(seconds) == []

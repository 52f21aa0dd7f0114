"""Methods in other languages: what they are given and answer, and what becomes of all that can go wrong."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from seedbed.core.code.code_digest import code_digest, forget_digests, own_files, source_digest
from seedbed.core.errors import SkipFit
from seedbed.core.isolation.call_outcome import Outcome
from seedbed.core.isolation.host import Host
from seedbed.core.programs.exchange import ProgramError, read_answer, write_array
from seedbed.core.programs.program import Program

RNG = np.random.default_rng(0)


def program(script: str, *words: str, **attributes: Any) -> type[Program]:
    """A class whose program is Python, which stands for any other: a script and its arguments."""
    command = (sys.executable, "-c", script, *(words or ("{X.csv}", "{result.csv}")))
    return type("Stranger", (Program,), {"command": command, **attributes})


def run(script: str, *words: str, X: Any = ((1.0, 2.0), (3.0, 4.0)), **attributes: Any) -> Any:
    return program(script, *words, **attributes)().run(X=np.asarray(X))


def answer(text: str) -> Any:
    """What a program is taken to have answered that writes this."""
    return run(f"import sys; open(sys.argv[2], 'w', newline='').write({text!r})")


COPY = "import shutil, sys; shutil.copy(*sys.argv[1:3])"


# ---- arrays there and back


def test_every_double_comes_back_as_it_was() -> None:
    bits = RNG.integers(0, 2**63, 4000, dtype=np.uint64)
    values = np.concatenate([bits.view(float), [5e-324, -0.0, 0.1, 1 / 3, np.inf, -np.inf, 2.0**53 + 2]])
    values = values[~np.isnan(values)].reshape(-1, 1)
    back = run(COPY, X=np.hstack([values, -values]))
    assert list(back) == ["x1", "x2"]
    for name, column in (("x1", values), ("x2", -values)):
        assert np.array_equal(back[name].astype(float), column.ravel())


@pytest.mark.parametrize("values", [[3, -4, 2**62], [True, False, True], ["a,b", 'says "no"', "é"]])
def test_whole_numbers_truth_and_text_come_back(values: list) -> None:
    known = {True: "TRUE", False: "FALSE"}
    got = run(COPY, X=values) if values[0] is not True else answer("X\n" + "\n".join(known[one] for one in values))
    assert got["X"].tolist() == values


def test_what_r_writes_is_read() -> None:
    found = answer('"","label","p"\n"1",2,NA\n"2",1,0.5\n"3",2,Inf\n')
    assert list(found) == ["label", "p"], "row names are left out"
    assert found["label"].dtype == np.int64 and found["label"].tolist() == [2, 1, 2]
    np.testing.assert_array_equal(found["p"], [np.nan, 0.5, np.inf])


def test_npz_holds_arrays_of_any_shape() -> None:
    script = (
        "import numpy as np, sys; a = np.load(sys.argv[1]); open(sys.argv[2], 'w').write(f'y\\n{a[\"X\"].sum()}\\n')"
    )
    assert run(script, "{arrays.npz}", "{result.csv}", X=np.ones((2, 3, 4)))["y"].tolist() == [24.0]
    with pytest.raises(ValueError, match=r"X has 3 dimensions.*\{arrays.npz\}"):
        run(COPY, X=np.ones((2, 3, 4)))


def test_parameters_are_words() -> None:
    class Told(Program):
        command = (
            sys.executable, "-c",
            "import csv, sys; csv.writer(open(sys.argv[1], 'w')).writerows(zip(['word', *sys.argv[2:]]))",
            "{result.csv}", "{k}", "{name}", "{scale}", "{fast}", "--list={names}", "{here}",
        )  # fmt: skip

        def __init__(self, k=3, name="a b; $(c)", scale=None, fast=True, names=(1, 2)):
            self.k, self.name, self.scale, self.fast, self.names = k, name, scale, fast, names

    found = Told().run()["word"].tolist()
    assert found == ["3", "a b; $(c)", "null", "true", "--list=[1, 2]", str(Path(__file__).parent)]


# ---- mistakes


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ((), "must be a tuple of words"),
        ("Rscript cluster.R {X.csv} {result.csv}", "must be a tuple of words"),
        (("cat", "{X.csv}"), r"must name \{result.csv\}"),
        (("cat", "{Y.csv}", "{result.csv}"), r"there is no \{Y.csv\} \(there are \{here\}, \{X.csv\}, \{result.csv\}"),
        (("cat", "{k}", "{result.csv}"), r"there is no \{k\}"),
    ],
)
def test_a_command_that_cannot_be_run_says_what_there_is(command: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        type("Wrong", (Program,), {"command": command})().run(X=np.ones((2, 2)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty file"),
        ("label;p\n1;2\n", "separate by commas"),
        ("label\n1,2\n2,1\n", "row.names = FALSE"),
        ("label,p\n1,2\n1\n", "line 3 of what it wrote has 1 fields, and the head has 2"),
        ("label,label\n1,2\n", "name each column once"),
        ("label,\n1,2\n", "name each column once"),
    ],
)
def test_an_answer_that_is_no_table_is_refused(text: str, message: str) -> None:
    with pytest.raises(ProgramError, match=message):
        answer(text)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ProgramError, match=r"Stranger \(python.*\) wrote no column 'label'; it wrote 'labels', 'p'"):
        answer("labels,p\n1,2\n")["label"]


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_bytes(b"label\n\xff\xfe\n")
    with pytest.raises(ProgramError, match="no CSV in UTF-8"):
        read_answer(tmp_path / "result.csv", "It")


@pytest.mark.parametrize(
    ("script", "kind", "message"),
    [
        ("pass", ProgramError, "ended well and wrote no result.csv"),
        ("import sys; sys.exit(3)", ProgramError, "exit status 3 and said nothing"),
        ("raise KeyError('no such column')", ProgramError, "exit status 1: KeyError: 'no such column'"),
        ("import os; os.kill(os.getpid(), 11)", ProgramError, "was killed by SIGSEGV"),
        ("import sys; print('x is not installed', file=sys.stderr); sys.exit(77)", SkipFit, "^x is not installed$"),
        ("raise MemoryError('3 GB')", MemoryError, "3 GB"),
        ("import sys; sys.exit('Error: cannot allocate vector of size 8.0 Gb')", MemoryError, "cannot allocate"),
    ],
)
def test_a_program_that_fails_says_why(script: str, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        run(script)


def test_a_program_that_is_not_there_is_skipped_with_the_cure() -> None:
    absent = type("Absent", (Program,), {"command": ("no-such-program", "{result.csv}"), "install": "install it"})
    with pytest.raises(SkipFit, match=r"^no-such-program is not there: install it$"):
        absent().run()


def test_the_folder_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    run("import sys; open('left over', 'w'); open(sys.argv[2], 'w').write('a\\n1\\n')")
    assert [*tmp_path.iterdir()] == []


def test_a_daemon_that_holds_the_stream_open_delays_nothing() -> None:
    script = "import subprocess, sys; subprocess.Popen(['sleep', '60']); open(sys.argv[2], 'w').write('a\\n1\\n')"
    outcome = in_a_job(program(script), seconds=30)
    assert outcome.status == "ok" and outcome.wall_seconds < 30


# ---- limits: as for everything that a fit starts


def in_a_job(cls: type[Program], seconds: float = 20, memory_mb: float = 500) -> Outcome:
    def load() -> Callable[[int], dict]:
        return lambda _: dict(cls().run(X=np.ones((2, 2))))

    with Host(load, name="loading", seconds=seconds, memory_mb=memory_mb) as host:
        return host.run(0)


@pytest.mark.slow
def test_time_and_memory_of_a_program_count() -> None:
    spun = in_a_job(program("while True: pass"), seconds=0.5)
    assert (spun.status, spun.message) == ("timeout", "stopped after the limit of 0.5 s of CPU time")
    grown = in_a_job(program("x = []\nwhile True: x.append(bytearray(10**7))"), memory_mb=200)
    assert grown.status == "out_of_memory", grown


def test_what_a_stopped_program_leaves_is_deleted_with_its_job(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    outcome = in_a_job(program("open('left over', 'w').write('x')\nwhile True: pass"), seconds=0.3)
    assert outcome.status == "timeout" and [*tmp_path.iterdir()] == []


def test_a_warning_of_convergence_is_a_status() -> None:
    script = (
        "import sys; print('ConvergenceWarning: 100 steps', file=sys.stderr); open(sys.argv[2], 'w').write('a\\n1\\n')"
    )
    outcome = in_a_job(program(script))
    assert (outcome.status, outcome.message) == ("not_converged", "100 steps")


def test_cpu_seconds_of_a_program_count() -> None:
    script = "import time, sys\nwhile time.process_time() < 0.4: pass\nopen(sys.argv[2], 'w').write('a\\n1\\n')"
    assert in_a_job(program(script)).cpu_seconds >= 0.4


# ---- what it reads is followed


MODULE = '''
from seedbed.core.programs.program import Program

class InR(Program):
    """It runs {here}/not_there.R."""
    command = ("Rscript", "{here}/scripts/cluster.R", "{X.csv}", "{result.csv}")
'''


def test_a_script_that_the_command_names_is_a_part_of_the_module(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    forget_digests()
    (tmp_path / "in_r.py").write_text(MODULE)
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts/cluster.R"
    seen = []
    for text in ("x <- 1\n", "x <- 2\n", "x <- 1\n"):
        script.write_text(text)
        os.utime(script, ns=(time.time_ns(), time.time_ns() + len(seen)))
        forget_digests()
        seen.append((code_digest("in_r:InR"), source_digest("in_r:InR")))
    assert seen[0] == seen[2] != seen[1] and seen[0][1] != seen[1][1]
    assert own_files("in_r:InR") == ["in_r.py", "scripts/cluster.R"], "an archive holds it"
    forget_digests()


def test_an_array_is_written_for_any_reader(tmp_path: Path) -> None:
    write_array(tmp_path / "X.csv", "X", np.array([[1.5, 2], [0.1, -3]]))
    write_array(tmp_path / "y.csv", "y", np.array([1, 2]))
    assert (tmp_path / "X.csv").read_text() == "x1,x2\n1.5,2\n0.10000000000000001,-3\n"
    assert (tmp_path / "y.csv").read_text() == "y\n1\n2\n"

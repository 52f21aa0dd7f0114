"""``make check-method``: what it says of sound classes and of those with a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from own_study import forgetting_own_studies, working_beside_the_skeleton
from seedbed.core.errors import UserError
from seedbed.core.method_check import __main__ as command
from seedbed.core.method_check import asked
from seedbed.core.method_check.checks import check_method
from seedbed.core.study import load_study

pytestmark = pytest.mark.slow  # each check makes a dozen fits in processes

CLASSES = '''
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np


class Sound:
    def __init__(self, n_clusters=2, strength=1.0, random_state=None):
        self.n_clusters, self.strength, self.random_state = n_clusters, strength, random_state

    def fit_predict(self, X):
        return np.random.default_rng(self.random_state).integers(self.n_clusters, size=len(X))


class Careless:
    """Takes no seed, reads a file, writes one, imports late, changes its data, and finds one cluster."""

    def __init__(self, n_clusters=2):
        self.n_clusters = n_clusters

    def fit_predict(self, X):
        np.load("weights.npy")
        Path("left.txt").write_text("x")
        import slow_to_import
        X[:] = 0
        np.random.rand()
        print("hello")
        return np.zeros(len(X), int)


class Restless(Sound):
    def fit_predict(self, X):
        return np.frombuffer(os.urandom(len(X)), np.uint8).astype(int) % self.n_clusters


class Fragile(Sound):
    """Answers where rows differ; crashes where they do not, and stumbles over units."""

    def fit_predict(self, X):
        if len(np.unique(X, axis=0)) == 1:
            os.abort()
        if np.abs(X).max() > 1e50:
            return {}["units"]
        if self.n_clusters == 1:
            raise ValueError("at least two clusters are needed")
        return super().fit_predict(X)


class Broken(Sound):
    def fit_predict(self, X):
        return self.helper(X)

    def helper(self, X):
        raise RuntimeError("not written yet")


class OtherNames:
    def __init__(self, k=2, seed=0):
        self.k, self.seed = k, seed

    def fit_predict(self, X):
        return np.arange(len(X)) % self.k


class WithAProgram(Sound):
    def fit_predict(self, X):
        subprocess.run([sys.executable, "tool.py"], check=True)
        return super().fit_predict(X)
'''


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[int, str]]]:
    """In a folder with the classes; one scenario is enough."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "strange.py").write_text(CLASSES)
    (tmp_path / "slow_to_import.py").write_text("import time\ntime.sleep(0.3)\n")
    (tmp_path / "tool.py").write_text("")
    np.save(tmp_path / "weights.npy", np.ones(2))
    monkeypatch.setattr(asked, "load_study", lambda name: replace(load_study(name), tried_on=("isotropic",)))

    def run(method: str, study: str = "clustering") -> tuple[int, str]:
        said: list[str] = []
        return check_method(method, study, said.append), "\n".join(said)

    with forgetting_own_studies():
        yield run


def test_a_sound_class_has_nothing_to_mend(check: Callable) -> None:
    code, text = check("strange:Sound")
    assert code == 0 and "MEND" not in text and "note" not in text.replace("to know", "")
    for line in (
        "strange:Sound as a method of the study clustering, from strange.py",
        "signature    is given n_clusters, random_state",
        "fit          isotropic: ok, ",
        "answer       isotropic: mis-clustering error 0.",
        "(random labels: 0.",
        "determinism  isotropic: the same twice, to the last bit",
        "files        reads none of yours",
        "hard cases   answered: a constant column",
        'Nothing to mend, 0 to know. In config.yaml: mine: {method: "strange:Sound"}',
    ):
        assert line in text, line


def test_a_careless_one_is_told_all_of_it(check: Callable, capfd: pytest.CaptureFixture) -> None:
    code, text = check("strange:Careless")
    assert code == 1 and "hello" not in capfd.readouterr().out
    for line in (
        "note  signature    takes no random_state",
        "note  answer       isotropic: 4 clusters were asked for, and 1 found",
        "note  determinism  isotropic: the same twice; it draws from numpy.random",
        "MEND  files        reads weights.npy: an edit of it would refit nothing; write files: [weights.npy]",
        "MEND  files        writes left.txt",
        "note  imports      each fit imports slow_to_import (0.",
        "note  data         changes X in place",
        "2 to mend",
    ):
        assert line in text, line
    assert "hello" in Path("logs/check-method.log").read_text()


def test_what_the_config_says_of_a_class_counts(check: Callable) -> None:
    entry = "{method: 'strange:Careless', files: [weights.npy], params: {n_clusters: 3}}"
    Path("config.yaml").write_text(f"studies: {{clustering: {{methods: {{mine: {entry}}}}}}}")
    _, text = check("strange:Careless")
    assert "files and limits that config.yaml gives to 'mine'" in text and "n_clusters = 3" in text
    assert "MEND  files        reads" not in text


def test_a_text_in_quotes_stays_a_text_and_a_number_without_point_is_one(check: Callable) -> None:
    entry = "{method: 'strange:Careless', params: {n_clusters: '1e1'}}"
    Path("config.yaml").write_text(f"studies: {{clustering: {{methods: {{mine: {entry}}}}}}}")
    assert asked.read_request("strange:Careless", "clustering").plan.methods["checked"].params == {"n_clusters": "1e1"}
    Path("config.yaml").write_text(Path("config.yaml").read_text().replace("'1e1'", "1e1"))
    assert asked.read_request("strange:Careless", "clustering").plan.methods["checked"].params == {"n_clusters": 10}


def test_one_that_differs_from_fit_to_fit_is_named(check: Callable) -> None:
    code, text = check("strange:Restless")
    assert code == 1 and "MEND  determinism  isotropic: two fits with the same seed differ in labels" in text


def test_hard_cases_tell_crashes_from_refusals(check: Callable) -> None:
    code, text = check("strange:Fragile")
    assert code == 1
    assert "MEND  hard cases   all rows equal: error: the process died: killed by SIGABRT" in text
    assert "ok    hard cases   one cluster: refused: ValueError: at least two clusters are needed" in text
    assert "note  hard cases   huge units (1e100): strange.py, line " in text and "KeyError: 'units'" in text


def test_a_class_that_raises_is_named_with_its_line(check: Callable) -> None:
    code, text = check("strange:Broken")
    number = 1 + CLASSES[: CLASSES.index("not written yet")].count("\n")
    assert code == 1 and "Traceback" not in text
    assert f"MEND  fit          isotropic: error: strange.py, line {number}: RuntimeError: not written yet" in text


def test_names_of_its_own_are_asked_for_and_used(check: Callable) -> None:
    _, text = check("strange:OtherNames")
    assert "takes neither n_clusters nor n_components" in text
    rename = "rename: {n_clusters: k, random_state: seed}"
    Path("config.yaml").write_text(
        f"studies: {{clustering: {{methods: {{mine: {{method: 'strange:OtherNames', {rename}}}}}}}}}"
    )
    code, text = check("strange:OtherNames")
    assert code == 0 and "is given k (for n_clusters), seed (for random_state)" in text


def test_a_program_and_the_file_that_it_is_given_are_seen(check: Callable) -> None:
    code, text = check("strange:WithAProgram")
    assert code == 1 and "MEND  files        reads tool.py" in text and "processes    starts " in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Say which class is to be checked: make check-method METHOD=my_methods:MyClustering"),
        (("strange:Sound", "clusterin"), "no study 'clusterin'; did you mean 'clustering'?"),
        (("strange:Soud",), "the module has no class 'Soud'; did you mean 'Sound'?"),
        (("nowhere:Sound",), "there is no module 'nowhere'"),
        (("strange:np",), "is a module: a method is a class with fit_predict or fit"),
        (("kmean",), "unknown method 'kmean'; did you mean 'kmeans'?"),
    ],
)
def test_mistakes_are_one_message(
    check: Callable, words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture
) -> None:
    assert command.main(*words) == 1
    said = capsys.readouterr()
    assert message in said.err and "Traceback" not in said.err and said.out == ""


def test_it_asks_what_another_study_asks(tmp_path: Path) -> None:
    (tmp_path / "centres.py").write_text(
        "import numpy as np\nclass Median:\n    def fit(self, X):\n        self.centre_ = float(np.median(X))\n"
        "        return self\n"
    )
    said: list[str] = []
    with working_beside_the_skeleton(tmp_path, "mine"):
        assert check_method("centres:Median", "mine", said.append) == 0
    text = "\n".join(said)
    assert "answer       clean: absolute error 0." in text and "(first value: " in text
    assert "hard cases   none are known for such data" in text


def test_a_study_that_names_what_it_has_not_is_refused(tmp_path: Path) -> None:
    with working_beside_the_skeleton(tmp_path, "mine") as folder, forgetting_own_studies():
        study = folder / "study.py"
        study.write_text(
            study.read_text().replace("libraries=(", 'tried_on=("claen",), remarks=".metrics:no", libraries=(')
        )
        with pytest.raises(UserError) as caught:
            check_method("mine:X", "mine", print)
    assert "STUDY.tried_on: unknown scenario 'claen'; did you mean 'clean'?" in str(caught.value)
    assert "STUDY.remarks: 'studies.mine.metrics:no'" in str(caught.value)

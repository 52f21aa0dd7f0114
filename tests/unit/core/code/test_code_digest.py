"""Editing a module changes the digests of what imports it, and no other."""

from __future__ import annotations

import importlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from seedbed.core.code import code_digest as module
from seedbed.core.code.code_digest import code_digest, forget_digests
from seedbed.core.study import load_study, study_names


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of workflow/scripts that a test may edit."""
    shutil.copytree(module.SCRIPTS, tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "SCRIPTS", tmp_path / "scripts")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "scripts"


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Digests are computed once per process; here the files change."""
    forget_digests()
    yield
    forget_digests()


def edit(path: Path) -> None:
    path.write_text(path.read_text() + "\n# edited\n")
    forget_digests()


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def method_digests() -> dict[str, str]:
    return {
        f"{name}/{key}": code_digest("fit_method.py", study.adapter, method.target)
        for name, study in ((name, load_study(name)) for name in study_names())
        for key, method in study.methods.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("clustering/gaussian/hard_em.py", {"hard_em", "sdp_hard_em"}),
        ("clustering/likelihood_sdp/estimator.py", {"likelihood_sdp", "likelihood_sdp_weights"}),
        (
            "clustering/ila_sdp/estimator.py",
            {f"ila_sdp{kind}" for kind in ("", "_whitened", "_random", "_random_points", "_annealed", "_weights")},
        ),
        ("clustering/controls.py", {"random_labels", "oracle", "directional/random_labels", "proximity/random_labels"}),
        ("studies/clustering/metrics.py", set()),
        ("studies/clustering/figures/pictures.py", set()),
        ("studies/clustering/study.py", set()),
        ("studies/clustering/scenarios.py", set()),
        ("studies/clustering/benchmarks/cases.py", set()),
    ],
)
def test_editing_one_method_touches_that_method_only(tree: Path, file: str, expected: set[str]) -> None:
    before = method_digests()
    edit(tree / "seedbed" / file)
    after = method_digests()
    assert {key for key in before if before[key] != after[key]} == {
        name if "/" in name else f"clustering/{name}" for name in expected
    }


@pytest.mark.slow
def test_the_engine_counts_too(tree: Path) -> None:
    before = method_digests()
    edit(tree / "seedbed/core/seeds.py")
    after = method_digests()
    assert all(before[key] != after[key] for key in before)


@pytest.mark.slow
def test_report_and_statistics_touch_no_fit(tree: Path) -> None:
    before = method_digests()
    for name in (
        "core/statistics/intervals.py",
        "core/judging/claims.py",
        "core/keeping/provenance.py",
        "report/page/render.py",
    ):
        edit(tree / "seedbed" / name)
    assert method_digests() == before


def test_imports_of_every_form_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        start=(
            "import pkg.one\nfrom pkg import two\nfrom pkg.three import name\n\n"
            "def f():\n    import late\n\nif TYPE_CHECKING:\n    import hint\n"
        ),
        pkg____init__="",
        pkg__one="from . import one_more\n",
        pkg__one_more="from .sub.deep import x\n",
        pkg__two="",
        pkg__three="name = 1\n",
        pkg__sub____init__="",
        pkg__sub__deep="from ..four import x\n",
        pkg__four="x = 1\n",
        late="",
        unrelated="",
        hint="",
    )
    for name in (
        "start",
        "pkg/one",
        "pkg/one_more",
        "pkg/two",
        "pkg/three",
        "pkg/sub/deep",
        "pkg/four",
        "late",
    ):
        before = code_digest("start:f")
        edit(tmp_path / f"{name}.py")
        assert code_digest("start:f") != before, name
    before = code_digest("start:f")
    edit(tmp_path / "unrelated.py")
    edit(tmp_path / "hint.py")
    assert code_digest("start:f") == before


FOLLOWED = {"kmeans_sdp/estimator.py": True, "convex/douglas_rachford.py": True, "gaussian/hard_em.py": False}


def test_a_name_of_a_facade_is_followed_to_where_it_comes_from(tree: Path) -> None:
    """However deep: it is what a user's own module imports."""
    write(tree.parent, mine="from seedbed.clustering import KMeansSDP\n")
    for file, follows in FOLLOWED.items():
        before = code_digest("mine:KMeansSDP")
        edit(tree / "seedbed/clustering" / file)
        assert (code_digest("mine:KMeansSDP") != before) is follows, file


LAZY = {
    "facade": """
TABLE = {"deep": "one.two", "shallow": "three"}
def __getattr__(name): ...
""",
    "computed": """
TABLE = dict(deep="one.two")
def __getattr__(name): ...
""",
}


@pytest.mark.parametrize(
    ("statement", "facade", "followed"),
    [
        ("from facade import deep", "facade", {"one/two"}),
        ("from facade import deep as x, shallow", "facade", {"one/two", "three"}),
        ("from facade import *", "facade", {"one/two", "three", "four"}),
        ("import facade", "facade", {"one/two", "three", "four"}),
        ("from facade.one import two", "facade", {"one/two"}),
        ("from computed import deep", "computed", {"one/two", "three", "four"}),
    ],
)
def test_facades_of_every_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str, facade: str, followed: set[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    places = {f"{facade}__{name}": "x = 1\n" for name in ("one__two", "three", "four")}
    write(tmp_path, start=f"{statement}\n", **places)
    (tmp_path / facade / "__init__.py").write_text(LAZY[facade])
    (tmp_path / facade / "one/__init__.py").touch()
    for name in ("one/two", "three", "four"):
        forget_digests()
        before = code_digest("start:f")
        edit(tmp_path / facade / f"{name}.py")
        assert (code_digest("start:f") != before) is (name in followed), name


@pytest.mark.parametrize("study", study_names())
def test_the_table_of_a_facade_is_found(study: str) -> None:
    """Every public name leads to one module, which has it."""
    package = importlib.import_module(f"seedbed.{study}")
    finder = module._finder(module.SCRIPTS)
    for name in package.__all__:
        [place] = finder.lazy_members(f"seedbed.{study}", (name,))
        assert re.search(rf"^((class|def) )?{name}\b", finder.locate(place).read_text(), re.M), name


def test_digest_is_of_content_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = set()
    for name in ("here", "there"):
        write(tmp_path / name, mine="import other\n", other="x = 1\n")
        monkeypatch.chdir(tmp_path / name)
        forget_digests()
        digests.add(code_digest("mine:x"))
    assert len(digests) == 1


def test_versions_of_libraries_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = code_digest("sklearn.cluster:KMeans")
    module._version.cache_clear()
    forget_digests()
    monkeypatch.setattr(module.importlib.metadata, "version", lambda name: "0.0.0")
    assert code_digest("sklearn.cluster:KMeans") != before
    module._version.cache_clear()


def test_a_module_that_does_not_parse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, broken="def f(:\n")
    assert code_digest("broken:f")

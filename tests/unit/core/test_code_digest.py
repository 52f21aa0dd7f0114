"""Editing a module changes the digests of what imports it, and no other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from seedbed.core import code_digest as module
from seedbed.core.code_digest import code_digest, forget_digests
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


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("hard_em.py", {"hard_em", "sdp_hard_em"}),
        ("likelihood_sdp.py", {"likelihood_sdp", "likelihood_sdp_weights"}),
        (
            "iterative_likelihood_sdp.py",
            {"ila_sdp", "ila_sdp_whitened", "ila_sdp_random", "ila_sdp_annealed", "ila_sdp_weights"},
        ),
        ("controls.py", {"random_labels", "oracle"}),
        ("metrics.py", set()),
        ("figures.py", set()),
        ("study.py", set()),
        ("scenarios.py", set()),
        ("benchmarks.py", set()),
    ],
)
def test_editing_one_method_touches_that_method_only(tree: Path, file: str, expected: set[str]) -> None:
    before = method_digests()
    edit(tree / "seedbed/clustering" / file)
    after = method_digests()
    assert {key for key in before if before[key] != after[key]} == {f"clustering/{name}" for name in expected}


def test_the_engine_counts_too(tree: Path) -> None:
    before = method_digests()
    edit(tree / "seedbed/core/seeds.py")
    after = method_digests()
    assert all(before[key] != after[key] for key in before)


def test_report_and_statistics_touch_no_fit(tree: Path) -> None:
    before = method_digests()
    for name in ("core/statistics.py", "core/claims.py", "core/provenance.py", "report/render.py"):
        edit(tree / "seedbed" / name)
    assert method_digests() == before


def test_imports_of_every_form_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        start="import pkg.one\nfrom pkg import two\nfrom pkg.three import name\n\ndef f():\n    import late\n",
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
    assert code_digest("start:f") == before


def test_a_lazy_package_counts_as_a_whole(tree: Path) -> None:
    write(tree.parent, mine="from seedbed.clustering import KMeansSDP\n")
    before = code_digest("mine:KMeansSDP")
    edit(tree / "seedbed/clustering/kmeans_sdp.py")
    assert code_digest("mine:KMeansSDP") != before


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

"""The text of a config: broken YAML is named by line, and nothing in it runs."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project import Project
from seedbed.core.config.asked_types import with_numbers
from seedbed.core.config.config_file import check_config_files, config_text, read_config_text
from seedbed.core.errors import UserError

ROOT = Path(__file__).parents[4]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seed: 1\n\tx: 2\n", "config.yaml, line 2, column 1: this is no valid YAML"),
        ("a: [1, 2\nb: 3\n", "config.yaml, line 2, column 2: this is no valid YAML"),
        (
            "a:\n  kmeans: {}\n  ward: {}\n  kmeans: {}\n",
            "line 4, column 3: the key 'kmeans' stands here for the second",
        ),
        ("seed: !!python/name:os.system\n", "could not determine a constructor for the tag"),
        ("seed: !!python/object/apply:os.mkdir [acted]\n", "could not determine a constructor for the tag"),
        ("__use_yte__: true\nseed: ?__import__('os').mkdir('acted')\n", "would let the file run Python"),
        ("a: &a [*a]\n", "an alias (*name) stands inside of what it stands for"),
        ("", "holds no 'key: value' lines"),
        ("- 1\n", "holds no 'key: value' lines"),
    ],
)
def test_what_is_wrong_with_the_text(here: Path, text: str, expected: str) -> None:
    (here / "config.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        check_config_files(["config.yaml"])
    assert expected in str(caught.value) and "\n" not in str(caught.value)
    assert [path.name for path in here.iterdir()] == ["config.yaml"]


def test_what_is_written_is_read_as_it_was() -> None:
    text = "a: {b: '1e3', c: 1e3, d: [1e-7, '1e-7'], '1e5': word}\nreport: {title: 1e3}\n"
    config = with_numbers(*read_config_text(text, "config.yaml"))
    assert config == {
        "a": {"b": "1e3", "c": 1000, "d": [1e-7, "1e-7"], "1e5": "word"},
        "report": {"title": "1e3"},  # a text for the schema
    }
    assert with_numbers(*read_config_text(config_text(config), "config.yaml")) == config


def test_what_is_no_text(here: Path) -> None:
    (here / "config.yaml").write_bytes(b"seed: \xff\n")
    with pytest.raises(UserError, match=r"no text in UTF-8 \(byte 6\)"):
        check_config_files(["config.yaml"])


def test_what_is_right(here: Path) -> None:
    (here / "a.yaml").write_text("a: &x {b: 1}\nc: {<<: *x, d: 2}\ne: {<<: *x}\n")
    (here / "b.json").write_text('{"seed": 1,\n\t"studies": {}}')
    check_config_files(["a.yaml", "b.json", "absent.yaml"])
    check_config_files([ROOT / "config.yaml", *(ROOT / "config").glob("*.yaml")])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=40) | st.text("ab:-[]{}&*!? \n\t'\"#|>%@", max_size=40), place=st.integers(0, 3000))
def test_any_text_anywhere_is_accepted_or_refused_with_a_message(text: str, place: int, tmp_path_factory) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed.yaml"
    shipped = (ROOT / "tests/config/small.yaml").read_text()
    place %= len(shipped)
    path.write_text(shipped[:place] + text + shipped[place:], encoding="utf-8", errors="surrogatepass")
    with contextlib.suppress(UserError):
        check_config_files([path])


@pytest.mark.slow
def test_a_config_that_would_run_python_is_refused_before_it_does(here: Path) -> None:
    project = Project(here / "project")
    project.write_config()
    path = project.folder / "config.yaml"
    path.write_text("__use_yte__: true\nreport:\n  title: ?__import__('os').mkdir('acted')\n" + path.read_text())
    project.write_config = lambda: None
    done = project.run("-n", check=False)
    assert done.returncode != 0 and "would let the file run Python" in done.stdout
    assert not (project.folder / "acted").exists()

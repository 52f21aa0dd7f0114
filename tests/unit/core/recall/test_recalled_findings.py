"""What an earlier plan found is recalled as long as all that it depends on is what it was, and no longer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from project import ROOT
from seedbed.core.code.code_digest import forget_digests
from seedbed.core.code.new_study import config_entry
from seedbed.core.config.config_file import read_config_text
from seedbed.core.errors import UserError
from seedbed.core.planning import config as planning
from seedbed.core.planning.config import make_plan
from seedbed.core.recall import findings
from seedbed.core.recall.findings import found, keep_findings, recall_findings, sound

WATCHED = ("sklearn", "scipy.stats", "torch", "numba", "cvxpy")
PLAN = """
import sys
from pathlib import Path
from seedbed.core.recall.findings import keep_findings, recall_findings
from seedbed.core.config.config_file import read_config_text
from seedbed.core.planning.config import make_plan
recall_findings()
plan = make_plan(*read_config_text(Path("config.yaml").read_text(), "config.yaml")[:1])
plan.report_job()
keep_findings()
print([name for name in sys.argv[1:] if name in sys.modules])
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for what is kept, in which nothing is."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield tmp_path / "cache/seedbed/findings.txt"
    findings._recalled.clear()
    forget_digests()


def next_run() -> None:
    keep_findings()
    forget_digests()
    recall_findings()


def not_again() -> Any:
    pytest.fail("was found out again")


def test_a_process_that_recalls_nothing_finds_out_everything(cache: Path) -> None:
    assert [found("kind", not_again, lambda number=number: number) for number in (1, 2)] == [1, 2]
    keep_findings()
    assert not cache.exists()


def test_what_was_found_is_found_once_while_nothing_changes(cache: Path) -> None:
    recall_findings()
    assert found("kind", lambda: ["a", 1], lambda: [None, 0.1]) == [None, 0.1]
    next_run()
    assert found("kind", lambda: ["a", 1], not_again) == [None, 0.1]
    for kind, given in (("kind", ["a", 1.0]), ("kind", ["a", True]), ("other", ["a", 1])):
        assert found(kind, lambda given=given: given, lambda: "new") == "new"


def test_what_is_wrong_is_looked_at_until_it_is_mended() -> None:
    recall_findings()
    assert sound("check", lambda: 1, lambda: iter(["wrong"])) == ["wrong"]
    next_run()
    assert sound("check", lambda: 1, lambda: ["still wrong"]) == ["still wrong"]
    assert sound("check", lambda: 1, list) == []
    next_run()
    assert sound("check", lambda: 1, not_again) == []


def test_a_damaged_file_is_as_none(cache: Path) -> None:
    recall_findings()
    found("kind", lambda: 1, lambda: 1)
    keep_findings()
    cache.write_text(cache.read_text().replace("1", "2"))
    recall_findings()
    assert found("kind", lambda: 1, lambda: 3) == 3


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "_MOST", 2)
    recall_findings()
    for number in range(2):
        found("kind", lambda number=number: number, lambda: "first")
    next_run()
    found("kind", lambda: 2, lambda: "second")
    next_run()
    assert found("kind", lambda: 2, not_again) == "second"
    assert [found("kind", lambda number=number: number, lambda: "new") for number in range(2)] == ["first", "new"]


def own_config(**method: Any) -> dict[str, Any]:
    settings, _ = read_config_text(config_entry("mine"), "")
    settings["studies"]["mine"]["methods"] |= method
    settings["studies"]["mine"]["replicates"] = 2
    return {"seed": 1, **settings}


def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The targets that a check has imported."""
    asked: list[str] = []
    load = planning.load_target
    monkeypatch.setattr(planning, "load_target", lambda target: (asked.append(target), load(target))[1])
    return asked


def test_an_edit_of_what_takes_a_parameter_has_it_checked_again(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recall_findings()
    before = make_plan(own_config())
    next_run()
    asked = loaded(monkeypatch)
    again = make_plan(own_config())
    assert asked == [] and again.report_job() == before.report_job() and again.notes == before.notes
    generators = {scenario.generator for scenario in again.studies["mine"].scenarios.values()}
    for target in generators:
        path = mine.parents[1] / (target.partition(":")[0].replace(".", "/") + ".py")
        path.write_text(path.read_text() + "\n# another signature, for all that a digest knows\n")
    next_run()
    make_plan(own_config())
    assert set(asked) == generators


def test_other_parameters_are_checked_and_what_is_wrong_is_said_each_time(mine: Path) -> None:
    recall_findings()
    plan = make_plan(own_config())
    name = next(iter(plan.studies["mine"].methods))
    said = []
    for _ in range(2):
        next_run()
        with pytest.raises(UserError) as error:
            make_plan(own_config(**{name: {"params": {"no_such_parameter": 1}}}))
        said.append(str(error.value))
    findings._recalled.clear()
    with pytest.raises(UserError) as error:
        make_plan(own_config(**{name: {"params": {"no_such_parameter": 1}}}))
    assert "unknown parameter 'no_such_parameter'" in said[0] and set(said) == {str(error.value)}


def test_a_claim_that_is_broken_is_noticed(mine: Path) -> None:
    recall_findings()
    make_plan(own_config())
    next_run()
    claims = mine / "claims.yaml"
    claims.write_text(claims.read_text().replace("- id:", "- no_such_key: 1\n  id:", 1))
    with pytest.raises(UserError, match="no_such_key"):
        make_plan(own_config())


@pytest.mark.slow
def test_a_plan_that_was_made_before_imports_no_library_of_a_method() -> None:
    def words(*command: str) -> list[str]:
        done = subprocess.run([sys.executable, "-c", *command], cwd=ROOT, capture_output=True, text=True, check=True,
                              env={**os.environ, "PYTHONPATH": str(ROOT / "workflow/scripts")})  # fmt: skip
        return done.stdout.splitlines()

    words(PLAN, *WATCHED)
    assert words(PLAN, *WATCHED)[-1] == "[]"
    page = "import sys, seedbed.report.page.render; print([name for name in sys.argv[1:] if name in sys.modules])"
    assert words(page, *WATCHED) == ["[]"]

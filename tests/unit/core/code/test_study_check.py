"""Studies of one's own: found beside the config, and looked at before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked_study import change, messages
from own_study import config_of, forgetting_own_studies
from seedbed.core.code.new_study import main, name_error, write_study
from seedbed.core.code.sources import target_errors
from seedbed.core.code.study_check import study_errors
from seedbed.core.errors import UserError
from seedbed.core.planning.config import make_plan
from seedbed.core.study import load_study, study_names


@pytest.mark.parametrize("name", study_names())
def test_our_own_studies_have_no_mistake(name: str) -> None:
    assert study_errors(name) == []


def test_a_study_beside_the_config_is_found(mine: Path) -> None:
    assert "mine" in study_names() and messages(mine) == []
    study = load_study("mine")
    assert study.adapter == "studies.mine.adapter:fit", "what is relative is written out"
    assert study.methods["mean"].target == "studies.mine.peers.trimmed_mean:TrimmedMean"
    plan = make_plan(config_of("mine")).studies["mine"]
    assert "@incollection{tukey1960survey," in plan.description().bibtex
    files = {path.relative_to(mine.parents[1]).as_posix() for path in mine.rglob("*") if path.is_file()}
    assert {file for file in files if "__pycache__" not in file} == set(plan.own_modules())


# One mistake each: the file, what stands there, what is put in its place, and parts of the one message.
MISTAKES = [
    ("study.py", '"mine"', '"yours"', ["study.py: STUDY.name is 'yours'", "the folder is called 'mine'"]),
    ("study.py", "STUDY = Study(", "STUDY = Study(", []),
    ("study.py", "STUDY = Study(", "STUDI = Study(", ["study.py: there is no STUDY"]),
    ("study.py", "STUDY = Study(", "STUDY = dict(", ["study.py: STUDY is a dict"]),
    ("study.py", "STUDY = Study(", "STUDY = Study((", ["study.py, line", "SyntaxError"]),
    ("study.py", "STUDY = Study(", "import nowhere\nSTUDY = Study(", ["study.py, line", "No module named 'nowhere'"]),
    ("study.py", "STUDY = Study(", "raise SystemExit\nSTUDY = Study(", ["study.py, line", "SystemExit"]),
    ("study.py", "    title=", "    titel=", ["study.py, line", "'titel'"]),
    ("adapter.py", "import inspect", "return", ["STUDY.adapter", "adapter.py, line 5", "'return' outside function"]),
    ("study.py", "adapter:fit", "adapter:fti", ["STUDY.adapter", "no 'fti'; did you mean 'fit'?"]),
    ("study.py", "adapter:fit", "adaptor:fit", ["STUDY.adapter", "did you mean 'studies.mine.adapter'?"]),
    ("study.py", ".adapter:fit", ".controls:CleanMean", ["STUDY.adapter", "is a class: a function is needed"]),
    ("study.py", ".adapter:fit", ".adapter.fit", ["STUDY.adapter", "is no target: write"]),
    ("study.py", '".adapter:fit"', "3", ["STUDY.adapter: 3 is not text"]),
    ("study.py", '"lower"', '"smaller"', ["metrics.absolute_error.direction: 'smaller'", "known: higher, lower, none"]),
    ("study.py", '"lower"', '"none"', ["metrics.absolute_error.direction: the main metric", "lower or higher"]),
    ("study.py", ".metrics:absolute_error", ".metrics:absolute", ["metrics.absolute_error.function", "did you mean"]),
    ("study.py", 'kind="data"', 'kind="date"', ["figures.sample.kind: 'date'", "did you mean 'data'?"]),
    ("study.py", ".figures.errors:errors", ".figures.error:errors", ["figures.errors.function", "did you mean"]),
    ("study.py", "metrics=METRICS", "metrics=[*METRICS]", ["STUDY.metrics: ['absolute_error'] is not a table"]),
    ("study.py", "METRICS = {", 'METRICS = {"other": 3,', ["metrics.other: int, not a Metric"]),
    ("study.py", "metrics=METRICS", "metrics={}", ["STUDY.metrics is empty"]),
    ("study.py", '("scipy.stats",)', '("scipy.stats")', ["STUDY.libraries: 'scipy.stats' is not a tuple of texts"]),
    ("study.py", "figures=FIGURES", 'figures=FIGURES, environment="trch"', ["no envs/trch.yaml; did you mean"]),
    ("study.py", "figures=FIGURES", 'figures=FIGURES, environment="e.yaml"', ["no studies/mine/e.yaml"]),
    ("methods.py", '"ours"', '"our"', ["methods.py: methods.trimmed_mean.role: 'our'", "did you mean 'ours'?"]),
    ("methods.py", ":FirstValue", ":FirstValu", ["methods.first_value.target", "did you mean 'FirstValue'?"]),
    ("methods.py", ".controls:FirstValue", ".controls:np", []),
    ("methods.py", ".controls:FirstValue", ".adapter:fit", ["methods.first_value.target", "a class is needed"]),
    ("methods.py", ".controls:FirstValue", "absent:FirstValue", ["methods.first_value.target", "no module 'absent'"]),
    ("methods.py", '"control")', '"control", task="images")', ["methods.first_value.task", "the task 'images'"]),
    ("methods.py", '"first_value":', '"First Value":', ["methods: 'First Value' cannot be a name"]),
    ("scenarios.py", "{\n    \"clean\": Scenario(\"contaminated_sample\"", "{\n    \"clean\": Scenario(\"sample\"",
     ["scenarios.py: scenarios.clean.generator: unknown generator 'sample'"]),
    ("scenarios.py", '"share_wrong"', '"share_worng"', ["scenarios.outliers.params", "did you mean 'share_wrong'?"]),
    ("scenarios.py", '"one in ten wrong"', '"one", "claen"', ["scenarios.outliers.tune_on: unknown scenario 'claen'"]),
    ("scenarios.py", ":ContaminatedSample\"", ":Contaminated\"", ["generators.contaminated_sample.function"]),
    ("controls.py", "class CleanMean", "class CleanMeen", ["methods.clean_mean.target", "did you mean 'CleanMeen'?"]),
    ("adapter.py", "def fit(", "def fit(:", ["STUDY.adapter", "adapter.py, line", "SyntaxError"]),
    ("claims.yaml", "- id: trimming_helps", "- id: [", ["claims.yaml, line", "it cannot be read"]),
    ("study.py", '"standard deviations")', '"sd", bounds=(1, 0))', ["absolute_error.bounds: (1, 0) are no bounds"]),
    ("study.py", '"standard deviations")', '"sd", log_floor="x")', ["absolute_error.log_floor: 'x' is neither"]),
    ("study.py", '"standard deviations")', '"sd", internal="no")', ["absolute_error.internal: 'no' is neither True"]),
    ("methods.py", '{"share": 0.2}', '{"share": {1, 2}}', ["trimmed_mean.params.share: it must be a number, text"]),
    ("methods.py", '{"share": 0.2}', '{"share": float("nan")}', ["trimmed_mean.params.share: it must be a number"]),
    ("methods.py", '{"share": 0.2}', '{2: 0.2}', ["methods.trimmed_mean.params: 2 is no name of a parameter"]),
    ("methods.py", '"control")', '"control", tune={"x": 3})', ["methods.first_value.tune.x: 3 is no list of values"]),
    ("data/contaminated_sample.py", "@dataclass(frozen=True, kw_only=True)", "", ["is no dataclass, and takes none"]),
    ("claims.yaml", "  origin:", "  origin: ours\n  origin:", ["claims.yaml, line 6", "'origin' stands here"]),
    ("references.bib", "year", "year\udce4", ["references.bib is no text in UTF-8"]),
    ("claims.yaml", "peer: mean", "peer: maen", ["studies/mine/claims.yaml: trimming_helps", "did you mean 'mean'?"]),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "parts"), MISTAKES)
def test_a_mistake_is_named_with_its_place_and_cure(
    mine: Path, file: str, old: str, new: str, parts: list[str]
) -> None:
    config = config_of("mine")
    change(mine, file, old, new)
    with forgetting_own_studies():
        if not parts:
            make_plan(config)
            return
        with pytest.raises(UserError) as caught:
            make_plan(config)
    lines = str(caught.value).split("\n")
    found = [line for line in lines if line.startswith("  - studies/mine/") and all(part in line for part in parts)]
    assert len(found) == 1, str(caught.value)


def test_all_mistakes_are_in_one_message(mine: Path) -> None:
    (mine / "claims.yaml").unlink()
    change(mine, "study.py", '"mine"', '"yours"')
    change(mine, "methods.py", '"ours"', '"our"')
    change(mine, "study.py", '"lower"', '"smaller"')
    change(mine, "methods.py", ":FirstValue", ":FirstValu")
    change(mine, "scenarios.py", '"share_wrong"', '"share_worng"')
    (mine / "data/other.py").write_text("def draw(rng, n_points=3):\n    return {}\n")
    change(mine, "scenarios.py", "GENERATORS = {", 'GENERATORS = {"other": Generator(".data.other:draw"),')
    change(mine, "scenarios.py", '"clean": Scenario("contaminated_sample"', '"clean": Scenario("sample"')
    found = messages(mine)
    parts = ["claims.yaml: there is no such file", "STUDY.name is 'yours'", "role: 'our'", "direction: 'smaller'"]
    parts += ["no 'FirstValu'", "'share_worng'", "n_points must be keyword-only", "unknown generator 'sample'"]
    assert len(found) == len(parts) and all(any(part in text for text in found) for part in parts), found
    config = config_of_unsound(mine)
    with pytest.raises(UserError) as caught:
        make_plan(config)
    assert "unknown method 'kmean'" in str(caught.value), "and those of other studies beside them"


def config_of_unsound(mine: Path) -> dict:
    entry = {"replicates": 2, "scenarios": {"clean": {}}, "methods": {"mean": {}}}
    other = {"replicates": 2, "scenarios": {"iris": {}}, "methods": {"kmean": {}}}
    return {"seed": 1, "studies": {mine.name: entry, "clustering": other}}


@pytest.mark.parametrize(
    ("signature", "part"),
    [
        ("rng, *, n_points: int = 50, share_wrong: float = 0.0", ""),
        ("rng, n_points: int = 50, share_wrong: float = 0.0", "n_points, share_wrong must be keyword-only"),
        ("rng, n_points: int = 50, *, share_wrong: float = 0.0", "n_points must be keyword-only"),
        ("*, share_wrong: float = 0.0", "takes no rng"),
    ],
)
def test_parameters_of_a_generator_are_keyword_only(mine: Path, signature: str, part: str) -> None:
    (mine / "data/other.py").write_text(f"def draw({signature}):\n    return {{}}\n")
    change(mine, "scenarios.py", "GENERATORS = {", 'GENERATORS = {"other": Generator(".data.other:draw"),')
    found = [text for text in messages(mine) if "generators.other.function" in text]
    assert len(found) == bool(part) and all(part in text for text in found)


def test_a_name_that_both_have_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "studies/clustering").mkdir(parents=True)
    (tmp_path / "studies/clustering/study.py").write_text("raise RuntimeError\n")
    monkeypatch.chdir(tmp_path)
    entry = {"replicates": 2, "scenarios": {"iris": {}}, "methods": {"kmeans": {}}}
    with pytest.raises(UserError, match="both seedbed/studies/clustering and studies/clustering") as caught:
        make_plan({"seed": 1, "studies": {"clustering": entry}})
    assert len(str(caught.value).splitlines()) == 2
    make_plan({"seed": 1, "studies": {"reduction": {**entry, "scenarios": {"diabetes": {}}, "methods": {"sir": {}}}}})


def test_an_environment_beside_the_study(mine: Path) -> None:
    change(mine, "study.py", "figures=FIGURES", 'figures=FIGURES, environment="own.yaml"')
    (mine / "own.yaml").write_text("channels: [conda-forge]\ndependencies: [python=3.11]\n")
    with forgetting_own_studies():
        plan = make_plan(config_of("mine")).studies["mine"]
        assert Path(plan.environment_file()) == mine / "own.yaml" and "studies/mine/own.yaml" in plan.own_modules()


@pytest.mark.slow
def test_a_change_of_a_study_of_ones_own_is_seen(mine: Path) -> None:
    config = config_of("mine")

    def jobs() -> dict[str, str]:
        with forgetting_own_studies():
            plan = make_plan(config)
            study = plan.studies["mine"]
            return {
                "draw": study.data_job("clean", "0000-0001"),
                "mean": study.fit_job("clean", "mean"),
                "first": study.fit_job("clean", "first_value"),
                "score": study.score_job("clean"),
                "summary": study.summary_job(plan.report),
                "figures": study.figure_job(plan.report),
                "report": plan.report_job(),
            }

    for file, depends in {
        "peers/trimmed_mean.py": {"mean", "summary", "report"},
        "adapter.py": {"mean", "first", "summary", "report"},
        "data/contaminated_sample.py": {"draw", "summary", "report"},
        "metrics.py": {"score", "summary", "report"},
        "figures/errors.py": {"figures"},
        "references.bib": {"report"},
    }.items():
        before = jobs()
        (mine / file).write_text((mine / file).read_text() + "\n# edited\n")
        after = jobs()
        assert {name for name in before if before[name] != after[name]} == depends, file
    before = jobs()
    change(mine, "claims.yaml", "id: breakdown", "id: breaks_down")
    assert {name for name, job in jobs().items() if before[name] != job} == {"summary"}


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("", "make study NAME=my_study"),
        ("My", "'My' cannot be the name"),
        ("a b", "cannot be the name"),
        ("../up", "cannot be the name"),
        ("2nd", "cannot be the name"),
        ("lambda", "cannot be the name"),
        ("mine\n", "cannot be the name"),
        ("a" * 101, "cannot be the name"),
        ("clustering", "taken by seedbed/studies/clustering"),
        ("mine", "taken by studies/mine"),
        ("file", "taken by studies/file"),
    ],
)
def test_bad_and_taken_names_are_refused(mine: Path, name: str, part: str, capsys: pytest.CaptureFixture) -> None:
    (mine.parent / "file").touch()
    before = sorted(mine.parent.rglob("*"))
    assert main(name) == 1
    said = capsys.readouterr()
    assert part in said.err and "Traceback" not in said.err and said.out == ""
    assert sorted(mine.parent.rglob("*")) == before


def test_a_new_study_bears_its_name_and_says_how_to_run_it(mine: Path, capsys: pytest.CaptureFixture) -> None:
    assert name_error("centre_2") == "" and main("centre_2") == 0
    assert "studies:\n  centre_2:\n    replicates: 20\n" in capsys.readouterr().out
    files = [path for path in (mine.parent / "centre_2").rglob("*") if path.suffix in (".py", ".yaml", ".bib")]
    assert files and not [path for path in files if "location" in path.read_text()]
    with forgetting_own_studies():
        assert study_errors("centre_2") == [] and load_study("centre_2").name == "centre_2"


def test_the_skeleton_may_keep_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_study("location")
    with forgetting_own_studies():
        assert study_errors("location") == []


@pytest.mark.parametrize(
    ("target", "wanted", "part"),
    [
        ("sklearn.cluster:KMeans", "class", ""),
        ("sklearn.cluster:KMean", "class", "did you mean 'KMeans'?"),
        ("sklearn.clusters:KMeans", "class", "did you mean 'sklearn.cluster'?"),
        ("math:sin", "function", ""),
        ("sys:exit", "function", ""),
        ("os.path:join", "function", ""),
        ("json:loads", "class", "is a function: a class is needed"),
        ("json:JSONDecoder", "class", ""),
        ("seedbed.core.study:Study", "function", "is a class"),
        ("seedbed.core.statuses:USABLE", "function", "is a value"),
        ("seedbed.clustering:KMeansSDP", "class", ""),
        ("nowhere:x", "class", "no module 'nowhere'"),
        ("json", "class", "is no target"),
        (":x", "class", "is no target"),
        ("json:a.b", "class", "is no target"),
    ],
)
def test_targets_are_read_from_sources(target: str, wanted: str, part: str) -> None:
    found = target_errors(target, wanted)
    assert (part in found[0] if part else found == []) and len(found) == bool(part)


def test_libraries_of_other_environments_are_not_missed() -> None:
    assert target_errors("nowhere:Class", "class", abroad=True) == []
    assert target_errors("seedbed.nowhere:Class", "class", abroad=True) != []

"""Studies with mistakes of several kinds at once: one hides no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from checked_study import change, messages
from own_study import config_of, forgetting_own_studies
from seedbed.core.errors import UserError
from seedbed.core.planning.config import make_plan


def test_a_record_that_cannot_be_read_hides_itself_alone(mine: Path) -> None:
    """Nor is what names it called unknown."""
    change(mine, "scenarios.py", "GENERATORS = {", "GENERATORS = {\n    'bad': 3,")
    change(mine, "scenarios.py", "SCENARIOS = {", "SCENARIOS = {\n    'odd': Scenario('bad', tune_on='clean'),")
    change(mine, "methods.py", "METHODS = {", 'METHODS = {\n    "none": Method(".peers.x:X", None),')
    change(mine, "methods.py", ":FirstValue", ":FirstValu")
    found = messages(mine)
    assert len(found) == 3, found
    assert "generators.bad: int, not a Generator" in found[0] and "methods.none.params: None is not a" in found[1]


def test_claims_are_read_beside_other_mistakes(mine: Path) -> None:
    config = config_of("mine")
    change(mine, "methods.py", '"ours"', '"our"')
    change(mine, "claims.yaml", "peer: mean", "peer: maen")
    with forgetting_own_studies(), pytest.raises(UserError) as caught:
        make_plan(config)
    assert "role: 'our'" in str(caught.value) and "trimming_helps: unknown method 'maen'" in str(caught.value)


def test_a_module_that_cannot_be_imported_is_a_message(mine: Path) -> None:
    """To check parameters, what takes them is imported, a generator always."""
    config = config_of("mine")
    config["studies"]["mine"]["methods"]["mean"] = {"params": {"share": 0.1}, "rename": {"random_state": "seed"}}
    change(mine, "data/contaminated_sample.py", "import numpy as np", "import numpy as np\nimport nowhere")
    change(mine, "peers/trimmed_mean.py", "import numpy as np", "import numpy as np\nraise SystemExit")
    with forgetting_own_studies(), pytest.raises(UserError) as caught:
        make_plan(config)
    lines = str(caught.value).split("\n")[1:]
    assert len(lines) == 3, lines
    for name, line in zip(("clean", "outliers"), lines, strict=False):
        assert f"scenarios.{name}: 'studies.mine.data.contaminated_sample:ContaminatedSample' cannot" in line
        assert "studies/mine/data/contaminated_sample.py, line 8: ModuleNotFoundError" in line
    assert "methods.mean: 'studies.mine.peers.trimmed_mean:TrimmedMean' cannot" in lines[2] and "line 6" in lines[2]

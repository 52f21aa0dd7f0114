"""What a library looks up when it is first called is found in the forks of a server, which has no thread."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from seedbed.core.job_processes import first_calls, serving
from seedbed.core.study import load_study
from seedbed.core.study_folders import study_names

LOOKED_UP = """
import sys, threading
from seedbed.core.job_processes.first_calls import make_first_calls
make_first_calls()
assert "sklearn" not in sys.modules, "what nobody has imported is left alone"
import importlib.metadata, sklearn.cluster, numpy, threadpoolctl
make_first_calls()
assert threading.active_count() == 1
calls = []
importlib.metadata.distributions = lambda *a, **b: calls.append("packages") or iter(())
threadpoolctl.ThreadpoolController = lambda *a, **b: calls.append("libraries")
sklearn.cluster.KMeans(2, n_init=1, random_state=0).fit(numpy.arange(8.0).reshape(4, 2))
assert calls == [], calls
"""


@pytest.mark.slow
def test_forks_look_nothing_up_again() -> None:
    scripts = Path(first_calls.__file__).parents[3]
    subprocess.run([sys.executable, "-c", LOOKED_UP], cwd=scripts, check=True)


def test_what_servers_import_is_there() -> None:
    """A name that nothing bears would be passed over in silence, and every job pay for the import."""
    names = {name for some in serving._OF_OTHERS.values() for name in some} | {*serving._OF_STUDIES}
    names |= {name for study in study_names() for name in load_study(study).libraries}
    assert [name for name in sorted(names) if importlib.util.find_spec(name) is None] == []

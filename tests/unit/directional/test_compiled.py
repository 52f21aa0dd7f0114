"""Compiling: without a cache that can be written, and in two processes at once."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")

import seedbed
from numba.core import caching
from numba.core.errors import TypingError
from seedbed.directional.bessel.kernels import compiled
from seedbed.directional.bessel.kernels.block import list_marked

SCRIPTS = Path(compiled.__file__).parents[2]
PROBE = """
import numpy as np
from seedbed.directional.bessel.kernels.compiled import entry

@entry(["void(f8[::1])"])
def double(x):
    for i in range(x.size):
        x[i] *= 2.0

x = np.ones(2)
double(x)
print(x.sum(), sum(double.stats.cache_hits.values()))
"""


def test_functions_compile_where_no_cache_can_be_written(monkeypatch):
    def refuse(self):
        raise OSError("read-only")

    monkeypatch.setattr(caching._CacheLocator, "ensure_cache_path", refuse)

    @compiled.entry(["f8(f8)"])
    def double(x):
        return 2.0 * x

    assert double(3.0) == 6.0


def test_mistakes_are_not_taken_for_a_missing_cache():
    with pytest.raises(TypingError):

        @compiled.entry(["f8(f8)"])
        def wrong(x):
            return x.no_such_attribute


@pytest.mark.slow
def test_a_fresh_copy_compiles_once_though_two_processes_ask(tmp_path):
    package = tmp_path / "seedbed/directional/bessel/kernels"
    package.mkdir(parents=True)
    for folder in (package, *package.parents[:3]):
        (folder / "__init__.py").touch()
    shutil.copy2(compiled.__file__, package)
    for name in ("compiling.py", "extras.py"):
        shutil.copy2(Path(seedbed.__file__).parent / name, tmp_path / "seedbed")
    (package / "probe.py").write_text(PROBE)
    command = [sys.executable, "-m", "seedbed.directional.bessel.kernels.probe"]
    both = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate(timeout=120)[0].split() for process in both]
    assert [total for total, _ in printed] == ["4.0", "4.0"]
    # the second to get the lock may have read the index before: it then compiles too, and that does no harm
    assert sorted(hits for _, hits in printed)[0] == "0"
    assert list((package / "__pycache__").glob("probe.double-*.nbc"))


def test_what_factories_make_has_names_of_its_own():
    """The linker takes two functions of one name for one, whatever process they were compiled in."""
    from seedbed.directional.bessel.kernels import iv, kv, kv_dx, ratio

    made = [one for module in (iv, kv, ratio, kv_dx) for one in vars(module).values()]
    made += [part for group in made if isinstance(group, tuple) for part in group]
    names = {
        id(one): one.py_func.__qualname__
        for one in made
        if hasattr(one, "py_func") and "<locals>" in one.py_func.__qualname__
    }
    assert len(names) >= 12 and len(set(names.values())) == len(names)


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 64, 1001])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_marked_points_are_listed_in_order_and_nothing_is_written_beyond_the_block(n, share):
    marks = (np.random.default_rng(n).random(n) < share).astype(np.uint8)
    index = np.full(n + 8, -1)
    count = list_marked(marks, n, index)
    assert index[:count].tolist() == np.flatnonzero(marks).tolist()
    assert (index[n:] == -1).all()

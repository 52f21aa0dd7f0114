"""The machine's name and instruction sets, as the kernel tells them."""

from __future__ import annotations

from pathlib import Path

import pytest
from seedbed.core import machine

X86 = """processor\t: 0
model name\t: Some Processor 9
flags\t\t: fpu sse4_2 avx2 avx fma avx512f unheard_of
processor\t: 1
model name\t: Some Processor 9
flags\t\t: fpu
"""
ARM = "processor\t: 0\nFeatures\t: fp asimd sve\n"


@pytest.mark.parametrize(
    ("text", "name", "sets"),
    [(X86, "Some Processor 9", ["avx", "avx2", "fma", "avx512f"]), (ARM, None, ["asimd", "sve"]), (None, None, [])],
)
def test_the_first_processor_is_described(text, name, sets, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "cpuinfo"
    if text is not None:
        file.write_text(text)
    monkeypatch.setattr(machine, "CPUINFO", file)
    expected = ["sse4_2", *sets] if text == X86 else sets
    assert machine.instruction_sets() == expected
    assert machine.processor() == name if name else machine.processor()
    assert machine.machine() == "; ".join([machine.processor(), *([" ".join(expected)] if expected else [])])

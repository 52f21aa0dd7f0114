"""What this machine is called, and what its processor can do: speeds depend on both."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
# what compiled loops and libraries of linear algebra choose between, narrow ones first
_X86 = ("sse4_2", "avx", "avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl", "amx_tile")
_ARM = ("asimd", "sve", "sve2")


def processor() -> str:
    """Its name, as the system tells it."""
    return next(_values("model name"), "") or platform.processor() or platform.machine() or "unknown"


def instruction_sets() -> list[str]:
    """The vector instructions of the processor by the kernel's names; empty where the system does not tell."""
    flags = {*next(_values("flags"), "").split(), *next(_values("Features"), "").split()}
    return [name for name in (*_X86, *_ARM) if name in flags]


def machine() -> str:
    """Both in one line."""
    return "; ".join(filter(None, [processor(), " ".join(instruction_sets())]))


def _values(key: str) -> Iterator[str]:
    try:
        lines = CPUINFO.read_text(errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip() == key:
            yield value.strip()

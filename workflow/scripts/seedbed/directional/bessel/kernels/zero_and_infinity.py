"""Values where an argument is zero or infinite, compiled."""

from __future__ import annotations

from numba import njit

from .compiled import FLAGS
from .edge_rules import edge_rules

log_iv_edge, log_kv_edge, ratio_edge, log_kv_dx_edge = edge_rules(njit(**FLAGS))

"""The rules of ``edges`` compiled."""

from __future__ import annotations

from numba import njit

from seedbed.directional.compiled import FLAGS
from seedbed.directional.edges import edge_rules

log_iv_edge, log_kv_edge, ratio_edge, log_kv_dx_edge = edge_rules(njit(**FLAGS))

"""The methods: what is tested, what it is compared with, and what marks the lower and the upper end."""

from __future__ import annotations

from seedbed.core.study import Method

_TUKEY = "Tukey (1960), A survey of sampling from contaminated distributions"

METHODS = {
    "trimmed_mean": Method(".peers.trimmed_mean:TrimmedMean", {"share": 0.2}, "trimmed mean", "ours", _TUKEY),
    "mean": Method(".peers.trimmed_mean:TrimmedMean", {"share": 0.0}, "mean", reference="Gauss (1809)"),
    "first_value": Method(".controls:FirstValue", {}, "first value", "control"),
    "clean_mean": Method(".controls:CleanMean", {}, "mean without the wrong ones", "oracle"),
}

"""What can become of a fit."""

STATUSES = ("ok", "not_converged", "skipped", "error", "timeout", "out_of_memory")
USABLE = ("ok", "not_converged")  # an answer that did not converge is still the method's answer
FAILED = ("error", "timeout", "out_of_memory")
NOT_REPRODUCIBLE = "not reproducible"  # how the message of such a fit begins

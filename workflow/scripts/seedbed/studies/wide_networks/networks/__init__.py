"""Networks that the study trains."""

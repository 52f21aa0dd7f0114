"""How the ledger judges: effects, the test of their mean, verdicts."""

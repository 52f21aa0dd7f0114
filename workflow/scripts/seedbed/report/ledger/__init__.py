"""The claims as a reader meets them: rows of the ledger, and what was found in a sentence."""

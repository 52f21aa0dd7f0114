"""The ledger that is committed: what registered runs found, as tables, pages and pictures in ``docs/ledger``."""

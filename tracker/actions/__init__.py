"""The only writers: keyword-only, by whom and when, with the ledger entry in one transaction."""

"""Entry points of work in the background. Each calls one action; no rule or query is here."""

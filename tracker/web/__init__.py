"""The web: requests in, pages out. Selectors read, actions write; no rule lives here."""

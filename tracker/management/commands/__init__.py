"""One command per file; each calls a selector or an action and prints."""

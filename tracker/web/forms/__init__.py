"""Forms: they clean what was typed to domain types, and never write."""

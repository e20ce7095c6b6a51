"""Speaking to other people's servers by HTTP: the guard, and what webhooks say through it."""
